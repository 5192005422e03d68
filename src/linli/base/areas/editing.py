"""What an edit of grids needs to know: the version of a layout, and how to call a spot."""

from __future__ import annotations

import json
from hashlib import blake2b
from math import cos, hypot, radians
from typing import Any

from django.utils.translation import gettext as _

from .coverage import METRES_PER_DEGREE
from .models import Area, Level


def layout_token(community: Area) -> str:
    """Return a text that changes whenever a grid of the community begins, ends or moves."""
    digest = blake2b(digest_size=12)
    rows = community.children.filter(valid_to=None).order_by("pk")
    for pk, code, name, boundary in rows.values_list("pk", "code", "name", "boundary"):
        digest.update(json.dumps([pk, code, name, boundary]).encode())
    return digest.hexdigest()


def metres(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Return the distance of two points (lon, lat) within a city, in metres."""
    east = (a[0] - b[0]) * cos(radians(a[1]))
    return hypot(east, a[1] - b[1]) * METRES_PER_DEGREE


def whereabouts(community: Area, lon: float, lat: float) -> str:
    """Say where a point is: near which building group, and its position."""
    rows = Area.objects.filter(
        level=Level.BUILDING, valid_to=None, lon__isnull=False,
        code__gte=community.code, code__lt=f"{community.code}:",
    ).values_list("name", "lon", "lat")  # fmt: skip
    near: Any = min(
        rows, key=lambda row: metres((row[1] or 0.0, row[2] or 0.0), (lon, lat)), default=None
    )
    place = {"lon": lon, "lat": lat, "name": near[0] if near else ""}
    if near is None:
        return _("东经%(lon).5f°、北纬%(lat).5f°") % place
    return _("%(name)s附近，东经%(lon).5f°、北纬%(lat).5f°") % place
