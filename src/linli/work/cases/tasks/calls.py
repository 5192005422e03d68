"""The list of call-backs to make: who calls whom next, without two calling the same person."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from linli.kernel.scope import Actor, within

from ..own_work import handled_cases
from ..queries import NEAR
from .holds import keep
from .models import SubTask, TaskKind
from .queries import with_names

MOST = 200


def call_backs(actor: Actor) -> QuerySet[SubTask]:
    """Return the open call-backs of the areas in which the actor calls back; fails closed."""
    open_ones = SubTask.objects.filter(kind=TaskKind.CALL_BACK, ended_at=None)
    return open_ones.filter(within(actor.areas("cases.call_back")))


def calls_to_make(actor: Actor) -> list[SubTask]:
    """Return the call-backs the actor may make by clock; never those of cases they handled."""
    named = with_names(call_backs(actor)).select_related("case__unit")
    rows = list(named.order_by("due_at", "id")[:MOST])
    own = handled_cases(actor.account_id, [row.case_id for row in rows])
    return [row for row in rows if row.case_id not in own]


def get_call(actor: Actor, task_id: int) -> SubTask:
    """Return a call-back, open or not, of the actor's areas; raises Http404 otherwise."""
    rows = SubTask.objects.filter(within(actor.areas("cases.call_back")), kind=TaskKind.CALL_BACK)
    rows = rows.select_related("case__category", "case__area__parent", "case__unit", "unit")
    return get_object_or_404(rows, pk=task_id)


def next_call(actor: Actor, *, now: datetime, skip: int = 0) -> SubTask | None:
    """Return the next call for the actor, not `skip`, and keep it; None where there is none.

    One that reached nobody comes again when the clock of its next try is near.
    """
    for row in calls_to_make(actor):
        waits = row.misses > 0 and row.due_at is not None and row.due_at - now > NEAR
        if row.pk != skip and not waits and keep(actor, row.pk, now=now):
            return row
    return None
