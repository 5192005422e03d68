"""Read cases: who may see which, the work list, one case, its timeline."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from linli.base.accounts.models import Account
from linli.kernel.ledger.queries import history
from linli.kernel.scope import Actor, within

from .identity import reported_by
from .models import (
    OPEN_STATES,
    TURN_STATES,
    Attachment,
    Case,
    CaseNote,
    Category,
    Nature,
    ReturnRequest,
    State,
    SubTask,
)
from .open_data import blurred, open_to_systems
from .same import queries as same
from .suggest import naming

NEAR = timedelta(hours=8)
HELD_STATES = ("dispatched", "in_hand")
MOST_COUNTED = 1000
# What concerns only the offices; the reporter sees neither these acts nor their files.
INTERNAL = frozenset(
    {"ask_return", "refuse_return", "call_back", "add_note", "contact", "take_in", "let_go"}
)
EQUAL_COLUMN = {9: "subdistrict_code", 12: "community_code"}

# What other systems may read.
__all__ = ["blurred", "open_to_systems"]

# What the doors read of "same matter" and of suggestions.
case_to_join = same.case_to_join
joined_matters = same.joined_matters
lead_of = same.lead_of
matter_by_token = same.matter_by_token
matter_token = same.matter_token
similar_for_neighbours = same.similar_for_neighbours
similar_to = same.similar_to
suggest = naming.suggest


def in_areas(codes: tuple[str, ...]) -> Q:
    """Return the condition "in these areas"; whole subdistricts and communities by equality."""
    condition = Q(pk__in=[])
    for code in codes:
        column = EQUAL_COLUMN.get(len(code))
        condition |= Q(**{column: code}) if column else within([code])
    return condition


def visible_cases(actor: Actor) -> QuerySet[Case]:
    """Return the cases the actor may see; fails closed.

    Staff see the areas of their grants, what their unit holds, and what it helps with now;
    residents see what they reported.
    """
    if actor.kind == "system":
        return Case.objects.all()
    if actor.kind == "resident" and actor.account_id is not None:
        return Case.objects.filter(reported_by(actor.account_id))
    if actor.kind != "staff":
        return Case.objects.none()
    condition = in_areas(actor.areas("cases.view"))
    if actor.unit_ids and actor.can("cases.handle"):
        condition |= Q(unit_id__in=actor.unit_ids)
        condition |= Q(pk__in=cases_helped_by(actor.unit_ids))
    return Case.objects.filter(condition)


def cases_helped_by(unit_ids: frozenset[int]) -> Any:
    """Return the ids of cases in which one of the units has a sub-task that has not ended."""
    return SubTask.objects.filter(unit_id__in=unit_ids, ended_at=None).values("case_id")


def with_names(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Fetch what a list row shows in the same query, and leave long or sealed columns out."""
    return cases.select_related("category", "area__parent", "unit").defer(
        "text", "search", "reporter_name", "reporter_phone",
        "area__boundary", "area__parent__boundary",
    )  # fmt: skip


def get_case(actor: Actor, case_id: int) -> Case:
    """Return one case the actor may see; raises Http404 otherwise.

    `asked` tells whether a request to return it is open, `asked_unit` whom that proposes.
    """
    asked = ReturnRequest.objects.filter(case=OuterRef("pk"), state="asked")
    rows = visible_cases(actor).select_related(
        "category__parent", "area__parent", "unit", "handler", "reporter"
    )
    rows = rows.annotate(
        asked=Exists(asked), asked_unit=Subquery(asked.values("proposed_unit_id")[:1])
    )
    return get_object_or_404(rows, pk=case_id)


def id_from_number(number: str) -> int:
    """Return the id within a case number; raises Http404 where it is not one."""
    digits = "".join(number.split())
    if not digits.isascii() or not digits.isdigit() or not 7 < len(digits) <= 24:
        raise Http404
    return int(digits[6:])


def get_by_number(actor: Actor, number: str) -> Case:
    """Return the case with this number if the actor may see it; raises Http404 otherwise."""
    case = get_case(actor, id_from_number(number))
    if case.number != "".join(number.split()):
        raise Http404
    return case


def cases_by_key(keys: Iterable[str]) -> dict[str, Case]:
    """Return the cases registered under these intake keys, with what their numbers need."""
    rows = Case.objects.filter(intake_key__in=list(keys)).only("intake_key", "created_at")
    return {case.intake_key: case for case in rows}


def hash_tracking(code: str) -> str:
    """Return the stored form of a tracking code."""
    return hashlib.sha256("".join(code.split()).upper().encode()).hexdigest()


