"""Open rounds when they fall due, hand them in, excuse them, close those nobody walked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from linli.kernel.flow import Outcome, perform
from linli.kernel.ledger import actions as ledger
from linli.kernel.scope import SYSTEM, Actor
from linli.kernel.worktime.rules import rules_for

from ..flow import ROUND_FLOW
from ..models import Round, RoundState, Route, RoutePlan
from ..rules import window


def open_rounds(*, now: datetime, routes: Sequence[int] | None = None) -> int:
    """Open the round of every active route whose window holds today, once; return how many.

    `routes` limits it to some.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:  # the job and a saved route must not open it both
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('patrols.open'))")
        made = Round.objects.bulk_create(_due(now, routes), batch_size=2000)
        ledger.append_new(ROUND_FLOW.name, "open", made, actor=SYSTEM, at=now)
    return len(made)


def _due(now: datetime, routes: Sequence[int] | None) -> list[Round]:
    """Return the rounds to open, not yet saved."""
    today = timezone.localdate(now)
    rows = Route.objects.filter(active=True)
    if routes is not None:
        rows = rows.filter(pk__in=routes)
    due = []
    for route in rows:
        workday = rules_for(route.area_code).is_workday(today)
        found = window(route.rhythm, today, workday=workday)
        if found is not None:
            due.append((route, *found))
    ids = [route.pk for route, _first, _last in due]
    days = {first for _route, first, _last in due}
    rounds = Round.objects.filter(route__in=ids, day__in=days)
    have = set(rounds.values_list("route_id", "day"))
    plans = RoutePlan.objects.filter(route__in=ids, number=F("route__version"))
    plan_of = dict(plans.values_list("route_id", "pk"))
    return [
        Round(
            state=RoundState.DUE, version=1, route=route, plan_id=plan_of[route.pk],
            area_code=route.area_code, day=first, until=last,
        )
        for route, first, last in due
        if (route.pk, first) not in have
    ]  # fmt: skip


def close_missed(*, now: datetime) -> int:
    """Mark the rounds whose window has ended and that nobody handed in; return how many."""
    today = timezone.localdate(now)
    late = Round.objects.filter(state=RoundState.DUE, until__lt=today).order_by("pk")
    count = 0
    for pk in list(late.values_list("pk", flat=True)):
        perform(ROUND_FLOW, "miss", pk, actor=SYSTEM, now=now, key="miss")
        count += 1
    return count


def hand_in_round(
    round_id: int, *, actor: Actor, now: datetime, data: Mapping[str, Any], key: str | None = None
) -> Outcome:
    """Hand in a walked round, once for each key; errors as `kernel.flow.perform`."""
    return perform(ROUND_FLOW, "hand_in", round_id, actor=actor, now=now, data=data, key=key)


def excuse_round(
    round_id: int, *, actor: Actor, now: datetime, data: Mapping[str, Any], key: str | None = None
) -> Outcome:
    """Say that a round need not be walked, and why; errors as `kernel.flow.perform`."""
    return perform(ROUND_FLOW, "excuse", round_id, actor=actor, now=now, data=data, key=key)
