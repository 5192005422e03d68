"""Read resources: those an actor may see, and the nearest of each kind to a point."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, hypot, radians

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from linli.kernel.scope import Actor, within

from ..models import Resource

METRES_PER_DEGREE = 111_320.0
FARTHEST_M = 5_000.0
MOST = 300  # of one community


@dataclass(frozen=True)
class Near:
    """A resource and how far it is from the point asked for, in metres as the crow flies."""

    resource: Resource
    metres: int


def visible_resources(actor: Actor) -> QuerySet[Resource]:
    """Return the resources in use; the whole district's, as its map. Fails closed."""
    rows = Resource.objects.filter(closed_at=None).select_related("area__parent")
    rows = rows.defer("area__boundary", "area__parent__boundary")
    return rows if actor.can("areas.view") else rows.none()


def get_resource(actor: Actor, resource_id: int) -> Resource:
    """Return a resource in use; raises Http404 where there is none to be seen."""
    return get_object_or_404(visible_resources(actor), pk=resource_id)


def in_area(actor: Actor, code: str) -> list[Resource]:
    """Return the resources at an area and below, by grid and kind."""
    rows = visible_resources(actor).filter(within([code]))
    return list(rows.order_by("area_code", "kind", "pk")[:MOST])


def nearest(actor: Actor, lon: float, lat: float) -> list[Near]:
    """Return the nearest resource of each kind within 5 km of a WGS 84 point, nearest first."""
    across = METRES_PER_DEGREE * cos(radians(lat))
    high, wide = FARTHEST_M / METRES_PER_DEGREE, FARTHEST_M / across
    rows = visible_resources(actor).filter(
        lon__range=(lon - wide, lon + wide), lat__range=(lat - high, lat + high)
    )
    best: dict[str, Near] = {}
    for row in rows.order_by("pk"):
        far = hypot((row.lon - lon) * across, (row.lat - lat) * METRES_PER_DEGREE)
        known = best.get(row.kind)
        if far <= FARTHEST_M and (known is None or far < known.metres):
            best[row.kind] = Near(row, round(far))
    return sorted(best.values(), key=lambda near: near.metres)
