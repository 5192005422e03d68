"""Who answers for a door: from a place up to its subdistrict, the units and their people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..areas.models import Area
from ..areas.queries import in_force, path_codes
from .models import Account, AccountKind, Unit

TIERS = {"grid": 15, "community": 12, "subdistrict": 9}
MOST = 12


@dataclass(frozen=True)
class Tier:
    """One of the three tiers: its area, the unit that works there, and its people."""

    area: Area
    unit: Unit | None
    people: tuple[Account, ...]


def tiers_of(area: Area) -> list[Tier]:
    """Return grid, community and subdistrict of a place, as far down as the place is known.

    The people of a tier are those of its unit who log in, at most twelve; in three queries.
    """
    codes = [code for code in path_codes(area.code) if len(code) in TIERS.values()]
    areas = {row.code: row for row in in_force().filter(code__in=codes)}
    units: dict[str, Unit] = {}
    rows = Unit.objects.filter(area_code__in=codes, kind__in=TIERS, active=True).order_by("-pk")
    for unit in rows:
        if len(unit.area_code) == TIERS[unit.kind]:
            units[unit.area_code] = unit
    people: dict[Any, list[Account]] = {}
    staff = Account.objects.filter(unit__in=units.values(), kind=AccountKind.STAFF, is_active=True)
    for account in staff.order_by("pk"):
        people.setdefault(account.unit_id, []).append(account)
    found = []
    for code in sorted(areas, key=len, reverse=True):
        there = units.get(code)
        named = people.get(there.pk, []) if there else []
        found.append(Tier(areas[code], there, tuple(named[:MOST])))
    return found
