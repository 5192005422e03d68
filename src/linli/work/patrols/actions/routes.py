"""Write routes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from linli.kernel.ledger import actions as ledger
from linli.kernel.scope import Actor

from ..models import Round, RoundState, Route, RoutePlan
from ..queries import get_route
from .rounds import excuse_round, open_rounds

MOST_POINTS = 40


def save_route(
    *,
    actor: Actor,
    now: datetime,
    head: Mapping[str, Any],
    points: Sequence[Mapping[str, Any]],
    route_id: int | None = None,
) -> Route:
    """Write a route, new or again; rounds that are open keep the points they were opened with.

    A new route has its first round at once. Raises PermissionDenied outside the actor's areas,
    Http404 for a route outside them, ValidationError where a name stands twice or there is no
    point.
    """
    area = head["area"]
    if not actor.can("patrols.plan", area.code):
        raise PermissionDenied
    if not points:
        raise ValidationError(_("路线至少要有一个地点。"))
    if len(points) > MOST_POINTS:
        raise ValidationError(_("一条路线最多%(n)d个地点。") % {"n": MOST_POINTS})
    route = get_route(actor, route_id) if route_id else Route()
    try:
        with transaction.atomic():
            if route.pk:
                route = Route.objects.select_for_update().get(pk=route.pk)
            route.name, route.rhythm, route.active = head["name"], head["rhythm"], head["active"]
            route.area, route.area_code = area, area.code
            route.version += 1
            route.save()
            RoutePlan.objects.create(
                route=route, number=route.version, points=[dict(row) for row in points],
                saved_at=now,
            )  # fmt: skip
            ledger.append(
                subject_type="patrols.route", subject_id=route.pk, verb="save", actor=actor,
                at=now, area_code=area.code, seq=route.version,
                data={"points": len(points), "rhythm": route.rhythm, "active": route.active},
            )  # fmt: skip
            _follow(route, actor, now)
    except IntegrityError as error:
        raise ValidationError({"name": _("这个网格已有同名路线。")}) from error
    return route


def _follow(route: Route, actor: Actor, now: datetime) -> None:
    """Let the rounds that are open follow: to another grid, or out where the route rests."""
    due = Round.objects.filter(route=route, state=RoundState.DUE)
    due.update(area_code=route.area_code)
    if route.active:
        open_rounds(now=now, routes=[route.pk])
        return
    for pk in due.values_list("pk", flat=True):
        excuse_round(pk, actor=actor, now=now, data={"reason": _("路线已停用")})
