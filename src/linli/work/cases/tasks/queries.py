"""Read sub-tasks: who may see which, what waits for someone, a case's own."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from linli.kernel.scope import Actor, within

from ..models import Case
from .models import SubTask, TaskKind

DECISIONS = ("asked",)
CONFIRMATIONS = ("done",)


def visible_tasks(actor: Actor) -> QuerySet[SubTask]:
    """Return the sub-tasks the actor may see; fails closed.

    Staff see those of the areas they see cases of, and those their units hold or asked for.
    Residents see none: they are the offices' own affair.
    """
    if actor.kind == "system":
        return SubTask.objects.all()
    if actor.kind != "staff":
        return SubTask.objects.none()
    condition = within(actor.areas("cases.view"))
    if actor.unit_ids and actor.can("cases.handle"):
        condition |= Q(unit_id__in=actor.unit_ids) | Q(from_unit_id__in=actor.unit_ids)
    return SubTask.objects.filter(condition)


def get_task(actor: Actor, task_id: int) -> SubTask:
    """Return one sub-task the actor may see; raises Http404 otherwise."""
    rows = visible_tasks(actor).select_related(
        "case__category", "case__area", "unit", "from_unit", "opened_by", "handler"
    )
    return get_object_or_404(rows, pk=task_id)


def with_names(tasks: QuerySet[SubTask]) -> QuerySet[SubTask]:
    """Fetch what a list row shows in the same query."""
    return tasks.select_related("case__area", "unit", "from_unit").defer("case__text")


def tasks_of(case: Case) -> list[SubTask]:
    """Return a case's sub-tasks, open ones first, then the newest."""
    rows = SubTask.objects.filter(case=case).select_related("unit", "from_unit")
    return sorted(rows, key=lambda task: (not task.is_open, task.due_at or task.ended_at, -task.pk))


def listed_tasks(actor: Actor, which: str) -> QuerySet[SubTask]:
    """Return open sub-tasks: "mine" wait for the actor, "asked" others owe the actor's units,
    "area" are all of the actor's areas; raises Http404 for another word."""
    rows = SubTask.objects.filter(ended_at=None)
    if which == "mine":
        rows = rows.filter(_mine(actor))
    elif which == "asked":
        rows = rows.filter(from_unit_id__in=actor.unit_ids if actor.can("cases.handle") else ())
    elif which == "area":
        rows = rows.filter(within(actor.areas("cases.view")))
    else:
        raise Http404
    return with_names(rows)


def _mine(actor: Actor) -> Q:
    """Return what waits for the actor: held, to be decided, to be confirmed, to be called back."""
    condition = Q(pk__in=[])
    if actor.can("cases.handle") and actor.unit_ids:
        held = Q(unit_id__in=actor.unit_ids)
        condition |= held & ~Q(state__in=(*DECISIONS, *CONFIRMATIONS))
        condition |= Q(from_unit_id__in=actor.unit_ids, state__in=CONFIRMATIONS)
    decide = within(actor.areas("cases.decide_return")) & Q(state__in=DECISIONS)
    if actor.can("cases.decide_return"):
        levels = ["subdistrict", "community"]
        if "district_dispatcher" in actor.roles:
            levels.append("district")
        condition |= decide & Q(level__in=levels)
    if actor.can("cases.check"):
        condition |= within(actor.areas("cases.check")) & Q(state__in=DECISIONS, level="community")
    if actor.can("cases.call_back"):
        condition |= within(actor.areas("cases.call_back")) & (
            Q(kind=TaskKind.CALL_BACK) | Q(kind=TaskKind.MEND, state__in=CONFIRMATIONS)
        )
    return condition


def overdue_tasks(tasks: QuerySet[SubTask], now: datetime) -> QuerySet[SubTask]:
    """Keep open sub-tasks whose clock has ended."""
    return tasks.filter(ended_at=None, due_at__lt=now)