def case_by_tracking(number: str, code: str) -> Case | None:
    """Return the case reported without log-in for its number and code, or None."""
    try:
        case_id = id_from_number(number)
    except Http404:
        return None
    case = (
        Case.objects.select_related("category", "area", "unit")
        .filter(pk=case_id)
        .exclude(tracking_hash="")
        .first()
    )
    if case is None or not hmac.compare_digest(case.tracking_hash, hash_tracking(code)):
        return None
    return case if case.number == "".join(number.split()) else None


def may_be_rated(case: Case) -> bool:
    """Tell whether a case waits for its reporter's opinion: it, or what it was merged into, ended.

    Praise is not rated.
    """
    ended = lead_of(case).state if case.state == State.MERGED else case.state
    return ended == State.CLOSED and case.nature != Nature.PRAISE


@dataclass(frozen=True)
class RatingLink:
    """What a link to rate leads to: its case, and whether it may still be used."""

    case: Case
    expired: bool

    @property
    def used(self) -> bool:
        """Tell whether the case has been rated; a link rates once."""
        return self.case.rating is not None


def case_by_link(token: str, now: datetime) -> RatingLink | None:
    """Return what a signed link leads to, or None where the token is not ours."""
    from .rating_links import read_token

    read = read_token(token)
    if read is None:
        return None
    rows = Case.objects.select_related("category", "unit")
    case = rows.filter(pk=read[0]).first()
    if case is None or not may_be_rated(case):
        return None
    return RatingLink(case, expired=now >= read[1])


def case_by_code(code: str) -> Case | None:
    """Return the case reported without log-in that has this tracking code, or None."""
    if not code.strip():
        return None
    rows = Case.objects.select_related("category", "unit")
    return rows.filter(tracking_hash=hash_tracking(code)).order_by("-id").first()


