"""What each step of a sub-task changes, on itself and on its case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from linli.kernel.flow import Context, Effect, perform
from linli.kernel.scope import Actor

from .. import limits
from ..own_work import handled
from . import rules
from .models import ENDED_STATES, SubTask, SubTaskNote, TaskState


def note(field: str) -> Effect:
    """Return the effect that keeps what was typed in `field`."""

    def keep(context: Context) -> None:
        text = str(context.data.get(field) or "").strip()
        if text:
            context.after.append(lambda late: _write(late.subject, text))

    return keep


def _write(task: SubTask, text: str) -> None:
    SubTaskNote.objects.create(task=task, seq=task.version, text=text)


def clock(days: int = 0, minutes: int = 0) -> Effect:
    """Return the effect that starts the next clock of the sub-task."""

    def start(context: Context) -> None:
        task = context.subject
        _note_time(context)
        if minutes:
            task.due_at = rules.in_minutes(context.now, minutes, task.area_code)
        else:
            task.due_at = rules.in_days(context.now, days, task.area_code)

    return start


def _note_time(context: Context) -> None:
    """Keep in the ledger whether the clock that ends here was kept."""
    due = context.subject.due_at
    if due is not None and "on_time" not in context.entry:
        context.entry |= {"due": limits.stamp(due), "on_time": context.now <= due}


def sign(context: Context) -> None:
    """Note who took the sub-task on; handling is due when the case is, or in a working day."""
    task = context.subject
    _note_time(context)
    task.handler_id = context.actor.account_id
    floor = rules.in_days(context.now, rules.ARRIVE_DAYS, task.area_code)
    case_due = task.case.due_at
    task.due_at = max(case_due, floor) if case_due else floor


def arrive(context: Context) -> None:
    """Note when and where the called unit came."""
    task = context.subject
    _note_time(context)
    task.arrived_at = context.now
    task.lon, task.lat = context.data.get("lon"), context.data.get("lat")
    task.due_at = rules.in_days(context.now, rules.ARRIVE_DAYS, task.area_code)


def hand_in(context: Context) -> None:
    """Hand the result to whoever asked for it; they have a working day to look at it."""
    clock(days=1)(context)


def end(context: Context) -> None:
    """End the sub-task and its clock."""
    task = context.subject
    _note_time(context)
    if context.subject.state in ENDED_STATES:
        task.ended_at, task.due_at = context.now, None


def again(context: Context) -> None:
    """Give the sub-task back to its unit, with another working day."""
    context.subject.due_at = rules.in_days(context.now, 1, context.subject.area_code)


def for_case(task: SubTask, step: str, context: Context, extra: Mapping[str, Any]) -> None:
    """Take a step of the case that only sub-tasks take, in the name of the same person."""
    from ..flow import CASE_FLOW

    actor = Actor(kind="system", account_id=context.actor.account_id, name=context.actor.name)
    perform(CASE_FLOW, step, task.case_id, actor=actor, now=context.now, extra=extra)


def extend_case(context: Context) -> None:
    """Move the end of handling to what was granted."""
    context.after.append(
        lambda late: for_case(late.subject, "extend", late, {"until": late.subject.until})
    )


def pause_case(context: Context) -> None:
    """Stop the clock of the case until the review."""
    task = context.subject
    task.until = context.data["until"]
    task.due_at = task.until
    context.entry["until"] = limits.stamp(task.until)
    task.unit_id = task.case.unit_id
    context.after.append(
        lambda late: for_case(late.subject, "suspend", late, {"until": task.until})
    )


def review(context: Context) -> None:
    """Keep the case suspended until the next review."""
    task = context.subject
    _note_time(context)
    task.until = task.due_at = context.data["until"]
    context.entry["until"] = limits.stamp(task.until)
    context.after.append(
        lambda late: for_case(late.subject, "suspend", late, {"until": task.until})
    )


def resume_case(context: Context) -> None:
    """Let the clock of the case go on where it stopped."""
    end(context)
    context.after.append(lambda late: for_case(late.subject, "resume", late, {}))


def take_case(context: Context) -> None:
    """Move the case up to the unit that takes it."""
    end(context)
    context.after.append(
        lambda late: for_case(late.subject, "take_up", late, {"unit": late.subject.unit})
    )


def count_miss(context: Context) -> None:
    """Count a call that reached nobody; after the third the sub-task ends."""
    task = context.subject
    task.misses += 1
    context.entry["misses"] = task.misses
    if task.misses >= rules.MOST_MISSES:
        task.state = TaskState.ENDED
        end(context)
    else:
        clock(days=1)(context)


def write_call_back(context: Context) -> None:
    """Write the answers into the case."""
    from ..flow import CASE_FLOW

    end(context)
    answers = {"reached": "yes"} | {
        name: context.data[name]
        for name in ("solved", "rating", "note")
        if context.data.get(name) not in {None, ""}
    }

    def write(late: Context) -> None:
        case_id = late.subject.case_id
        perform(CASE_FLOW, "call_back", case_id, actor=late.actor, now=late.now, data=answers)

    context.after.append(write)


def guard_not_handler(context: Context) -> str | None:
    """Nobody who ever handled the case asks about it or confirms its mending."""
    if handled(context.subject.case_id, context.actor.account_id):
        return _("经办或核查过本工单的人不能回访或确认整改。")
    return None


def guard_until(context: Context) -> str | None:
    """A suspension is reviewed in time: after now, within half a year."""
    until = context.data["until"]
    days = (until - context.now).days
    if until <= context.now or days > rules.LONGEST_SUSPENSION_DAYS:
        return _("复核日期应在今天之后、%(days)d 天以内。") % {
            "days": rules.LONGEST_SUSPENSION_DAYS
        }
    return None
