"""Make demonstration boundaries by partitioning an outline: nobody has surveyed them.

Points spread over the outline give Voronoi cells; the cells' edges and the outline are noded
together on one fine grid of coordinates, so neighbours share their corners exactly; then
neighbouring cells are grown into communities and subdistricts. The same seed gives the same map.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely.geometry import MultiPoint, Point, Polygon
from shapely.ops import unary_union

PRECISION = 1e-7
RELAXATIONS = 3


@dataclass(frozen=True)
class Layout:
    """Cells, and for each subdistrict its communities as lists of cell numbers."""

    cells: list[Polygon]
    subdistricts: list[list[list[int]]]

    def union(self, numbers: Sequence[int]) -> Any:
        """Return the joined shape of some cells; shared edges vanish without a trace."""
        return shapely.coverage_union_all([self.cells[number] for number in numbers])


def layout(outline: Any, communities: Sequence[int], cells: int, seed: int = 370705) -> Layout:
    """Partition `outline` into about `cells` cells, grouped for subdistricts that have so many
    communities each. Every group is connected; every community has at least two cells."""
    rng = random.Random(seed)  # noqa: S311 - a map for show, no secret
    pieces = _cells(shapely.set_precision(outline, PRECISION), cells, rng)
    near = _neighbours(pieces)
    centres = np.array([[piece.centroid.x, piece.centroid.y] for piece in pieces])
    everything = set(range(len(pieces)))
    groups = _divide(everything, list(communities), near, centres)
    subdistricts = [
        _divide(group, [1] * count, near, centres)
        for group, count in zip(groups, communities, strict=True)
    ]
    return Layout(pieces, [[sorted(part) for part in parts] for parts in subdistricts])


def _cells(outline: Any, count: int, rng: random.Random) -> list[Polygon]:
    points = points_inside(outline, count, rng)
    for _ in range(RELAXATIONS):
        diagram = shapely.voronoi_polygons(MultiPoint(points), extend_to=outline)
        clipped = [cell.intersection(outline) for cell in diagram.geoms]
        points = [cell.centroid for cell in clipped if not cell.is_empty]
    diagram = shapely.voronoi_polygons(MultiPoint(points), extend_to=outline)
    edges = [cell.boundary.intersection(outline) for cell in diagram.geoms]
    noded = shapely.union_all([*edges, outline.boundary], grid_size=PRECISION)
    faces = [
        face
        for face in shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
        if outline.contains(face.representative_point())
    ]
    return _merge_slivers(faces, outline.area / count * 0.2)


def _merge_slivers(faces: list[Polygon], smallest: float) -> list[Polygon]:
    faces = sorted(faces, key=lambda face: (round(face.centroid.y, 6), round(face.centroid.x, 6)))
    while True:
        tiny = next((i for i, face in enumerate(faces) if face.area < smallest), None)
        if tiny is None:
            return faces
        face = faces[tiny]
        borders = [
            (other.boundary.intersection(face.boundary).length if i != tiny else -1.0)
            for i, other in enumerate(faces)
        ]
        host = int(np.argmax(borders))
        merged: Any = shapely.coverage_union_all([faces[host], face])
        whole: Any = merged if merged.geom_type == "Polygon" else unary_union([faces[host], face])
        faces[host] = whole
        del faces[tiny]


def _neighbours(pieces: list[Polygon]) -> list[set[int]]:
    tree = shapely.STRtree(pieces)
    near: list[set[int]] = [set() for _ in pieces]
    for first, second in tree.query(pieces, predicate="intersects").T:
        if first < second:
            shared = pieces[first].boundary.intersection(pieces[second].boundary)
            if shared.length > 0:
                near[first].add(int(second))
                near[second].add(int(first))
    return near


def _divide(
    members: set[int], weights: list[int], near: list[set[int]], centres: Any
) -> list[set[int]]:
    """Cut a connected set into connected parts with sizes about in proportion to `weights`."""
    rest, parts = set(members), []
    for index, weight in enumerate(weights[:-1]):
        left = sum(weights[index:])
        wanted = max(2 * weight, round(len(rest) * weight / left))
        part = _grow(rest, wanted, near, centres)
        rest -= part
        pieces = sorted(_components(rest, near), key=len, reverse=True)
        for lost in pieces[1:]:
            part |= lost
            rest -= lost
        parts.append(part)
    return [*parts, rest]


def _grow(rest: set[int], wanted: int, near: list[set[int]], centres: Any) -> set[int]:
    middle = centres[sorted(rest)].mean(axis=0)
    start = max(sorted(rest), key=lambda i: float(((centres[i] - middle) ** 2).sum()))
    part = {start}
    while len(part) < wanted:
        fringe = {n for i in part for n in near[i] if n in rest} - part
        if not fringe:
            break
        heart = centres[sorted(part)].mean(axis=0)
        # Prefer what lies close and would otherwise be left with few neighbours of its own.
        part.add(
            min(
                sorted(fringe),
                key=lambda i: (
                    float(((centres[i] - heart) ** 2).sum()) * (1 + len((near[i] & rest) - part))
                ),
            )
        )
    return part


def _components(members: set[int], near: list[set[int]]) -> list[set[int]]:
    left, found = set(members), []
    while left:
        queue = [min(left)]
        seen = set(queue)
        while queue:
            for other in near[queue.pop()] & left - seen:
                seen.add(other)
                queue.append(other)
        found.append(seen)
        left -= seen
    return found


def points_inside(area: Any, count: int, rng: random.Random) -> list[Point]:
    """Return `count` points spread at random inside a shape."""
    shapely.prepare(area)
    west, south, east, north = area.bounds
    points: list[Point] = []
    while len(points) < count:
        point = Point(rng.uniform(west, east), rng.uniform(south, north))
        if area.contains(point):
            points.append(point)
    return points
