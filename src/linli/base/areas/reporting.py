"""How the grids of each community cover it, for a whole subdistrict or district at once."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.utils.translation import gettext as _
from shapely.geometry import mapping, shape

from .coverage import ROUNDING_M2, coverage, square_metres
from .models import Area, Level
from .queries import revision


@dataclass(frozen=True)
class CoverageRow:
    """One community: the share its grids cover, and gaps and overlaps in m² with their shapes."""

    code: str
    name: str
    grids: int
    drawn: bool
    ratio: float
    gap_m2: float
    overlap_m2: float
    complete: bool
    faults: tuple[tuple[str, Any], ...]

    @property
    def covered(self) -> str:
        """Return the share for people; without boundaries there is none."""
        return f"{self.ratio * 100:.2f}%" if self.drawn else "—"


def coverage_rows(code: str) -> list[CoverageRow]:
    """Return the communities at or below an area, the worst covered first."""
    key = f"areas:coverage:{code}:{revision()}"
    found: list[CoverageRow] | None = cache.get(key)
    if found is None:
        found = _rows(code)
        cache.set(key, found, 600)
    return found


def coverage_marks(code: str) -> dict[str, Any]:
    """Return the gaps and overlaps at or below an area as GeoJSON."""
    words = {"gap": _("空隙"), "overlap": _("重叠")}
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"name": f"{row.name} {words[kind]}", "kind": kind},
                "geometry": geometry,
            }
            for row in coverage_rows(code)
            for kind, geometry in row.faults
        ],
    }


def _rows(code: str) -> list[CoverageRow]:
    standing = Area.objects.filter(valid_to=None, code__gte=code, code__lt=f"{code}:")
    grids: dict[int, list[Any]] = defaultdict(list)
    pairs = standing.filter(level=Level.GRID).values_list("parent_id", "boundary")
    for parent, boundary in pairs:
        grids[parent or 0].append(boundary)
    communities = standing.filter(level=Level.COMMUNITY).order_by("code")
    found = [_row(community, grids[community.pk]) for community in communities]
    return sorted(found, key=lambda row: (row.complete, row.ratio, row.code))


def _row(community: Area, boundaries: list[Any]) -> CoverageRow:
    shapes = [shape(boundary) for boundary in boundaries if boundary]
    if not community.boundary:
        name = community.short_name
        return CoverageRow(community.code, name, len(boundaries), False, 0, 0, 0, False, ())
    report = coverage(shape(community.boundary), shapes)
    faults = tuple(
        (kind, mapping(piece))
        for kind, whole in (("gap", report.gaps), ("overlap", report.overlaps))
        for piece in getattr(whole, "geoms", [whole])
        if square_metres(piece) > ROUNDING_M2
    )
    return CoverageRow(
        code=community.code,
        name=community.short_name,
        grids=len(boundaries),
        drawn=True,
        ratio=report.ratio,
        gap_m2=report.gap_m2,
        overlap_m2=report.overlap_m2,
        complete=report.complete,
        faults=faults,
    )
