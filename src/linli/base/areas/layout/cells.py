"""Cut an outline into cells, one around each dwelling, along the borders that stand already.

The outline and the borders of the existing grids give zones; inside each zone the dwellings give
Voronoi cells. Everything is noded together on one fine grid of coordinates, so neighbours share
their corners exactly, and a layout made of whole cells cannot leave a gap or an overlap.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from math import cos, hypot, radians
from typing import Any

import numpy as np
import shapely
from shapely.geometry import MultiPoint, Point

from ..coverage import METRES_PER_DEGREE, square_metres
from ..generate import PRECISION

Corner = tuple[float, float]
Segment = tuple[Corner, Corner]

# A zone without dwellings below this size is a slip of drawing and joins its neighbour.
SMALLEST_ZONE_M2 = 500.0


@dataclass(frozen=True)
class Site:
    """A point with households; `number` tells the dwelling it stands for."""

    lon: float
    lat: float
    households: int


@dataclass
class Cells:
    """Pieces that tile an outline, joined to cells.

    `cell_of` gives each face's cell; per cell stand its households, the existing grid it lies in
    (-1: none), whether it is fixed (a special grid keeps its shape) and the numbers of its sites.
    `segments` are the edges of faces with the one or two faces beside them.
    """

    faces: list[Any]
    cell_of: list[int]
    households: list[int]
    old: list[int]
    fixed: list[bool]
    sites: list[list[int]]
    segments: dict[Segment, list[int]]
    scale: float
    corners: set[Corner]

    @cached_property
    def near(self) -> list[dict[int, float]]:
        """Per cell: its neighbours with the length of the shared border in metres."""
        found: list[dict[int, float]] = [{} for _ in self.households]
        for segment, faces in self.segments.items():
            if len(faces) == 2:
                first, second = (self.cell_of[face] for face in faces)
                if first != second:
                    metres = self.length(segment)
                    found[first][second] = found[first].get(second, 0.0) + metres
                    found[second][first] = found[second].get(first, 0.0) + metres
        return found

    def length(self, segment: Segment) -> float:
        """Return the length of an edge in metres, on a local plane."""
        (x1, y1), (x2, y2) = segment
        return hypot((x2 - x1) * self.scale, y2 - y1) * METRES_PER_DEGREE


def build_cells(
    outline: Any, grids: Sequence[Any], fixed: Sequence[bool], sites: Sequence[Site]
) -> Cells:
    """Return the cells of an outline for dwellings and existing grids (shapes in WGS 84).

    `fixed` says which existing grids stay whole. Sites must lie inside the outline.
    """
    outline = shapely.set_precision(outline, PRECISION)
    drawn = [shapely.set_precision(grid, PRECISION) for grid in grids]
    scale = cos(radians(outline.centroid.y))
    edges = [outline.boundary, *(grid.boundary.intersection(outline) for grid in drawn)]
    zones = _faces(edges, outline)
    zone_old = _grid_of(zones, drawn)
    members = _sites_by_zone(zones, sites)
    for zone, numbers in members.items():
        if len(numbers) > 1 and not (zone_old[zone] >= 0 and fixed[zone_old[zone]]):
            edges.append(_voronoi(zones[zone], [sites[n] for n in numbers], scale))
    faces = _faces(edges, outline)
    zone_of = _nearest(zones, [face.representative_point() for face in faces])
    segments = _segments(faces)
    corners = {(float(x), float(y)) for x, y in shapely.get_coordinates([outline, *drawn]).tolist()}
    raw = _Joining(faces, zone_of, segments, scale)
    cell_of, cell_sites = raw.join(members, sites, zone_old, fixed)
    cell_zone = {cell: zone_of[face] for face, cell in reversed(list(enumerate(cell_of)))}
    for face, cell in enumerate(cell_of):
        if face in raw.seeds:
            cell_zone[cell] = zone_of[face]
    old = [zone_old[cell_zone[cell]] for cell in range(len(cell_sites))]
    return Cells(
        faces=faces,
        cell_of=cell_of,
        households=[sum(sites[n].households for n in numbers) for numbers in cell_sites],
        old=old,
        fixed=[number >= 0 and fixed[number] for number in old],
        sites=cell_sites,
        segments=segments,
        scale=scale,
        corners=corners,
    )


def _faces(edges: Sequence[Any], outline: Any) -> list[Any]:
    noded = shapely.union_all(list(edges), grid_size=PRECISION)
    lines = [part for part in shapely.get_parts(noded) if part.geom_type == "LineString"]
    shapely.prepare(outline)
    return [
        face
        for face in shapely.get_parts(shapely.polygonize(lines))
        if outline.contains(face.representative_point())
    ]


def _nearest(shapes: Sequence[Any], points: Sequence[Any]) -> list[int]:
    """Return per point the first shape that holds it, or the nearest one."""
    tree = shapely.STRtree(list(shapes))
    best = np.full(len(points), len(shapes), dtype=np.int64)
    which, hits = tree.query(list(points), predicate="intersects")
    np.minimum.at(best, which, hits)
    return [
        int(hit) if hit < len(shapes) else int(tree.nearest(points[number]))
        for number, hit in enumerate(best)
    ]


def _grid_of(zones: Sequence[Any], grids: Sequence[Any]) -> list[int]:
    if not grids:
        return [-1] * len(zones)
    inside = [zone.representative_point() for zone in zones]
    found = _nearest(grids, inside)
    return [
        number if grids[number].intersects(point) else -1
        for number, point in zip(found, inside, strict=True)
    ]


def _sites_by_zone(zones: Sequence[Any], sites: Sequence[Site]) -> dict[int, list[int]]:
    members: dict[int, list[int]] = defaultdict(list)
    for number, zone in enumerate(_nearest(zones, [Point(s.lon, s.lat) for s in sites])):
        members[zone].append(number)
    return members


def _voronoi(zone: Any, sites: Sequence[Site], scale: float) -> Any:
    """Return the edges between the cells of some sites inside a zone, right in metres."""
    wide = _stretch(zone, scale)
    points = MultiPoint([(site.lon * scale, site.lat) for site in sites])
    edges = shapely.voronoi_polygons(points, extend_to=wide, only_edges=True)
    return _stretch(edges, 1 / scale).intersection(zone)


def _stretch(shape: Any, scale: float) -> Any:
    return shapely.transform(shape, lambda xy: xy * np.array([scale, 1.0]))


def _segments(faces: Sequence[Any]) -> dict[Segment, list[int]]:
    found: dict[Segment, list[int]] = defaultdict(list)
    for number, face in enumerate(faces):
        for ring in (face.exterior, *face.interiors):
            corners = [(x, y) for x, y in shapely.get_coordinates(ring).tolist()]
            for a, b in pairwise(corners):
                found[(a, b) if a < b else (b, a)].append(number)
    return dict(found)


class _Joining:
    """Join faces to cells: one around each site; what holds no site goes to a neighbour."""

    def __init__(
        self, faces: list[Any], zone_of: list[int], segments: dict[Segment, list[int]], scale: float
    ) -> None:
        self.faces, self.zone_of, self.scale = faces, zone_of, scale
        self.seeds: set[int] = set()
        self.near: list[dict[int, float]] = [{} for _ in faces]
        for ((x1, y1), (x2, y2)), beside in segments.items():
            if len(beside) == 2:
                a, b = beside
                length = hypot((x2 - x1) * scale, y2 - y1)
                self.near[a][b] = self.near[b][a] = self.near[a].get(b, 0.0) + length

    def join(
        self,
        members: dict[int, list[int]],
        sites: Sequence[Site],
        zone_old: Sequence[int],
        fixed: Sequence[bool],
    ) -> tuple[list[int], list[list[int]]]:
        """Return each face's cell, and each cell's sites."""
        by_zone: dict[int, list[int]] = defaultdict(list)
        for face, zone in enumerate(self.zone_of):
            by_zone[zone].append(face)
        cell_of = [-1] * len(self.faces)
        cell_sites: list[list[int]] = []
        for zone, faces in sorted(by_zone.items()):
            numbers = members.get(zone, [])
            whole = zone_old[zone] >= 0 and fixed[zone_old[zone]]
            if whole or len(numbers) == 1:
                homes = {faces[0]: numbers}
            elif numbers:
                homes = self._homes(faces, numbers, sites)
            else:
                homes = {f: [] for f in faces if square_metres(self.faces[f]) >= SMALLEST_ZONE_M2}
            for face, held in homes.items():
                cell_of[face] = len(cell_sites)
                cell_sites.append(held)
                self.seeds.add(face)
        self._adopt(cell_of, cell_sites)
        return cell_of, cell_sites

    def _homes(
        self, faces: list[int], numbers: list[int], sites: Sequence[Site]
    ) -> dict[int, list[int]]:
        points = [Point(sites[n].lon * self.scale, sites[n].lat) for n in numbers]
        tree = shapely.STRtree(points)
        pieces: dict[int, list[int]] = defaultdict(list)
        for face in faces:
            inside = self.faces[face].representative_point()
            pieces[int(tree.nearest(Point(inside.x * self.scale, inside.y)))].append(face)
        homes: dict[int, list[int]] = defaultdict(list)
        for index, number in enumerate(numbers):
            here = Point(sites[number].lon, sites[number].lat)
            # A site whose own cell vanished by rounding lives with whoever holds its place.
            home = min(pieces.get(index) or faces, key=lambda f: self.faces[f].distance(here))
            homes[home].append(number)
        return homes

    def _adopt(self, cell_of: list[int], cell_sites: list[list[int]]) -> None:
        lost = [face for face, cell in enumerate(cell_of) if cell < 0]
        while lost:
            left = []
            for face in lost:
                found = [(n, m) for n, m in self.near[face].items() if cell_of[n] >= 0]
                if found:
                    same = [one for one in found if self.zone_of[one[0]] == self.zone_of[face]]
                    cell_of[face] = cell_of[max(same or found, key=lambda one: one[1])[0]]
                else:
                    left.append(face)
            if len(left) == len(lost):  # an island without dwellings is a cell of its own
                cell_of[left[0]] = len(cell_sites)
                cell_sites.append([])
                left = left[1:]
            lost = left
