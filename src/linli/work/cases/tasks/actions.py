"""Write sub-tasks: open them, take their steps, and let them follow their case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils.translation import gettext as _

from linli.kernel.flow import GuardFailed, InvalidStep, NotAllowed, Outcome, perform
from linli.kernel.ledger import actions as ledger
from linli.kernel.scope import SYSTEM, Actor

from ..limits import stamp
from ..models import Case
from ..queries import visible_cases
from ..suspending import HELPERS
from .flows import FLOWS
from .models import SINGLE_KINDS, SubTask, SubTaskNote
from .opening import OPENINGS
from .queries import visible_tasks

# What a unit wishes for; it ends when the case leaves the unit.
WISHES = ("extension", "suspension", "escalation")


def open_tasks(
    kind: str,
    case_id: int,
    *,
    actor: Actor,
    now: datetime,
    data: Mapping[str, Any],
    key: str,
) -> list[SubTask]:
    """Open the sub-tasks a form asks for and return them; `key` makes a repeat harmless (on the
    same case).

    Raises Http404 outside the actor's scope or for an unknown kind, NotAllowed, InvalidStep (bad
    form) and GuardFailed where a rule of the matter stands in the way.
    """
    opening = OPENINGS.get(kind)
    if opening is None or not visible_cases(actor).filter(pk=case_id).exists():
        raise Http404
    with transaction.atomic():
        case = Case.objects.select_for_update(of=("self",)).select_related("unit").get(pk=case_id)
        key = f"{case.pk}:{key}"
        earlier = list(SubTask.objects.filter(case=case, open_key__startswith=f"{key}:"))
        if earlier:
            return earlier
        if not opening.allows(actor, case):
            raise NotAllowed(_("您没有“%(step)s”的权限。") % {"step": opening.label})
        maker: Any = opening.form
        form = maker(data, case=case)
        if case.state not in opening.states:
            raise GuardFailed(_("工单当前状态不能“%(step)s”。") % {"step": opening.label})
        if not form.is_valid():
            raise InvalidStep(form)
        if kind in SINGLE_KINDS and case.subtasks.filter(kind=kind, ended_at=None).exists():
            raise GuardFailed(_("已有一份“%(kind)s”在办。") % {"kind": opening.kind.label})
        drafts = opening.draft(case, actor, now, form.cleaned_data)
        typed = (form.cleaned_data.get(name) for name in ("place", "text"))
        text = "\n".join(str(part) for part in typed if part)
        return [
            _insert(task, f"{key}:{n}", text, actor=actor, now=now) for n, task in enumerate(drafts)
        ]


def open_follow_up(task: SubTask, *, key: str, text: str, now: datetime) -> SubTask | None:
    """Open a sub-task the system itself asks for (a call-back, a mending), once for `key`."""
    try:
        with transaction.atomic():
            return _insert(task, key, text, actor=SYSTEM, now=now)
    except IntegrityError:
        return None


def _insert(task: SubTask, key: str, text: str, *, actor: Actor, now: datetime) -> SubTask:
    task.open_key, task.version = key, 1
    task.save(force_insert=True)
    ledger.append(
        subject_type=task.kind,
        subject_id=task.pk,
        verb="open",
        actor=actor,
        at=now,
        area_code=task.area_code,
        data={
            "to": task.state,
            "case": task.case_id,
            "unit": task.unit_id,
            "clock": stamp(task.due_at),
        },
        seq=1,
    )  # fmt: skip
    if text:
        SubTaskNote.objects.create(task=task, seq=1, text=text)
    return task


def take_task_step(
    step: str,
    task_id: int,
    *,
    actor: Actor,
    now: datetime,
    data: Mapping[str, Any] | None = None,
    key: str | None = None,
    expected: int | None = None,
) -> Outcome:
    """Take a step of a sub-task; errors as `kernel.flow.perform`.

    The case is locked before the sub-task, as whoever acts on the case does, so that the two
    never wait for each other.
    """
    task = visible_tasks(actor).filter(pk=task_id).values("kind", "case_id").first()
    if task is None:
        raise Http404
    with transaction.atomic():
        list(Case.objects.select_for_update(of=("self",)).filter(pk=task["case_id"]).only("pk"))
        return perform(
            FLOWS[task["kind"]],
            step,
            task_id,
            actor=actor,
            now=now,
            data=data,
            key=key,
            expected=expected,
        )


def follow(case: Case, *, now: datetime) -> None:
    """Let open sub-tasks follow a case that has gone to another unit or has ended.

    What the old unit had asked for is off; supervision is owed by the new one.
    """
    for task in SubTask.objects.select_for_update(of=("self",)).filter(case=case, ended_at=None):
        moved = task.kind in {"supervision", "mend"} and case.unit_id != task.unit_id
        if case.is_open and moved and case.unit_id:
            task.unit_id = case.unit_id
            _record(task, "hand_over", {"unit": case.unit_id}, now)
        elif task.kind in WISHES or (not case.is_open and task.kind in HELPERS):
            _drop(task, now)


def end_call_backs(case: Case, *, now: datetime) -> None:
    """End the open call-backs of a case whose reporter has answered by another way."""
    rows = SubTask.objects.select_for_update(of=("self",))
    for task in rows.filter(case=case, kind="call_back", ended_at=None):
        _drop(task, now)


def _drop(task: SubTask, now: datetime) -> None:
    was, task.state, task.ended_at, task.due_at = task.state, "cancelled", now, None
    _record(task, "drop", {"from": was, "to": "cancelled"}, now)


def _record(task: SubTask, verb: str, data: dict[str, Any], now: datetime) -> None:
    task.version += 1
    task.save()
    ledger.append(
        subject_type=task.kind, subject_id=task.pk, verb=verb, actor=SYSTEM, at=now,
        area_code=task.area_code, data=data, seq=task.version,
    )  # fmt: skip
