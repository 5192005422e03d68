"""The small life cycles of sub-tasks, one for each kind."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from linli.base.accounts.models import UnitKind
from linli.kernel.flow import Flow, Step, states
from linli.kernel.scope import Actor

from . import effects as e
from . import forms as f
from .models import SubTask, TaskKind, TaskState

if TYPE_CHECKING:
    from django.db.models import QuerySet

S = TaskState
HANDLE, CONFIRM, DECIDE = "cases.task_handle", "cases.task_confirm", "cases.task_decide"
SUPERVISE, CALL_BACK = "cases.supervise", "cases.call_back"


def _visible(kind: str, actor: Actor) -> QuerySet[Any]:
    from .queries import visible_tasks

    return visible_tasks(actor).filter(kind=kind)


def allows(actor: Actor, permission: str, task: SubTask) -> bool:
    """Tell whether the actor may take steps of this permission on this sub-task.

    Handling belongs to the holder, confirming to whoever asked (or a dispatcher of the place),
    deciding to the level the sub-task names.
    """
    if actor.kind == "system":
        return True
    if permission == HANDLE:
        return _may_handle(actor, task)
    if permission == CONFIRM:
        asked = task.from_unit_id in actor.unit_ids and actor.can("cases.handle")
        return asked or actor.can("cases.dispatch", task.area_code)
    if permission == DECIDE:
        return _may_decide(actor, task)
    return actor.can(permission, task.area_code)


def _may_handle(actor: Actor, task: SubTask) -> bool:
    if not actor.can("cases.handle"):
        return False
    if task.unit_id in actor.unit_ids:
        return True
    held_by_grid = task.unit.kind == UnitKind.GRID
    return (
        held_by_grid
        and "community_worker" in actor.roles
        and actor.can("cases.check", task.area_code)
    )


def _may_decide(actor: Actor, task: SubTask) -> bool:
    if task.level == UnitKind.DISTRICT:
        return "district_dispatcher" in actor.roles and actor.can(
            "cases.decide_return", task.area_code
        )
    if task.level == UnitKind.COMMUNITY:
        return actor.can("cases.check", task.area_code)
    return actor.can("cases.decide_return", task.area_code)


def _flow(kind: TaskKind, initial: str, used: tuple[str, ...], *steps: Step) -> Flow:
    labels = dict(S.choices)
    return Flow(
        name=kind.value,
        model=SubTask,
        states={name: labels[name] for name in used},
        initial=initial,
        visible=partial(_visible, kind.value),
        allows=allows,
        steps=steps,
    )


def _cancel(*sources: str) -> Step:
    return Step(
        "cancel", _("撤销"), states(*sources), S.CANCELLED, CONFIRM, form=f.ReasonForm,
        effects=(e.end, e.note("note")), tone="outline-danger",
    )  # fmt: skip


def _done_steps(*working: str, back_to: str) -> tuple[Step, ...]:
    """Return the steps that hand in a result and look at it."""
    return (
        Step("finish", _("办理完成"), states(*working), S.DONE, HANDLE, form=f.ResultForm,
             effects=(e.hand_in, e.note("note"))),
        Step("confirm", _("确认完成"), states(S.DONE), S.ENDED, CONFIRM, form=f.NoteForm,
             effects=(e.end, e.note("note")), tone="success"),
        Step("send_back", _("退回重办"), states(S.DONE), back_to, CONFIRM, form=f.ReasonForm,
             effects=(e.again, e.note("note")), tone="danger"),
    )  # fmt: skip


CO_HANDLING = _flow(
    TaskKind.CO_HANDLING, S.OPEN, (S.OPEN, S.SIGNED, S.DONE, S.ENDED, S.CANCELLED),
    Step("sign_in", _("签收协办"), states(S.OPEN), S.SIGNED, HANDLE, form=f.NoteForm,
         effects=(e.sign, e.note("note"))),
    *_done_steps(S.SIGNED, back_to=S.SIGNED),
    _cancel(S.OPEN, S.SIGNED, S.DONE),
)  # fmt: skip

WHISTLE = _flow(
    TaskKind.WHISTLE, S.OPEN, (S.OPEN, S.SIGNED, S.ARRIVED, S.DONE, S.ENDED, S.CANCELLED),
    Step("sign_in", _("签到应哨"), states(S.OPEN), S.SIGNED, HANDLE, form=f.NoteForm,
         effects=(e.sign, e.clock(days=1), e.note("note"))),
    Step("arrive", _("到场报到"), states(S.SIGNED), S.ARRIVED, HANDLE, form=f.ArriveForm,
         effects=(e.arrive, e.note("note"))),
    *_done_steps(S.ARRIVED, back_to=S.ARRIVED),
    _cancel(S.OPEN, S.SIGNED, S.ARRIVED, S.DONE),
)  # fmt: skip

EXTENSION = _flow(
    TaskKind.EXTENSION, S.ASKED, (S.ASKED, S.GRANTED, S.REFUSED, S.CANCELLED),
    Step("grant", _("同意延期"), states(S.ASKED), S.GRANTED, DECIDE, form=f.NoteForm,
         effects=(e.end, e.extend_case, e.note("note")), tone="success"),
    Step("refuse", _("不同意"), states(S.ASKED), S.REFUSED, DECIDE, form=f.ReasonForm,
         effects=(e.end, e.note("note")), tone="danger"),
    _cancel(S.ASKED),
)  # fmt: skip

SUSPENSION = _flow(
    TaskKind.SUSPENSION, S.ASKED, (S.ASKED, S.PAUSED, S.ENDED, S.REFUSED, S.CANCELLED),
    Step("grant", _("同意挂账"), states(S.ASKED), S.PAUSED, DECIDE, form=f.UntilForm,
         guards=(e.guard_until,), effects=(e.pause_case, e.note("note")), tone="success"),
    Step("refuse", _("不同意"), states(S.ASKED), S.REFUSED, DECIDE, form=f.ReasonForm,
         effects=(e.end, e.note("note")), tone="danger"),
    Step("review", _("复核，继续挂账"), states(S.PAUSED), None, DECIDE, form=f.UntilForm,
         guards=(e.guard_until,), effects=(e.review, e.note("note")), tone="secondary"),
    Step("resume", _("恢复办理"), states(S.PAUSED), S.ENDED, HANDLE, form=f.NoteForm,
         effects=(e.resume_case, e.note("note"))),
    _cancel(S.ASKED),
)  # fmt: skip

SUPERVISION = _flow(
    TaskKind.SUPERVISION, S.OPEN, (S.OPEN, S.DONE, S.ENDED, S.CANCELLED),
    Step("answer", _("答复督办"), states(S.OPEN), S.DONE, HANDLE, form=f.ResultForm,
         effects=(e.hand_in, e.note("note"))),
    Step("confirm", _("解除督办"), states(S.DONE), S.ENDED, SUPERVISE, form=f.NoteForm,
         effects=(e.end, e.note("note")), tone="success"),
    Step("send_back", _("继续督办"), states(S.DONE), S.OPEN, SUPERVISE, form=f.ReasonForm,
         effects=(e.again, e.note("note")), tone="danger"),
    Step("cancel", _("撤销督办"), states(S.OPEN, S.DONE), S.CANCELLED, SUPERVISE,
         form=f.ReasonForm, effects=(e.end, e.note("note")), tone="outline-danger"),
)  # fmt: skip

ESCALATION = _flow(
    TaskKind.ESCALATION, S.ASKED, (S.ASKED, S.GRANTED, S.REFUSED, S.CANCELLED),
    Step("take", _("接办"), states(S.ASKED), S.GRANTED, DECIDE, form=f.NoteForm,
         effects=(e.take_case, e.note("note")), tone="success"),
    Step("instruct", _("批示退回办理"), states(S.ASKED), S.REFUSED, DECIDE, form=f.ReasonForm,
         effects=(e.end, e.note("note")), tone="secondary"),
    _cancel(S.ASKED),
)  # fmt: skip

MEND = _flow(
    TaskKind.MEND, S.OPEN, (S.OPEN, S.SIGNED, S.DONE, S.ENDED),
    Step("contact", _("联系评价人"), states(S.OPEN), S.SIGNED, HANDLE, form=f.ResultForm,
         effects=(e.clock(days=15), e.note("note"))),
    Step("finish", _("整改完成"), states(S.SIGNED), S.DONE, HANDLE, form=f.ResultForm,
         effects=(e.hand_in, e.note("note"))),
    Step("confirm", _("回访确认"), states(S.DONE), S.ENDED, CALL_BACK, form=f.NoteForm,
         guards=(e.guard_not_handler,), effects=(e.end, e.note("note")), tone="success"),
    Step("send_back", _("退回重改"), states(S.DONE), S.SIGNED, CALL_BACK, form=f.ReasonForm,
         guards=(e.guard_not_handler,), effects=(e.again, e.note("note")), tone="danger"),
)  # fmt: skip

CALL_BACK_TASK = _flow(
    TaskKind.CALL_BACK, S.OPEN, (S.OPEN, S.ENDED, S.CANCELLED),
    Step("reach", _("已接通"), states(S.OPEN), S.ENDED, CALL_BACK, form=f.ReachedForm,
         guards=(e.guard_not_handler,), effects=(e.write_call_back, e.note("note"))),
    Step("miss", _("未接通"), states(S.OPEN), None, CALL_BACK, form=f.NoteForm,
         guards=(e.guard_not_handler,), effects=(e.count_miss, e.note("note")), tone="secondary"),
)  # fmt: skip

FLOWS = {
    flow.name: flow
    for flow in (
        CO_HANDLING, WHISTLE, EXTENSION, SUSPENSION, SUPERVISION, ESCALATION, MEND, CALL_BACK_TASK,
    )
}  # fmt: skip
