"""Turn groups of cells into shapes that tile exactly, with new borders drawn smoothly.

Borders that stand already keep every corner; new ones, which zigzag between the cells of
dwellings, are simplified between their ends. Should that put a dwelling on the wrong side or break
the tiling, less is simplified, in the end nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import shapely
from shapely.geometry import LineString, Point

from ..coverage import square_metres
from ..generate import PRECISION
from .cells import Cells, Corner, Segment, Site

SMOOTH_METRES = (12.0, 5.0, 2.0)
# Between dwellings a hand apart a border cannot run finer than the map is rounded: one of them may
# lie up to ten centimetres beyond it.
ROUNDING = 10 * PRECISION
DEGREES_PER_METRE = 1 / 111_320.0
OUTLINE, STANDING, NEW = "outline", "standing", "new"


@dataclass(frozen=True)
class Lengths:
    """Metres of border inside the outline: kept as they stood, newly drawn, and given up."""

    kept: float
    new: float
    dropped: float


def lengths(cells: Cells, group_of: Sequence[int]) -> Lengths:
    """Return how much border a division keeps, draws and gives up; `group_of` is per cell."""
    kept = new = dropped = 0.0
    for segment, faces in cells.segments.items():
        if len(faces) < 2:
            continue
        first, second = (cells.cell_of[face] for face in faces)
        stood = cells.old[first] != cells.old[second]
        parted = group_of[first] != group_of[second]
        metres = cells.length(segment) if stood or parted else 0.0
        kept += metres if stood and parted else 0.0
        new += metres if parted and not stood else 0.0
        dropped += metres if stood and not parted else 0.0
    return Lengths(kept, new, dropped)


def shapes(cells: Cells, group_of: Sequence[int], sites: Sequence[Site]) -> list[Any]:
    """Return one shape per group; together they tile the outline."""
    plain = _plain(cells, group_of)
    chains = _chains(cells, group_of)
    for metres in SMOOTH_METRES:
        smooth = _drawn(cells, chains, metres, plain)
        if smooth is not None and _holds(cells, group_of, sites, smooth, plain):
            return smooth
    exact = _drawn(cells, chains, 0.0, plain)
    if exact is not None and _holds(cells, group_of, sites, exact, plain):
        return exact
    return plain


def _plain(cells: Cells, group_of: Sequence[int]) -> list[Any]:
    held: list[list[Any]] = [[] for _ in range(max(group_of) + 1)]
    for face, cell in enumerate(cells.cell_of):
        held[group_of[cell]].append(cells.faces[face])
    return [shapely.coverage_union_all(faces) for faces in held]


def _kind(cells: Cells, group_of: Sequence[int], faces: Sequence[int]) -> str:
    if len(faces) < 2:
        return OUTLINE
    first, second = (cells.cell_of[face] for face in faces)
    if group_of[first] == group_of[second]:
        return ""
    return STANDING if cells.old[first] != cells.old[second] else NEW


def _chains(cells: Cells, group_of: Sequence[int]) -> list[tuple[str, list[Corner]]]:
    """Return the borders as lines from one meeting point to the next, each of one kind."""
    kinds: dict[Segment, str] = {}
    ends: dict[Corner, list[Segment]] = defaultdict(list)
    for segment, faces in cells.segments.items():
        kind = _kind(cells, group_of, faces)
        if kind:
            kinds[segment] = kind
            ends[segment[0]].append(segment)
            ends[segment[1]].append(segment)
    nodes = {
        corner
        for corner, beside in ends.items()
        if len(beside) != 2 or kinds[beside[0]] != kinds[beside[1]]
    }
    chains, left = [], set(kinds)
    starts = [(corner, segment) for corner in sorted(nodes) for segment in ends[corner]]
    for corner, segment in [*starts, *((segment[0], segment) for segment in sorted(kinds))]:
        if segment not in left:
            continue
        line = [corner]
        here: Segment | None = segment
        while here is not None:
            left.discard(here)
            line.append(here[1] if here[0] == line[-1] else here[0])
            onward = [] if line[-1] in nodes else [one for one in ends[line[-1]] if one in left]
            here = onward[0] if onward else None
        chains.append((kinds[segment], line))
    return chains


def _drawn(
    cells: Cells, chains: Sequence[tuple[str, list[Corner]]], metres: float, plain: list[Any]
) -> list[Any] | None:
    lines = []
    for kind, line in chains:
        if kind == NEW:
            lines.append(_simplified(line, metres, cells.scale))
        else:  # what cutting added to standing borders goes again, but for meeting points
            inner = [corner for corner in line[1:-1] if corner in cells.corners]
            closed = line[0] == line[-1] and len(inner) < 2
            lines.append(LineString(line if closed else [line[0], *inner, line[-1]]))
    pieces = [piece for piece in shapely.get_parts(shapely.polygonize(lines)) if not piece.is_empty]
    tree = shapely.STRtree(pieces)
    held: list[list[Any]] = [[] for _ in plain]
    taken: set[int] = set()
    for group, shape in enumerate(plain):
        for part in shapely.get_parts(shape):
            shared = [
                (pieces[n].intersection(part).area, int(n))
                for n in tree.query(part)
                if int(n) not in taken and pieces[n].is_valid
            ]
            if not shared or max(shared)[0] <= 0:
                return None
            taken.add(max(shared)[1])
            held[group].append(pieces[max(shared)[1]])
    return [parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts) for parts in held]


def _simplified(line: list[Corner], metres: float, scale: float) -> LineString:
    if not metres or line[0] == line[-1]:
        return LineString(line)
    wide = LineString([(x * scale, y) for x, y in line])
    kept = shapely.simplify(wide, metres * DEGREES_PER_METRE)
    where = {(x * scale, y): (x, y) for x, y in line}  # back to the very same corners
    return LineString([where[x, y] for x, y in shapely.get_coordinates(kept).tolist()])


def _holds(
    cells: Cells, group_of: Sequence[int], sites: Sequence[Site], drawn: list[Any], plain: list[Any]
) -> bool:
    """Tell whether shapes tile as before and still hold every site of theirs."""
    if not all(shape.is_valid for shape in drawn) or not shapely.coverage_is_valid(drawn):
        return False
    before, after = (square_metres(shapely.coverage_union_all(many)) for many in (plain, drawn))
    if abs(before - after) > 1.0:
        return False
    shapely.prepare(drawn)
    for cell, numbers in enumerate(cells.sites):
        shape = drawn[group_of[cell]]
        places = [Point(sites[number].lon, sites[number].lat) for number in numbers]
        if not all(shape.dwithin(place, ROUNDING) for place in places):
            return False
    return True