def open_cases(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Keep those on which someone still has to act."""
    return cases.filter(state__in=OPEN_STATES)


def listed_cases(actor: Actor, held: bool = False) -> QuerySet[Case]:
    """Return the cases of the actor's areas, or (`held`) those the actor's units hold.

    The two are never asked for together, so that an index gives the rows in order.
    """
    if held or (actor.kind == "staff" and not actor.areas("cases.view")):
        may = actor.kind == "staff" and actor.can("cases.handle")
        return Case.objects.filter(unit_id__in=actor.unit_ids if may else ())
    if actor.kind == "staff":
        return Case.objects.filter(in_areas(actor.areas("cases.view")))
    return visible_cases(actor)


def work_list(actor: Actor, which: str = "mine", most: int = 51) -> list[Case]:
    """Return open cases by deadline, `most` at most.

    "mine" is what waits for the actor's own act, "unit" what the actor's units hold, "area" all of
    the actor's areas.
    """
    if which == "mine":
        branches = _my_turns(actor)
    else:
        branches = [open_cases(listed_cases(actor, held=which == "unit"))]
    if not branches:
        return []
    first = [
        rows.order_by("deadline_at", "id").values_list("deadline_at", "pk")[:most]
        for rows in branches
    ]
    union = first[0].union(*first[1:]).order_by("deadline_at", "pk") if first[1:] else first[0]
    ids = [pk for _deadline, pk in union[:most]]
    found = {case.pk: case for case in with_names(Case.objects.filter(pk__in=ids))}
    return [found[pk] for pk in ids if pk in found]


def _my_turns(actor: Actor) -> list[QuerySet[Case]]:
    """Return each kind of act that waits for the actor as a query an index serves by deadline."""
    turns: list[QuerySet[Case]] = []
    if actor.can("cases.handle") and actor.unit_ids:
        turns.append(Case.objects.filter(state__in=HELD_STATES, unit_id__in=actor.unit_ids))
    waiting = _waiting_states(actor)
    if waiting:
        permission = "cases.check" if waiting == ("done",) else "cases.accept"
        rows = Case.objects.filter(state__in=TURN_STATES).filter(in_areas(actor.areas(permission)))
        turns.append(rows.filter(state__in=waiting))
    if actor.can("cases.decide_return"):
        asked = ReturnRequest.objects.filter(state="asked").values("case_id")
        areas = in_areas(actor.areas("cases.decide_return"))
        turns.append(open_cases(Case.objects.filter(pk__in=asked).filter(areas)))
    return turns


def _waiting_states(actor: Actor) -> tuple[str, ...]:
    states: tuple[str, ...] = ()
    if actor.can("cases.accept"):
        states += ("registered",)
    if actor.can("cases.dispatch"):
        states += ("accepted",)
    return (*states, "done") if actor.can("cases.check") else states


def overdue(cases: QuerySet[Case], now: datetime) -> QuerySet[Case]:
    """Keep open cases whose running clock has ended."""
    return open_cases(cases).filter(deadline_at__lt=now)


def near_due(cases: QuerySet[Case], now: datetime) -> QuerySet[Case]:
    """Keep open cases whose running clock ends within NEAR."""
    return open_cases(cases).filter(deadline_at__gte=now, deadline_at__lt=now + NEAR)


def attachments_of(case: Case) -> list[Attachment]:
    """Return a case's files in the order they came."""
    return list(Attachment.objects.filter(case=case).order_by("id"))


def get_attachment(actor: Actor, attachment_id: int) -> Attachment:
    """Return a file of a case the actor may see; raises Http404 otherwise.

    Files of the offices' own notes are there for staff only.
    """
    found = get_object_or_404(Attachment, pk=attachment_id)
    get_case(actor, found.case_id)
    if actor.kind not in {"staff", "system"} and _is_internal(found):
        raise Http404
    return found


def get_tracked_attachment(case_ids: Iterable[int], attachment_id: int) -> Attachment:
    """Return a file that the reporter of one of these cases may see; raises Http404 otherwise."""
    found = get_object_or_404(Attachment, pk=attachment_id, case_id__in=list(case_ids))
    if _is_internal(found):
        raise Http404
    return found


def _is_internal(found: Attachment) -> bool:
    entries = history("case", found.case_id)
    return entries.filter(seq=found.seq, verb__in=INTERNAL).exists()


def story_of(case: Case, *, public: bool) -> list[Any]:
    """Return a case's ledger entries, each with the `note` written then (None: none).

    `public` leaves out what the reporter does not see.
    """
    notes = CaseNote.objects.filter(case=case, seq=OuterRef("seq"))
    entries = history("case", case.pk)
    if public:
        notes, entries = notes.filter(public=True), entries.exclude(verb__in=INTERNAL)
    return list(with_people(entries.annotate(note=Subquery(notes.values("text")[:1]))))


def with_people(entries: QuerySet[Any]) -> QuerySet[Any]:
    """Fetch with ledger entries who acted: `person_kind`, `person_name`, and `person_place`."""
    person = Account.objects.filter(pk=OuterRef("actor_id"))
    found: QuerySet[Any] = entries.annotate(
        person_kind=Subquery(person.values("kind")),
        person_name=Subquery(person.values("name")),
        person_place=Subquery(person.values("unit__name")),
    )
    return found


def statistics_hint(actor: Actor, now: datetime) -> dict[str, int]:
    """Return small counts for the head of a work list, counted up to MOST_COUNTED each."""
    cases = listed_cases(actor)
    return {
        "overdue": overdue(cases, now).order_by()[:MOST_COUNTED].count(),
        "near": near_due(cases, now).order_by()[:MOST_COUNTED].count(),
    }


def verb_labels(kind: str = "case") -> dict[str, Any]:
    """Return what each verb of the ledger of cases, or of a kind of sub-task, is called."""
    from .flow import CASE_FLOW
    from .tasks.flows import FLOWS

    first = {"register": _("登记")} if kind == "case" else {"open": _("发起")}
    flow = CASE_FLOW if kind == "case" else FLOWS[kind]
    return first | {step.name: step.label for step in flow.steps}


def timeline_of(case: Case, *, public: bool) -> list[Any]:
    """Return a case's story as the doors show it (see `timeline.timeline`)."""
    from .timeline import timeline

    return timeline(case, public=public)


def rating_form(case: Case, data: Any = None) -> Any:
    """Return the form with which a reporter rates, with the earlier answer filled in."""
    from .forms import RateForm

    solved = None if case.solved is None else ("yes" if case.solved else "no")
    initial = {"rating": case.rating, "solved": solved}
    return RateForm(data, initial=initial)


def steps_after(case: Case, actor: Actor, name: str) -> list[dict[str, Any]]:
    """Return the steps that will be open once the named one is taken, for a phone without network.

    Only those a case holder does next; what the guards say is asked when the step is sent.
    """
    from .flow import CASE_FLOW

    ahead = copy(case)
    ahead.state = CASE_FLOW.step(name).target or case.state
    return [row for row in step_rows(ahead, actor) if row["name"] in {"contact", "report_done"}]


def tasks_waiting(actor: Actor, most: int = 50) -> list[SubTask]:
    """Return the open sub-tasks that wait for the actor's own act, by their clock."""
    from .tasks.queries import listed_tasks

    return list(listed_tasks(actor, "mine").order_by("due_at", "pk")[:most])


def step_rows(case: Case, actor: Actor, result: Any = None) -> list[dict[str, Any]]:
    """Return the steps open to the actor with their forms (see `steps.step_rows`)."""
    from . import steps

    return steps.step_rows(case, actor, result)


def category_groups() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the categories in force, grouped under their top category, as choices by code."""
    groups: dict[str, list[tuple[str, str]]] = {}
    rows = Category.objects.filter(parent__isnull=False, valid_to=None).select_related("parent")
    for row in rows:
        groups.setdefault(row.parent.name if row.parent else "", []).append((row.code, row.name))
    return list(groups.items())
