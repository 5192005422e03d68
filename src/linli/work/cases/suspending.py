"""What sub-tasks do to their case: more time, a stopped clock, a higher holder."""

from __future__ import annotations

from django.utils.translation import gettext as _

from linli.kernel.flow import Context
from linli.kernel.worktime.reckon import add_working_minutes, working_minutes_between

from .limits import stamp

# Sub-tasks in which others still work on the matter.
HELPERS = ("co_handling", "whistle")


def extend(context: Context) -> None:
    """Move the end of handling to what was granted."""
    case = context.subject
    context.entry |= {"was_due": stamp(case.due_at), "due": stamp(context.data["until"])}
    case.due_at = context.data["until"]
    if not case.paused_at:
        case.deadline_at = case.due_at


def suspend(context: Context) -> None:
    """Stop the clock of handling; what runs until then is the clock of the review."""
    case = context.subject
    case.paused_at = case.paused_at or context.now
    case.deadline_at = context.data["until"]


def resume(context: Context) -> None:
    """Let the clock of handling go on, later by the working time it stood still."""
    case = context.subject
    if case.paused_at and case.due_at:
        context.entry["was_due"] = stamp(case.due_at)
        stood = working_minutes_between(case.paused_at, context.now, case.area_code)
        case.due_at = add_working_minutes(case.due_at, stood, case.area_code)
        context.entry |= {"due": stamp(case.due_at), "minutes_paused": stood}
    case.paused_at = None
    case.deadline_at = case.due_at


def take_up(context: Context) -> None:
    """Give the case to the unit above; its clock goes on."""
    case, unit = context.subject, context.data["unit"]
    context.entry |= {"unit": unit.pk, "from_unit": case.unit_id}
    case.unit, case.handler = unit, None


def follow_on(context: Context) -> None:
    """Let open sub-tasks follow the case once the ledger entry stands."""
    context.after.append(_follow)


def _follow(context: Context) -> None:
    from .tasks.actions import follow

    if context.subject.subtasks.filter(ended_at=None).exists():
        follow(context.subject, now=context.now)


def heard(context: Context) -> None:
    """Ask nobody again who has just answered: an open call-back of the case ends."""
    if context.entry.get("rating") is not None or context.entry.get("solved") is not None:
        context.after.append(_heard)


def _heard(context: Context) -> None:
    from .tasks.actions import end_call_backs

    end_call_backs(context.subject, now=context.now)


def guard_not_paused(context: Context) -> str | None:
    """Nothing moves while the case is suspended."""
    if not context.subject.paused_at:
        return None
    if context.subject.mediations.filter(holds_case=True).exists():
        return _("这件工单正在人民调解，调解结束后时限会继续计算，再办理。")
    return _("工单正在挂账，请先“恢复办理”。")


def guard_helpers(context: Context) -> str | None:
    """A case is not done while others still work on it."""
    waiting = context.subject.subtasks.filter(kind__in=HELPERS, ended_at=None)
    names = [task.unit.name for task in waiting.select_related("unit")[:3]]
    if names:
        return _("“%(units)s”的协办或报到还没有办结。") % {"units": "、".join(names)}
    return None
