"""The rows beneath a number: the ledger entries that a measure counted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.base.indicators.registry import Fact, all_indicators, fold_rule
from linli.kernel.ledger.models import Entry
from linli.kernel.scope import within
from linli.work.cases.models import TASK_KINDS, Case, SubTask
from linli.work.cases.queries import verb_labels

from .links import DUE_DAY

PAGE = 50
# An acceptance or contact limit is at most some working days long; holidays are allowed for.
LEAD = timedelta(days=20)
VERBS = {
    "case.accept_due": ("register",),
    "case.accept_on_time": ("accept", "decline", "settle"),
    "case.contact_due": ("dispatch",),
    "case.contact_on_time": ("contact",),
    "case.dispatched": ("dispatch",),
    "case.checks": ("close", "send_back"),
    "case.rework": ("send_back",),
    "case.returns_asked": ("ask_return",),
    "case.solved": ("rate", "call_back"),
    "case.solved_asked": ("rate", "call_back"),
} | {f"case.rated.{grade}": ("rate", "call_back") for grade in range(1, 6)}


@dataclass(frozen=True)
class Beneath:
    """One entry: what it adds to the number, and its case."""

    entry: Entry
    label: Any
    n: int
    case: Case | None


class BeneathForm(forms.Form):
    """Which number was opened."""

    start = forms.DateField()
    end = forms.DateField()
    after = forms.IntegerField(required=False, min_value=1)


def verbs_of(names: list[str]) -> set[str] | None:
    """Return the verbs that can add to these measures; None for a measure nobody shows."""
    verbs: set[str] = set()
    for name in names:
        kind, _dot, rest = name.partition(".")
        if kind in TASK_KINDS:
            verbs.add(rest.removesuffix("_on_time"))
            continue
        if name.startswith("case.registered.top."):
            verbs.add("register")
        elif name in VERBS:
            verbs.update(VERBS[name])
        else:
            return None
    return verbs or None


def title_of(names: list[str]) -> str:
    """Return what the number is called."""
    for known in all_indicators():
        if tuple(names) == known.numerator:
            return str(_("%(name)s：分子（%(formula)s）")) % {
                "name": known.name,
                "formula": known.formula,
            }
        if tuple(names) == known.denominator:
            return str(_("%(name)s：分母（%(formula)s）")) % {
                "name": known.name,
                "formula": known.formula,
            }
    return str(_("按大类登记"))


def page_of(
    names: list[str], area: str, start: date, end: date, after: int | None
) -> tuple[list[Beneath], int | None]:
    """Return one page of the entries beneath a number, newest first, and where the next starts."""
    found: list[tuple[Entry, int]] = []
    for entry, n in _counted(names, area, start, end, after):
        if len(found) == PAGE:
            return _with_cases(found), found[-1][0].pk
        found.append((entry, n))
    return _with_cases(found), None


def _counted(
    names: list[str], area: str, start: date, end: date, after: int | None
) -> Iterator[tuple[Entry, int]]:
    kind = names[0].partition(".")[0]
    lead = LEAD if names[0] in DUE_DAY else timedelta()
    zone = timezone.get_current_timezone()
    rows = Entry.objects.filter(
        within([area]),
        subject_type=kind,
        verb__in=verbs_of(names) or (),
        at__gte=datetime.combine(start, time.min, zone) - lead,
        at__lt=datetime.combine(end + timedelta(days=1), time.min, zone),
    )
    if after is not None:
        rows = rows.filter(pk__lt=after)
    wanted, fold = set(names), fold_rule(kind).fold
    for entry in rows.order_by("-id").iterator(chunk_size=500):
        day = timezone.localtime(entry.at).date()
        fact = Fact(entry.verb, entry.at, day, entry.area_code, entry.data)
        n = sum(
            delta.n
            for delta in fold(fact)
            if delta.name in wanted and start <= delta.day <= end and delta.area_code is None
        )
        if n:
            yield entry, n


def _with_cases(found: list[tuple[Entry, int]]) -> list[Beneath]:
    if not found:
        return []
    kind = found[0][0].subject_type
    subjects = {entry.subject_id for entry, _n in found}
    case_of = {pk: pk for pk in subjects}
    if kind in TASK_KINDS:
        case_of = dict(SubTask.objects.filter(pk__in=subjects).values_list("pk", "case_id"))
    cases = Case.objects.filter(pk__in=set(case_of.values()))
    known = cases.select_related("category", "area", "unit").defer("text", "search").in_bulk()
    labels = verb_labels(kind)
    return [
        Beneath(
            entry,
            labels.get(entry.verb, entry.verb),
            n,
            known.get(case_of.get(entry.subject_id, 0)),
        )
        for entry, n in found
    ]
