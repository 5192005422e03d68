"""Do the grids tile their community: no gap, no overlap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Any

import shapely
from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union

# Boundaries are kept to 1e-7 degrees (about a centimetre): less area than this is rounding.
ROUNDING_M2 = 1.0
METRES_PER_DEGREE = 111_320.0


@dataclass(frozen=True)
class Coverage:
    """How well parts cover a whole: gaps and overlaps as shapes with their area in m²."""

    ratio: float
    gap_m2: float
    overlap_m2: float
    gaps: BaseGeometry
    overlaps: BaseGeometry
    edges_match: bool

    @property
    def complete(self) -> bool:
        """Tell whether the parts tile the whole."""
        return self.edges_match and self.gap_m2 < ROUNDING_M2 and self.overlap_m2 < ROUNDING_M2


def square_metres(shape: BaseGeometry) -> float:
    """Return the area of a shape in degrees as m², on a local plane (within 0.5 %)."""
    if shape.is_empty:
        return 0.0
    scale = METRES_PER_DEGREE**2 * cos(radians(shape.centroid.y))
    return float(shape.area * scale)


def coverage(whole: BaseGeometry, parts: Sequence[BaseGeometry]) -> Coverage:
    """Return how `parts` cover `whole`: by matching edges, and by whole minus union."""
    union = unary_union(list(parts)) if parts else Polygon()
    gaps = whole.difference(union)
    outside = union.difference(whole)
    overlaps = _overlaps(parts)
    both = unary_union([overlaps, outside])
    covered = square_metres(union.intersection(whole)) / (square_metres(whole) or 1.0)
    return Coverage(
        ratio=covered,
        gap_m2=square_metres(gaps),
        overlap_m2=square_metres(both),
        gaps=gaps,
        overlaps=both,
        edges_match=bool(parts) and bool(shapely.coverage_is_valid(list(parts))),
    )


def _overlaps(parts: Sequence[BaseGeometry]) -> BaseGeometry:
    tree = shapely.STRtree(list(parts))
    found: list[Any] = []
    for first, second in tree.query(list(parts), predicate="intersects").T:
        if first < second:
            shared = parts[first].intersection(parts[second])
            found += [piece for piece in _polygons(shared) if piece.area > 0]
    return unary_union(found) if found else MultiPolygon()


def _polygons(shape: BaseGeometry) -> list[Any]:
    return [piece for piece in getattr(shape, "geoms", [shape]) if piece.geom_type == "Polygon"]
