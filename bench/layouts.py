"""A new layout of grids for thousands of dwellings, from the points to shapes that tile."""

from __future__ import annotations

import statistics
import time
from random import Random

import shapely
from shapely.geometry import Point, box

from linli.base.areas.coverage import square_metres
from linli.base.areas.generate import layout
from linli.base.areas.layout.borders import ROUNDING
from linli.base.areas.layout.dwellings import Dwelling
from linli.base.areas.layout.proposal import Proposal, Standing, propose
from linli.base.areas.layout.rules import HIGH, LOW, Wish

from .table import show

LIMIT_S = 60.0
HOUSEHOLDS = (1, 2, 3, 6, 8)  # 4 each on average


def run(*, dwellings: int) -> bool:
    """Print time, bounds and spread of one proposal; return whether it kept to the limit."""
    outline = box(119.0, 36.6, 119.05, 36.64)
    rng = Random(1)
    many = [
        Dwelling(
            round(rng.uniform(119.0001, 119.0499), 7),
            round(rng.uniform(36.6001, 36.6399), 7),
            rng.choice(HOUSEHOLDS),
        )
        for _ in range(dwellings)
    ]
    total = sum(one.households for one in many)
    standing = [Standing(cell) for cell in layout(outline, [1], max(2, total // 400)).cells]
    began = time.perf_counter()
    found = propose(outline, standing, many, Wish())
    took = time.perf_counter() - began
    _check(found, outline, many)
    counts = [draft.households for draft in found.drafts]
    inside = sum(LOW <= count <= HIGH for count in counts)
    within = f"{inside} of {len(counts)} (before {sum(LOW <= n <= HIGH for n in found.before)}"
    borders = found.borders
    show(
        f"Layout for {dwellings:,} dwellings, {total:,} households",
        ("", "value"),
        (
            ("seconds", f"{took:.1f}"),
            (f"grids within {LOW} to {HIGH}", f"{within} of {len(found.before)})"),
            ("households per grid", f"{min(counts)}–{max(counts)}"),
            (
                "standard deviation (before)",
                f"{statistics.pstdev(counts):.1f} ({statistics.pstdev(found.before):.1f})",
            ),
            ("border kept, m", f"{borders.kept:,.0f}"),
            ("border new, m", f"{borders.new:,.0f}"),
            ("households that change grid", f"{found.moved_households:,}"),
        ),
    )
    return took < LIMIT_S and inside == len(counts)


def _check(found: Proposal, outline: object, many: list[Dwelling]) -> None:
    """Raise where the proposal does not tile, or a dwelling is not in exactly its grid."""
    shapes = [draft.shape for draft in found.drafts]
    if any(shape.geom_type != "Polygon" for shape in shapes):
        raise RuntimeError("a grid is in pieces")
    rest = square_metres(shapely.symmetric_difference(shapely.union_all(shapes), outline))
    if not shapely.coverage_is_valid(shapes) or rest > 1.0:
        raise RuntimeError("the grids do not tile")
    held = sorted(number for draft in found.drafts for number in draft.dwellings)
    if held != list(range(len(many))):
        raise RuntimeError("a dwelling is in no grid, or in two")
    for draft in found.drafts:
        places = [Point(many[n].lon, many[n].lat) for n in draft.dwellings]
        if not all(draft.shape.dwithin(place, ROUNDING) for place in places):
            raise RuntimeError("a dwelling lies outside its grid")
