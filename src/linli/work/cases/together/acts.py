"""Take the same step of many cases; each is a transaction of its own, so one does not stop all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.base.accounts.models import Unit
from linli.kernel.flow import StepRefused
from linli.kernel.ledger.models import Entry
from linli.kernel.scope import Actor

from ..actions.steps import accept_and_dispatch, take_step
from ..dispatching import unit_for
from ..flow import CASE_FLOW
from ..forms import CloseForm, NoteForm, RemarkForm
from ..models import Case, State
from ..queries import id_from_number, visible_cases, with_names
from ..steps import can_accept_and_dispatch

MOST = 100


class TogetherDispatchForm(forms.Form):
    """Where the chosen cases go: each by its rule, or all to one unit."""

    unit = forms.ModelChoiceField(
        label=gettext_lazy("承办单位"),
        queryset=Unit.objects.none(),
        required=False,
        empty_label=gettext_lazy("各按派遣规则"),
        help_text=gettext_lazy("不选时，每件按类别和区域派给规则指定的单位。"),
        error_messages={"invalid_choice": gettext_lazy("没有这个承办单位，请重新选择。")},
    )
    note = forms.CharField(
        label=gettext_lazy("派遣意见"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = Unit.objects.filter(active=True).order_by("pk")  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Act:
    """A step that can be taken of many cases: its name, its form, its icon, and who may at all."""

    name: str
    form: Callable[..., forms.Form]
    icon: str
    permission: str

    @property
    def label(self) -> Any:
        """Return the step's name in words."""
        return CASE_FLOW.step(self.name).label


ACTS = {
    act.name: act
    for act in (
        Act("accept", NoteForm, "clipboard-check", "cases.accept"),
        Act("dispatch", TogetherDispatchForm, "send", "cases.dispatch"),
        Act("sign_in", NoteForm, "check", "cases.handle"),
        Act("close", CloseForm, "circle-check", "cases.check"),
        Act("add_note", RemarkForm, "note", "cases.note"),
    )
}


@dataclass(frozen=True)
class Result:
    """What became of one case: done, or the reason it was not; `again` marks a repeated post."""

    case: Case
    done: bool
    reason: str = ""
    again: bool = False


def acts_of(actor: Actor) -> list[Act]:
    """Return the acts some case could be open to for this person."""
    return [act for act in ACTS.values() if actor.can(act.permission)]


def chosen(actor: Actor, numbers: Iterable[str]) -> list[Case]:
    """Return the cases with these numbers that the actor may see, in the order of the numbers."""
    wanted: dict[int, str] = {}
    for number in numbers:
        try:
            wanted.setdefault(id_from_number(number), "".join(number.split()))
        except Http404:
            continue
    rows = with_names(visible_cases(actor)).filter(pk__in=wanted)
    found = {row.pk: row for row in rows if row.number == wanted[row.pk]}
    return [found[pk] for pk in wanted if pk in found]


def fits(act: Act, actor: Actor, case: Case) -> bool:
    """Tell whether state and permission allow the act; a guard may still refuse it."""
    if act.name == "dispatch" and case.state == State.REGISTERED:
        return can_accept_and_dispatch(actor, case)
    step = CASE_FLOW.step(act.name)
    return case.state in step.sources and CASE_FLOW.allows(actor, step.permission, case)


def perform_all(
    act: Act,
    cases: Iterable[Case],
    *,
    actor: Actor,
    now: datetime,
    data: Mapping[str, Any],
    key: str,
    seen: Mapping[str, int],
) -> list[Result]:
    """Take the act of each case and tell what became of it.

    `data` is what the form asked for once for all. `seen` holds the version of each case, by
    number, that the person looked at; a case that has moved on since is left as it is. The same
    `key` again changes nothing and answers like the first time.
    """
    return [_one(act, case, actor, now, data, key, seen.get(case.number)) for case in cases]


def _one(
    act: Act,
    case: Case,
    actor: Actor,
    now: datetime,
    data: Mapping[str, Any],
    key: str,
    expected: int | None,
) -> Result:
    common: dict[str, Any] = {"actor": actor, "now": now, "key": key, "expected": expected}
    try:
        if act.name == "dispatch":
            sent = dict(data)
            if not sent.get("unit"):
                unit = unit_for(case.category, case.area_code, now)
                if unit is None:
                    return Result(case, False, _("没有适用的派遣规则，请单独派遣。"))
                sent["unit"] = unit.pk
            if case.state == State.REGISTERED:
                outcome = accept_and_dispatch(case.pk, data=sent, **common)
            elif _was_done(case, key):
                return Result(case, True, again=True)
            else:
                outcome = take_step("dispatch", case.pk, data=sent, **common)
        else:
            outcome = take_step(act.name, case.pk, data=data, **common)
    except Http404:
        return Result(case, False, _("工单已不在您的权限范围内。"))
    except StepRefused as error:
        return Result(case, False, str(error))
    return Result(outcome.subject, True, again=outcome.replayed)


def _was_done(case: Case, key: str) -> bool:
    """Tell whether this very act already moved the case: accepting and dispatching share a key."""
    return Entry.objects.filter(subject_type="case", subject_id=case.pk, key=key).exists()
