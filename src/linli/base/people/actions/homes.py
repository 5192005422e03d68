"""Add and correct buildings and dwellings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from linli.kernel.scope import Actor

from ...areas.models import Area
from ..addresses import address_key, room_key
from ..changes.recording import begin, change, lock
from ..models import Building, Dwelling
from ..queries import get_building, get_dwelling
from .residents import require

BUILDING_FIELDS = ("name", "address", "kind", "floors", "units", "built", "lifts", "lon", "lat")
DWELLING_FIELDS = ("unit", "room", "use", "surface")


@transaction.atomic
def add_building(
    *, actor: Actor, now: datetime, area: Area, source: str, values: Mapping[str, Any]
) -> Building:
    """Register a building of a grid; raises NotAllowed, ValidationError where it stands already."""
    require(actor, "people.edit", area.code)
    row = Building(
        area=area, area_code=area.code, key=address_key(values["address"]), source=source[:40],
        recorded_at=now, **{name: values.get(name) for name in BUILDING_FIELDS if name in values},
    )  # fmt: skip
    _lock_area(area)
    _refuse_building(row)
    begin(row, "building", actor=actor, now=now)
    return row


def _lock_area(area: Area) -> None:
    Area.objects.select_for_update(no_key=True).get(pk=area.pk)


def _refuse_building(row: Building) -> None:
    twins = Building.objects.filter(area_id=row.area_id, key=row.key, closed_on=None)
    if twins.exclude(pk=row.pk).exists():
        raise ValidationError({"address": _("这个网格已登记了同一地址的楼栋。")})


@transaction.atomic
def edit_building(
    building_id: int,
    *,
    actor: Actor,
    now: datetime,
    values: Mapping[str, Any],
    source: str,
    expected: int | None = None,
) -> list[str]:
    """Correct a building and return the names of the fields that differ.

    Raises Http404 outside the scope, NotAllowed, Overtaken, ValidationError.
    """
    seen = get_building(actor, building_id)
    require(actor, "people.edit", seen.area_code)
    row = lock(Building, building_id, expected, "building")
    row.key = address_key(values.get("address", row.address))
    _refuse_building(row)
    wanted = {name: values[name] for name in BUILDING_FIELDS if name in values}
    return change(row, "building", wanted, source=source, actor=actor, now=now)


@transaction.atomic
def add_dwelling(
    building_id: int, *, actor: Actor, now: datetime, source: str, values: Mapping[str, Any]
) -> Dwelling:
    """Register a dwelling of a building; raises as `add_building` does."""
    seen = get_building(actor, building_id)
    require(actor, "people.edit", seen.area_code)
    building = Building.objects.select_for_update(of=("self",)).get(pk=building_id)
    row = Dwelling(
        building=building, area_code=building.area_code, source=source[:40], recorded_at=now,
        key=room_key(values.get("unit", ""), values["room"]),
        **{name: values[name] for name in DWELLING_FIELDS if name in values},
    )  # fmt: skip
    _refuse_dwelling(row)
    begin(row, "dwelling", actor=actor, now=now)
    return row


def _refuse_dwelling(row: Dwelling) -> None:
    twins = Dwelling.objects.filter(building_id=row.building_id, key=row.key, closed_on=None)
    if twins.exclude(pk=row.pk).exists():
        raise ValidationError({"room": _("这栋楼已登记了同一单元的这个房号。")})


@transaction.atomic
def edit_dwelling(
    dwelling_id: int,
    *,
    actor: Actor,
    now: datetime,
    values: Mapping[str, Any],
    source: str,
    expected: int | None = None,
) -> list[str]:
    """Correct a dwelling and return the names of the fields that differ; raises as the others."""
    seen = get_dwelling(actor, dwelling_id)
    require(actor, "people.edit", seen.area_code)
    Building.objects.select_for_update(of=("self",)).get(pk=seen.building_id)
    row = lock(Dwelling, dwelling_id, expected, "dwelling")
    row.key = room_key(values.get("unit", row.unit), values.get("room", row.room))
    _refuse_dwelling(row)
    wanted = {name: values[name] for name in DWELLING_FIELDS if name in values}
    return change(row, "dwelling", wanted, source=source, actor=actor, now=now)
