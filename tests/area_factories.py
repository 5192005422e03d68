"""What stands on areas, for tests."""

from __future__ import annotations

from factories import MONDAY, spot, tile
from linli.base.areas.models import Area, Resource


def make_resource(area: Area, kind="police", at=None, name="社区警务室", **more):
    """Return a resource on a grid."""
    lon, lat = at or spot(0.5, 0.5)
    more |= {"kind": kind, "name": name, "area": area, "area_code": area.code}
    return Resource.objects.create(lon=lon, lat=lat, **more)


def make_duty(area: Area, post="community_lead", name="赵建国", **more):
    """Return a duty at an area since the beginning."""
    from linli.base.areas.models import Duty

    more = {"valid_from": area.valid_from, "phone": "19000000001"} | more
    return Duty.objects.create(area=area, area_code=area.code, post=post, name=name, **more)


def make_layout_plan(community: Area, grids: int = 4):
    """Make a waiting proposal of some grids in a row, each of 400 households."""
    from shapely.geometry import mapping

    from linli.base.areas.models import LayoutPlan, PlanState

    rows = [
        {
            "name": f"第{n + 1}网格",
            "households": 400,
            "dwellings": 8,
            "special": False,
            "same": False,
            "sources": ["第1网格"],
            "boundary": mapping(tile(n, 0)),
        }
        for n in range(grids)
    ]
    figures = {"kept": 100.0, "new": 20.0, "dropped": 5.0, "moved_households": 30}
    return LayoutPlan.objects.create(
        area=community, area_code=community.code, state=PlanState.WAITING, low=300, high=500,
        token="", before=rows, after=rows, figures=figures, asked_at=MONDAY,
    )  # fmt: skip
