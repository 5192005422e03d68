"""Who answers for a door: from a place up to its subdistrict, the units and their people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from ..areas.models import Area
from ..areas.queries import PostLine, duty_board, in_force, path_codes
from .models import Account, AccountKind, Unit

TIERS = {"grid": 15, "community": 12, "subdistrict": 9}
MOST = 12


@dataclass(frozen=True)
class Tier:
    """One of the three tiers: its area, its posts, the unit that works there, its other people."""

    area: Area
    unit: Unit | None
    people: tuple[Account, ...]
    posts: tuple[PostLine, ...] = ()


def tiers_of(area: Area, day: date) -> list[Tier]:
    """Return grid, community and subdistrict of a place, as far down as the place is known.

    The people of a tier are those of its unit who log in and hold none of its posts, at most
    twelve; in five queries. The posts of a building group stand with its grid's.
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
    found, board = [], duty_board(path_codes(area.code), day)
    for code in sorted(areas, key=len, reverse=True):
        there = units.get(code)
        posts = board[code]
        if len(code) == TIERS["grid"] and code != area.code:
            posts = [*board[area.code], *posts]
        posted = {one.account_id for line in posts for one in line.holders}
        named = [one for one in people.get(there.pk, []) if one.pk not in posted] if there else []
        found.append(Tier(areas[code], there, tuple(named[:MOST]), tuple(posts)))
    return found
