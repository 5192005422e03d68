"""From a point to its grid: one spatial index for each process, made anew when a border moves."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely.geometry import shape

from .models import Area, BoundaryRevision, Level

CHECK_SECONDS = 3.0


@dataclass(frozen=True)
class Place:
    """The grid (or the smallest area with a boundary) that holds a point."""

    area_id: int
    code: str
    name: str


class GridIndex:
    """A spatial index over non-overlapping areas."""

    def __init__(self, places: Sequence[Place], shapes: Sequence[Any]) -> None:
        order = sorted(range(len(places)), key=lambda index: places[index].code)
        self.places = [places[index] for index in order]
        self.shapes = np.array([shapes[index] for index in order], dtype=object)
        shapely.prepare(self.shapes)
        self.tree = shapely.STRtree(self.shapes)

    def find(self, lon: float, lat: float) -> Place | None:
        """Return the area that holds the point; on a shared border, the one with the lower code."""
        hits = self.tree.query(shapely.Point(lon, lat), predicate="intersects")
        return self.places[int(hits.min())] if hits.size else None

    def find_many(self, lons: Any, lats: Any) -> list[Place | None]:
        """Return the area of each point, as `find` would."""
        points: Any = shapely.points(np.asarray(lons, dtype=float), np.asarray(lats, dtype=float))
        best = np.full(len(points), len(self.places), dtype=np.int64)
        which, hits = self.tree.query(points, predicate="intersects")
        np.minimum.at(best, which, hits)
        return [self.places[i] if i < len(self.places) else None for i in best]


_lock = threading.Lock()
_state: dict[str, Any] = {"revision": None, "index": None, "checked": 0.0}


def grid_index() -> GridIndex:
    """Return this process's index of all grids in force."""
    now = time.monotonic()
    if _state["index"] is not None and now - _state["checked"] < CHECK_SECONDS:
        index: GridIndex = _state["index"]
        return index
    with _lock:
        row = BoundaryRevision.objects.first()
        revision = row.revision if row else 0
        if _state["index"] is None or _state["revision"] != revision:
            _state["index"] = _load()
            _state["revision"] = revision
        _state["checked"] = now
        fresh: GridIndex = _state["index"]
        return fresh


def forget() -> None:
    """Drop the index; the next look-up loads it anew."""
    _state.update(revision=None, index=None, checked=0.0)


def _load() -> GridIndex:
    rows = Area.objects.filter(level=Level.GRID, valid_to=None, boundary__isnull=False)
    places, shapes = [], []
    for pk, code, name, boundary in rows.values_list("pk", "code", "name", "boundary"):
        places.append(Place(pk, code, name))
        shapes.append(shape(boundary or {}))
    return GridIndex(places, shapes)


def locate(lon: float, lat: float) -> Place | None:
    """Return the grid at a WGS 84 point, or None outside the district or for an absurd point."""
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        return None
    return grid_index().find(lon, lat)


def locate_many(lons: Any, lats: Any) -> list[Place | None]:
    """Return the grid of each point."""
    return grid_index().find_many(lons, lats)
