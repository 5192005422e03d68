"""Change the grids of a community as one tiling. Pure geometry in degrees: no database.

Every function takes the parts by name or key and returns all parts anew, neighbours included, so
that borders keep meeting vertex by vertex.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from itertools import pairwise
from math import hypot
from typing import Any

import numpy as np
import shapely
from django.utils.translation import gettext as _
from shapely import LineString, Point, Polygon
from shapely.ops import split as cut
from shapely.ops import unary_union

from .coverage import square_metres

DECIMALS = 9  # of a degree, a tenth of a millimetre: every vertex is rounded to it
ON_EDGE = 3e-9  # degrees: a rounded point so near to an edge lies on it
REACH = 2e-5  # about two metres: how near to a border a vertex must be taken hold of
SNAP = 3e-6  # about 30 cm: a vertex so near to a standing one is meant to be that one
TOUCH = 1e-7  # about a centimetre: corners so near to each other are one
SLIVER_M2 = 20.0
SMALLEST_M2 = 100.0

NEW = object()  # the key of a part that has none yet
Parts = dict[Any, Polygon]
Pair = tuple[float, float]


class CannotDraw(ValueError):
    """The edit makes no sense as drawn; `where` is the shape to show, if any."""

    def __init__(self, message: str, where: Any = None) -> None:
        super().__init__(message)
        self.where = where


def tidy(shape: Any) -> Any:
    """Return the shape with its vertices rounded, so that equal ones are equal as numbers."""
    return shapely.transform(shape, lambda points: np.round(points, DECIMALS))


def split(
    parts: Mapping[Hashable, Polygon], key: Hashable, line: LineString
) -> tuple[Parts, list[Polygon]]:
    """Cut one part by a line; return the neighbours as they now are, and the pieces.

    The pieces come from the largest to the smallest. Raises CannotDraw where the line does not
    cross the part, or leaves a piece too small to be meant.
    """
    part = parts[key]
    try:
        cuts = [piece for piece in cut(part, line).geoms if piece.geom_type == "Polygon"]
    except ValueError as error:
        raise CannotDraw(_("这条线与边界重合，分不开。"), line) from error
    pieces: list[Any] = [snapped(tidy(piece), list(parts.values()), TOUCH) for piece in cuts]
    if len(pieces) < 2:
        raise CannotDraw(_("这条线没有穿过网格，请让两头都越过边界。"), line)
    tiny = [piece for piece in pieces if square_metres(piece) < SMALLEST_M2]
    if tiny:
        raise CannotDraw(_("分出的一块太小，不足100平方米。"), unary_union(tiny))
    pieces.sort(key=lambda piece: -piece.area)
    known = set(part.exterior.coords)
    fresh = {point for piece in pieces for point in piece.exterior.coords} - known
    others = {other: insert(shape, fresh) for other, shape in parts.items() if other != key}
    return others, [insert(piece, fresh) for piece in pieces]


def merge(shapes: Sequence[Polygon]) -> Polygon:
    """Return neighbours as one part; raises CannotDraw where they do not share a border."""
    joined: Any = tidy(unary_union(list(shapes)))
    if joined.geom_type != "Polygon":
        raise CannotDraw(_("所选网格不相邻，合并后不是一块。"), joined)
    merged: Polygon = joined
    return merged


def carve(
    whole: Polygon, parts: Mapping[Hashable, Polygon], drawn: Polygon
) -> tuple[Parts, Polygon]:
    """Lay a new part over the others and the gaps; return the others as left, and the new one.

    What was drawn beyond the whole is cut off; vertices near standing ones become those. A part
    that would vanish, or fall into pieces, is a reason to refuse: CannotDraw.
    """
    drawn = snapped(tidy(drawn), [whole, *parts.values()])
    lines = [shape.boundary for shape in (whole, drawn, *parts.values())]
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(shapely.union_all(lines))))
    mine: list[Any] = []
    left: dict[Hashable, list[Any]] = {key: [] for key in parts}
    for face in faces:
        inside = face.representative_point()
        owner = next((key for key, shape in parts.items() if shape.contains(inside)), None)
        if whole.contains(inside) and drawn.contains(inside):
            mine.append(face)
        elif owner is not None:
            sliver = square_metres(face) < SLIVER_M2 and face.intersects(drawn)
            (mine if sliver else left[owner]).append(face)
    if not mine:
        raise CannotDraw(_("画的范围不在本社区内。"), drawn)
    others = {key: _one(unary_union(pieces), key) for key, pieces in left.items()}
    new: Any = unary_union(mine)
    if new.geom_type != "Polygon":
        raise CannotDraw(_("新网格不是连成一片的，请重画。"), new)
    if square_metres(new) < SMALLEST_M2:
        raise CannotDraw(_("新网格太小，不足100平方米。"), new)
    after = joined(whole, {**others, NEW: new}, TOUCH)
    return {key: after[key] for key in others}, after[NEW]


def joined(whole: Any, proposed: Mapping[Any, Polygon], within: float = SNAP) -> Parts:
    """Return proposed parts so that they meet vertex by vertex, each other's and the whole's.

    Vertices within 30 cm (or `within`) of one of the whole, or of a part before, become that one;
    where one part has a vertex on the border of another, that one gets it too.
    """
    near: Parts = {}
    for key, shape in proposed.items():
        near[key] = snapped(tidy(shape), [whole, *near.values()], within)
    corners = {point for shape in near.values() for point in vertices(shape)}
    return {key: insert(shape, _within(shape, corners)) for key, shape in near.items()}


def _within(shape: Polygon, points: Iterable[Pair]) -> list[Pair]:
    west, south, east, north = shape.bounds
    return [(x, y) for x, y in points if west <= x <= east and south <= y <= north]


def _one(shape: Any, key: Any) -> Any:
    if shape.is_empty:
        raise CannotDraw(_("网格“%(name)s”会被整个盖住；要并掉它请用“合并”。") % {"name": key})
    if shape.geom_type != "Polygon":
        raise CannotDraw(_("网格“%(name)s”会被切成几块。") % {"name": key}, shape)
    return shape


def move(
    parts: Mapping[Hashable, Polygon], moves: Iterable[tuple[Pair, Pair]], fixed: Any = None
) -> Parts:
    """Move border points: each takes along every part that shares it.

    A start that is no vertex but on a border becomes one; a target beside a standing vertex (or
    one of `fixed`) snaps to it. Raises CannotDraw where a start lies on no border.
    """
    now: Parts = dict(parts)
    for start, target in moves:
        hold = _hold(now, start)
        now = {key: insert(shape, [hold]) for key, shape in now.items()}
        standing = {p for shape in now.values() for p in vertices(shape)} - {hold}
        standing |= set(vertices(fixed)) if fixed is not None else set()
        near = _nearest(standing, target, REACH)
        end = near or (round(target[0], DECIMALS), round(target[1], DECIMALS))
        now = {key: _moved(shape, hold, end) for key, shape in now.items()}
    return now


def _hold(parts: Parts, start: Pair) -> Pair:
    """Return the vertex meant by a point, or the point of a border next to it."""
    corners = {point for shape in parts.values() for point in vertices(shape)}
    vertex = _nearest(corners, start, REACH)
    if vertex:
        return vertex
    border = unary_union([shape.boundary for shape in parts.values()])
    point = Point(start)
    if border.distance(point) > REACH:
        raise CannotDraw(
            _("（%(lon).5f，%(lat).5f）不在任何网格的边界上。")
            % {"lon": start[0], "lat": start[1]},
            point,
        )
    foot = (
        border.interpolate(border.project(point))
        if border.geom_type == "LineString"
        else (shapely.ops.nearest_points(border, point)[0])
    )
    return (round(foot.x, DECIMALS), round(foot.y, DECIMALS))


def _nearest(points: Iterable[Pair], wanted: Pair, within: float) -> Pair | None:
    best = min(points, key=lambda p: hypot(p[0] - wanted[0], p[1] - wanted[1]), default=None)
    if best is None or hypot(best[0] - wanted[0], best[1] - wanted[1]) > within:
        return None
    return best


def _moved(shape: Polygon, start: Pair, end: Pair) -> Polygon:
    def ring(coords: Any) -> list[Pair]:
        moved = [end if tuple(point) == start else tuple(point) for point in coords]
        kept = [moved[0], *(b for a, b in pairwise(moved) if a != b)]
        return kept if len(kept) >= 4 else moved

    return Polygon(ring(shape.exterior.coords), [ring(hole.coords) for hole in shape.interiors])


def vertices(shape: Any) -> list[Pair]:
    """Return every vertex of a shape as a pair."""
    return [(float(x), float(y)) for x, y in shapely.get_coordinates(shape)]


def insert(shape: Polygon, points: Iterable[Pair]) -> Polygon:
    """Return the shape with those of the points that lie on its border made vertices."""
    wanted = [point for point in points if shape.boundary.distance(Point(point)) < ON_EDGE]
    missing = [point for point in wanted if point not in set(vertices(shape))]
    if not missing:
        return shape

    def ring(coords: Any) -> list[Pair]:
        found: list[Pair] = []
        for a, b in pairwise(coords):
            edge = LineString([a, b])
            on = [p for p in missing if edge.distance(Point(p)) < ON_EDGE]
            found += [tuple(a), *sorted(on, key=lambda p: edge.project(Point(p)))]
        return [*found, found[0]]

    return Polygon(ring(shape.exterior.coords), [ring(hole.coords) for hole in shape.interiors])


def snapped(shape: Polygon, standing: Sequence[Any], within: float = SNAP) -> Polygon:
    """Return the shape with each vertex near a standing one put exactly there."""
    corners: Any = shapely.points(shapely.get_coordinates(list(standing)))
    if not len(corners):
        return shape
    tree = shapely.STRtree(corners)

    def put(coords: Any) -> Any:
        found = tree.query_nearest(shapely.points(coords), max_distance=within, all_matches=False)
        coords = coords.copy()
        coords[found[0]] = shapely.get_coordinates(corners[found[1]])
        return coords

    moved: Any = shapely.remove_repeated_points(shapely.transform(shape, put))
    snug: Polygon = moved
    return snug
