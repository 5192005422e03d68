"""Read proposed layouts, and what a community brings to one: its grids and dwellings."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import pstdev
from typing import Any

import shapely
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from shapely.geometry import Point, shape

from linli.kernel.scope import Actor, within

from ..models import Area, GridKind, LayoutPlan, Level
from .dwellings import Dwelling
from .proposal import Standing


@dataclass(frozen=True)
class Ground:
    """What a layout is made from: outline, grids in order, dwellings, and how many had no place."""

    outline: Any
    grids: list[Area]
    standing: list[Standing]
    dwellings: list[Dwelling]
    left_out: int


@dataclass(frozen=True)
class Spread:
    """How evenly households lie over ordinary grids."""

    grids: int
    mean: float
    least: int
    most: int
    deviation: float
    outside: int


def visible_plans(actor: Actor) -> QuerySet[LayoutPlan]:
    """Return the proposals of the actor's areas, without their shapes; fails closed."""
    plans = LayoutPlan.objects.select_related("area").defer("area__boundary", "uploaded")
    if actor.kind == "system":
        return plans
    return plans.filter(within(actor.areas("areas.edit")))


def get_plan(actor: Actor, plan_id: int) -> LayoutPlan:
    """Return a proposal; raises Http404 where there is none to be seen."""
    return get_object_or_404(visible_plans(actor), pk=plan_id)


def communities(actor: Actor) -> QuerySet[Area]:
    """Return the communities whose grids the actor may lay out anew."""
    found = Area.objects.filter(level=Level.COMMUNITY, valid_to=None, boundary__isnull=False)
    return found.filter(within(actor.areas("areas.edit"), "code")).defer("boundary")


def ground(community: Area, uploaded: list[Any] | None = None) -> Ground:
    """Return the ground of a layout; dwellings without a point inside the outline are left out."""
    outline = shape(community.boundary or {})
    rows = community.children.filter(valid_to=None, boundary__isnull=False).order_by("code")
    grids = list(rows)
    standing = [
        Standing(shape(grid.boundary or {}), grid.grid_kind == GridKind.SPECIAL) for grid in grids
    ]
    if uploaded is not None:
        return Ground(outline, grids, standing, [Dwelling(*row) for row in uploaded], 0)
    shapely.prepare(outline)
    buildings = Area.objects.filter(
        level=Level.BUILDING, valid_to=None, parent__parent=community
    ).order_by("code")
    found, left_out = [], 0
    for name, lon, lat, count in buildings.values_list("name", "lon", "lat", "households"):
        if lon is None or lat is None or not outline.intersects(Point(lon, lat)):
            left_out += 1
        else:
            found.append(Dwelling(lon, lat, count or 0, name))
    return Ground(outline, grids, standing, found, left_out)


def spread(rows: list[dict[str, Any]], low: int, high: int) -> Spread | None:
    """Return how evenly households lie over a proposal's rows; None where no grid is ordinary."""
    counts = [row["households"] for row in rows if not row["special"]]
    if not counts:
        return None
    mean = sum(counts) / len(counts)
    outside = sum(not low <= count <= high for count in counts)
    return Spread(len(counts), mean, min(counts), max(counts), pstdev(counts), outside)


def layer(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a proposal's rows as GeoJSON for a map; those that change are drawn stronger."""
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": row["boundary"],
                "properties": {
                    "name": row["name"],
                    "text": str(row["households"]),
                    "style": {"weight": 2, "fillOpacity": 0.08 if row["same"] else 0.28},
                },
            }
            for row in rows
        ],
    }
