"""What stands on areas, for tests."""

from __future__ import annotations

from factories import spot
from linli.base.areas.models import Area, Resource


def make_resource(area: Area, kind="police", at=None, name="社区警务室", **more):
    """Return a resource on a grid."""
    lon, lat = at or spot(0.5, 0.5)
    more |= {"kind": kind, "name": name, "area": area, "area_code": area.code}
    return Resource.objects.create(lon=lon, lat=lat, **more)
