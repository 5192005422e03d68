"""Invented resources for the demonstration: the same kinds stand in every community."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils import timezone

from linli.kernel.scope import SYSTEM

from ..models import Area, Level, Resource, ResourceKind
from ..naming import short_name
from .actions import due_on, load_resources

NAMES = {
    ResourceKind.POLICE: ("警务室", "全天"),
    ResourceKind.CLINIC: ("卫生服务站", "8:00—18:00"),
    ResourceKind.FIRE_STATION: ("微型消防站", "全天"),
    ResourceKind.HYDRANT: ("消火栓", ""),
    ResourceKind.AED: ("服务大厅AED", "8:30—17:30"),
    ResourceKind.PROPERTY: ("物业服务处", "8:00—20:00"),
    ResourceKind.SHELTER: ("应急避难点", "全天"),
    ResourceKind.SCHOOL: ("小学", ""),
    ResourceKind.URBAN: ("城管驿站", "8:00—22:00"),
    ResourceKind.ELDERLY_CARE: ("养老服务站", "8:00—17:30"),
    ResourceKind.SUPPLIES: ("应急物资库", "全天"),
    ResourceKind.KEY_SITE: ("燃气换瓶站", ""),
}
CHECKED = {  # days between two checks
    ResourceKind.HYDRANT: 30, ResourceKind.AED: 30, ResourceKind.FIRE_STATION: 30,
    ResourceKind.SUPPLIES: 90, ResourceKind.KEY_SITE: 30,
}  # fmt: skip
CONTACTS = ("王示例", "李示例", "张示例", "刘示例", "陈示例")
SILENT = {ResourceKind.HYDRANT, ResourceKind.AED, ResourceKind.SHELTER}


def place_resources(now: datetime) -> None:
    """Place one resource of each kind in every community, and a second hydrant and AED.

    Each stands on a building's point of one of the community's grids. The phones are invented.
    """
    buildings: dict[str, list[Area]] = {}
    rows = Area.objects.filter(level=Level.BUILDING, valid_to=None, lon__isnull=False)
    for row in rows.select_related("parent").defer("parent__boundary").order_by("code"):
        buildings.setdefault(row.code[:12], []).append(row)
    whole = Area.objects.filter(level=Level.COMMUNITY).values_list("code", "name")
    named = {code: short_name(name) for code, name in whole}
    made: list[Resource] = []
    today = timezone.localdate(now)
    for code, spots in buildings.items():
        kinds = [*NAMES, ResourceKind.HYDRANT, ResourceKind.AED]
        for number, kind in enumerate(kinds):
            spot = spots[number * len(spots) // len(kinds)]
            made.append(_resource(kind, spot, named[code], len(made), today))
    load_resources(made, actor=SYSTEM, now=now)


def _resource(kind: ResourceKind, spot: Area, community: str, number: int, today: date) -> Resource:
    name, hours = NAMES[kind]
    grid = spot.parent or spot
    every = CHECKED.get(kind)
    checked = today - timedelta(days=number * 7 % 36) if every else None  # a few are overdue
    silent = kind in SILENT
    return Resource(
        kind=kind, name=f"{community}{name}", hours=hours, address=spot.address or spot.name,
        organisation="" if silent else f"{community}{name}",
        contact="" if silent else CONTACTS[number % len(CONTACTS)],
        checked_on=checked, check_every=every, check_due=due_on(checked, every, today),
        phone="" if silent else f"1900000{number % 10_000:04d}",
        area=grid, area_code=grid.code, lon=spot.lon or 0.0, lat=spot.lat or 0.0,
    )  # fmt: skip
