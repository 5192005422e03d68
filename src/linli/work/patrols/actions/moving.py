"""Routes move along when areas change; rounds that are over keep the code recorded with them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from linli.base.areas.models import Area
from linli.kernel.ledger import actions as ledger
from linli.kernel.scope import Actor

from ..models import Round, RoundState, Route, RoutePlan

Locate = Callable[[float, float], Area | None]


def move_routes(old: Area, new: Sequence[Area], locate: Locate, now: datetime, actor: Actor) -> int:
    """Move the routes of a grid to the heir that holds their first point, else to the chief one."""
    moved = 0
    for route in Route.objects.select_for_update().filter(area=old).order_by("pk"):
        area = _heir(route, new, locate)
        if route.area_id == area.pk and route.area_code == area.code:
            continue
        if Route.objects.filter(area=area, name=route.name).exclude(pk=route.pk).exists():
            route.name = f"{route.name[:40]}（{old.name[:16]}）"
        plan = RoutePlan.objects.get(route=route, number=route.version)
        route.area, route.area_code, route.version = area, area.code, route.version + 1
        route.save()
        RoutePlan.objects.create(
            route=route, number=route.version, points=plan.points, saved_at=now
        )
        Round.objects.filter(route=route, state=RoundState.DUE).update(area_code=area.code)
        ledger.append(
            subject_type="patrols.route", subject_id=route.pk, verb="move_area", actor=actor,
            at=now, area_code=area.code, seq=route.version, data={"was_area": old.code},
        )  # fmt: skip
        moved += 1
    return moved


def _heir(route: Route, new: Sequence[Area], locate: Locate) -> Area:
    plan = RoutePlan.objects.get(route=route, number=route.version)
    for point in plan.points:
        if point.get("lon") is not None and (found := locate(point["lon"], point["lat"])):
            return found
    return new[0]
