"""What is wrong with a tiling after an edit: each fault with its shape, its size and the parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import shapely
from django.utils.translation import gettext as _
from shapely import Polygon
from shapely.geometry import mapping
from shapely.ops import unary_union
from shapely.validation import explain_validity

from .coverage import ROUNDING_M2, square_metres


@dataclass(frozen=True)
class Fault:
    """One place where parts do not tile: what it is, whose, where, and its m² (0 for a line)."""

    kind: str
    names: tuple[str, ...]
    shape: Any
    m2: float = 0.0
    detail: str = ""

    @property
    def point(self) -> tuple[float, float]:
        """Return a point in the middle of it."""
        middle = self.shape.representative_point()
        return (middle.x, middle.y)

    @property
    def words(self) -> str:
        """Say what is wrong and between whom."""
        who = "、".join(f"“{name}”" for name in self.names)
        if self.kind == "overlap":
            return _("%(who)s重叠%(m2).0f平方米") % {"who": who, "m2": self.m2}
        if self.kind == "outside":
            return _("%(who)s超出社区边界%(m2).0f平方米") % {"who": who, "m2": self.m2}
        if self.kind == "gap":
            return _("留下空隙%(m2).0f平方米") % {"m2": self.m2}
        if self.kind == "invalid":
            return _("%(who)s的边界自己相交或不成一块（%(why)s）") % {
                "who": who,
                "why": self.detail,
            }
        return _("%(who)s与邻格的边界没有对齐") % {"who": who}


def faults(
    whole: Any, after: Mapping[Any, Polygon], before: Mapping[Any, Polygon] | None = None
) -> list[Fault]:
    """Return what an edit would break; what was broken `before` is not held against it.

    Checks that every part is one valid polygon, that none overlaps another or lies outside, that
    no gap is left (whole minus union), and that edges match (`coverage_is_valid`).
    """
    broken = [
        Fault("invalid", (str(key),), shape, detail=explain_validity(shape))
        for key, shape in after.items()
        if shape.geom_type != "Polygon" or not shape.is_valid or shape.is_empty
    ]
    if broken:
        return broken
    old = list((before or {}).values())
    found = [
        *_overlaps(after, _overlap_of(old)),
        *_outside(whole, after, old),
        *_gaps(whole, list(after.values()), None if before is None else old),
    ]
    return found or _edges(after, old)


def _pieces(shape: Any) -> list[Any]:
    return [piece for piece in shapely.get_parts(shape) if piece.geom_type == "Polygon"]


def _overlap_of(shapes: list[Any]) -> Any:
    return unary_union([a.intersection(b) for a, b in combinations(shapes, 2)])


def _overlaps(after: Mapping[Any, Polygon], known: Any) -> list[Fault]:
    found = []
    for (first, a), (second, b) in combinations(after.items(), 2):
        for piece in _pieces(a.intersection(b).difference(known)):
            if (m2 := square_metres(piece)) > ROUNDING_M2:
                found.append(Fault("overlap", (str(first), str(second)), piece, m2))
    return found


def _outside(whole: Any, after: Mapping[Any, Polygon], old: list[Any]) -> list[Fault]:
    allowed = unary_union([whole, *old])
    return [
        Fault("outside", (str(key),), piece, m2)
        for key, shape in after.items()
        for piece in _pieces(shape.difference(allowed))
        if (m2 := square_metres(piece)) > ROUNDING_M2
    ]


def _gaps(whole: Any, shapes: list[Any], old: list[Any] | None) -> list[Fault]:
    gap = whole.difference(unary_union(shapes))
    if old is not None:
        gap = gap.intersection(unary_union(old))
    return [
        Fault("gap", (), piece, m2)
        for piece in _pieces(gap)
        if (m2 := square_metres(piece)) > ROUNDING_M2
    ]


def _edges(after: Mapping[Any, Polygon], old: list[Any]) -> list[Fault]:
    shapes = list(after.values())
    if shapely.coverage_is_valid(shapes) or (old and not shapely.coverage_is_valid(old)):
        return []
    lines = shapely.coverage_invalid_edges(shapes)
    return [
        Fault("edge", (str(key),), line)
        for key, line in zip(after, lines, strict=True)
        if not line.is_empty
    ]


def as_geojson(found: list[Fault]) -> dict[str, Any]:
    """Return the faults as GeoJSON with their words, for the map."""
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"name": fault.words, "kind": fault.kind},
                "geometry": mapping(fault.shape),
            }
            for fault in found
        ],
    }
