"""What of the registers moves along when areas end or borders move."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from linli.kernel.scope import Actor

from ...areas.models import Area, Level
from ..models import (
    Building,
    CareTag,
    ChangeRequest,
    Dwelling,
    ErasureRequest,
    Household,
    ImportState,
    LedgerImport,
    Organisation,
    Resident,
)

Locate = Callable[[float, float], Area | None]


def move_buildings(
    old: Area, new: Sequence[Area], locate: Locate, _now: datetime, _actor: Actor
) -> int:
    """Move the buildings of an area by their point, with dwellings, households and residents.

    One without a point, or recorded at a building group, goes to the chief heir. Closed ones stay
    as they were recorded.
    """
    chief = _chief(old, new)
    moved = 0
    rows = Building.objects.filter(area=old, closed_on=None)
    for building in rows.select_for_update(of=("self",)):
        heir = _heir(building, locate, chief)
        if (heir.pk, heir.code) == (building.area_id, building.area_code):
            continue
        Building.objects.filter(pk=building.pk).update(area=heir, area_code=heir.code)
        homes = Dwelling.objects.filter(building=building)
        homes.update(area_code=heir.code)
        Household.objects.filter(dwelling__building=building, closed_on=None).update(
            area_code=heir.code
        )
        people = Resident.objects.filter(dwelling__building=building)
        CareTag.objects.filter(resident__in=people, ended_on=None).update(area_code=heir.code)
        people.update(area=heir, area_code=heir.code)
        moved += 1
    return moved


def move_residents(
    old: Area, new: Sequence[Area], _locate: Locate, _now: datetime, _actor: Actor
) -> int:
    """Move the register's people of an area to its chief heir; return how many.

    Those with a dwelling have moved with their building. Those recorded at a building group stay
    with it: it keeps its identity, and its code follows.
    """
    chief = _chief(old, new)
    rows = Resident.objects.filter(area=old).exclude(area=chief, area_code=chief.code)
    CareTag.objects.filter(resident__in=rows, ended_on=None).update(area_code=chief.code)
    return rows.update(area=chief, area_code=chief.code)


def move_requests(
    old: Area, _new: Sequence[Area], _locate: Locate, _now: datetime, _actor: Actor
) -> int:
    """Move corrections and erasures that nobody decided yet to their resident's area."""
    return sum(_follow(model, old) for model in (ChangeRequest, ErasureRequest))


def _follow(model: type[ChangeRequest] | type[ErasureRequest], old: Area) -> int:
    """Move undecided requests of an area to where their resident is now."""
    moved = 0
    rows: Any = model.objects
    waiting = rows.select_for_update(of=("self",)).filter(area_code=old.code, decided_at=None)
    for request in waiting.select_related("resident"):
        if request.resident.area_code != request.area_code:
            request.area_code = request.resident.area_code
            request.save(update_fields=["area_code"])
            moved += 1
    return moved


def move_imports(
    old: Area, new: Sequence[Area], _locate: Locate, _now: datetime, _actor: Actor
) -> int:
    """Move imports that wait for a decision to the chief heir; what is done stays as it was."""
    chief = _chief(old, new)
    rows = LedgerImport.objects.filter(area=old).exclude(area=chief, area_code=chief.code)
    waiting = rows.exclude(state__in=(ImportState.DONE, ImportState.UNDONE))
    return waiting.update(area=chief, area_code=chief.code)


def move_organisations(
    old: Area, new: Sequence[Area], locate: Locate, _now: datetime, _actor: Actor
) -> int:
    """Move the open organisations of an area by their point, else to the chief heir."""
    chief, moved = _chief(old, new), 0
    for body in Organisation.objects.filter(area=old, closed_on=None):
        heir = _heir(body, locate, chief)
        if (heir.pk, heir.code) != (body.area_id, body.area_code):
            Organisation.objects.filter(pk=body.pk).update(area=heir, area_code=heir.code)
            moved += 1
    return moved


def _chief(old: Area, new: Sequence[Area]) -> Area:
    return next((area for area in new if area.pk == old.pk), new[0])


def _heir(row: Any, locate: Locate, chief: Area) -> Area:
    if chief.level == Level.BUILDING or row.lon is None or row.lat is None:
        return chief
    return locate(row.lon, row.lat) or chief
