"""Open sub-tasks: what may be opened on a case, by whom, and with which clock."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.base.accounts.models import Unit
from linli.kernel.flow import GuardFailed
from linli.kernel.scope import Actor

from ..flow import allows as case_allows
from ..models import OPEN_STATES, Case, State
from . import forms as f
from . import rules
from .models import SubTask, TaskKind, TaskState

HELD = (State.DISPATCHED, State.IN_HAND)


@dataclass(frozen=True)
class Opening:
    """How a kind is opened: label of the button, states of the case, permission, form."""

    kind: TaskKind
    label: Any
    states: tuple[str, ...]
    permission: str
    form: type[forms.Form]
    draft: Callable[[Case, Actor, datetime, Mapping[str, Any]], list[SubTask]]
    hint: Any = ""
    also: str = ""

    def allows(self, actor: Actor, case: Case) -> bool:
        """Tell whether the actor may open this on the case (`also`: a second permission)."""
        return case_allows(actor, self.permission, case) or (
            bool(self.also) and case_allows(actor, self.also, case)
        )


def _base(kind: TaskKind, case: Case, actor: Actor, now: datetime, **more: Any) -> SubTask:
    mine = next(iter(sorted(actor.unit_ids)), None)
    from_unit = case.unit_id if case.unit_id in actor.unit_ids else mine
    values = {"state": TaskState.OPEN, "from_unit_id": from_unit} | more
    return SubTask(
        kind=kind, case=case, area_code=case.area_code, opened_by_id=actor.account_id,
        opened_at=now, **values,
    )  # fmt: skip


def _co_handling(case: Case, actor: Actor, now: datetime, data: Mapping[str, Any]) -> list[SubTask]:
    due = rules.in_days(now, rules.CO_SIGN_DAYS, case.area_code)
    return [_base(TaskKind.CO_HANDLING, case, actor, now, unit=unit, due_at=due)
            for unit in data["units"]]  # fmt: skip


def _whistle(case: Case, actor: Actor, now: datetime, data: Mapping[str, Any]) -> list[SubTask]:
    due = rules.in_minutes(now, rules.SIGN_IN_MINUTES, case.area_code)
    return [_base(TaskKind.WHISTLE, case, actor, now, unit=unit, due_at=due)
            for unit in data["units"]]  # fmt: skip


def _decider(unit: Unit | None) -> Unit:
    if unit is None:
        raise GuardFailed(_("上面没有可以审批的单位，请直接联系区级中心。"))
    return unit


def _asked(
    kind: TaskKind, case: Case, actor: Actor, now: datetime, decider: Unit, **more: Any
) -> list[SubTask]:
    due = rules.in_days(now, rules.DECIDE_DAYS, case.area_code)
    return [_base(kind, case, actor, now, state=TaskState.ASKED, unit=decider,
                  level=decider.kind, due_at=due, from_unit_id=case.unit_id, **more)]  # fmt: skip


def _extension(case: Case, actor: Actor, now: datetime, data: Mapping[str, Any]) -> list[SubTask]:
    if SubTask.objects.filter(case=case, kind=TaskKind.EXTENSION, state="granted").exists():
        raise GuardFailed(_("本工单已延期一次，不能再延。"))
    decider = _decider(rules.approver_of(_holder(case), case.area_code))
    start = max(case.due_at, now) if case.due_at else now
    until = rules.in_days(start, data["days"], case.area_code)
    return _asked(TaskKind.EXTENSION, case, actor, now, decider, days=data["days"], until=until)


def _suspension(case: Case, actor: Actor, now: datetime, data: Mapping[str, Any]) -> list[SubTask]:
    days = (data["until"] - now).days
    if data["until"] <= now or days > rules.LONGEST_SUSPENSION_DAYS:
        raise GuardFailed(
            _("复核日期应在今天之后、%(days)d 天以内。") % {"days": rules.LONGEST_SUSPENSION_DAYS}
        )
    decider = _decider(rules.approver_of(_holder(case), case.area_code))
    return _asked(TaskKind.SUSPENSION, case, actor, now, decider, until=data["until"])


def _supervision(case: Case, actor: Actor, now: datetime, data: Mapping[str, Any]) -> list[SubTask]:
    if data["until"] <= now:
        raise GuardFailed(_("答复期限应在今天之后。"))
    return [_base(TaskKind.SUPERVISION, case, actor, now, unit=_holder(case),
                  due_at=data["until"], until=data["until"])]  # fmt: skip


def _escalation(case: Case, actor: Actor, now: datetime, _data: Mapping[str, Any]) -> list[SubTask]:
    above = _decider(rules.unit_above(_holder(case), case.area_code))
    return _asked(TaskKind.ESCALATION, case, actor, now, above)


def _holder(case: Case) -> Unit:
    if case.unit is None:
        raise GuardFailed(_("工单还没有承办单位，请先派遣。"))
    return case.unit


OPENINGS = {
    opening.kind.value: opening
    for opening in (
        Opening(TaskKind.CO_HANDLING, gettext_lazy("请求协办"), HELD, "cases.handle",
                f.CoHandlingForm, _co_handling,
                gettext_lazy("主办单位不变，协办单位各自反馈。"), "cases.dispatch"),
        Opening(TaskKind.EXTENSION, gettext_lazy("申请延期"), HELD, "cases.handle",
                f.ExtensionForm, _extension, gettext_lazy("由上一级审批，只能延期一次。")),
        Opening(TaskKind.SUSPENSION, gettext_lazy("申请挂账"), HELD, "cases.handle",
                f.SuspensionForm, _suspension,
                gettext_lazy("暂时无法办理的，经批准后停表，到期复核。")),
        Opening(TaskKind.ESCALATION, gettext_lazy("上报上级"), HELD, "cases.handle",
                f.EscalationForm, _escalation,
                gettext_lazy("本级解决不了的，请上一级接办或批示。")),
        Opening(TaskKind.WHISTLE, gettext_lazy("吹哨"), OPEN_STATES, "cases.whistle",
                f.WhistleForm, _whistle, gettext_lazy("呼叫部门到现场，2个工作小时内签到。")),
        Opening(TaskKind.SUPERVISION, gettext_lazy("督办"), HELD, "cases.supervise",
                f.SupervisionForm, _supervision, gettext_lazy("承办单位须在期限内答复。")),
    )
}  # fmt: skip


def openings(actor: Actor, case: Case, open_kinds: set[str]) -> list[Opening]:
    """Return what the actor may open on the case now; `open_kinds` are those open already."""
    single = {"extension", "suspension", "escalation"}
    return [
        opening
        for opening in OPENINGS.values()
        if case.state in opening.states
        and opening.allows(actor, case)
        and not (opening.kind in single and opening.kind in open_kinds)
        and not (case.paused_at and opening.kind in single)
    ]
