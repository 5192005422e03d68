"""From a point to its grid, one at a time and many at once."""

from __future__ import annotations

import time
from random import Random

from shapely.geometry import box

from linli.base.areas.generate import layout
from linli.base.areas.locate import GridIndex, Place

from .table import show, spread


def run(*, grids: int, points: int, repeats: int) -> None:
    """Print points per second on so many generated grids."""
    outline = box(119.0, 36.6, 119.25, 36.8)
    cells = layout(outline, [1], grids).cells
    index = GridIndex([Place(n, f"{n:015d}", "") for n in range(len(cells))], cells)
    rng = Random(1)
    lons = [rng.uniform(119.0, 119.25) for _ in range(points)]
    lats = [rng.uniform(36.6, 36.8) for _ in range(points)]
    single, many = [], []
    for _ in range(repeats):
        some = min(points, 5000)
        began = time.perf_counter()
        found = [index.find(lon, lat) for lon, lat in zip(lons[:some], lats[:some], strict=True)]
        single.append(some / (time.perf_counter() - began))
        began = time.perf_counter()
        every = index.find_many(lons, lats)
        many.append(points / (time.perf_counter() - began))
        if found != every[:some] or None in found:
            raise RuntimeError("single and bulk look-up do not agree")
    show(
        f"Point to grid on {len(cells):,} grids, {repeats} repeats: median (range)",
        ("", "points per second"),
        (("one at a time", spread(single)), (f"{points:,} at once", spread(many))),
    )
