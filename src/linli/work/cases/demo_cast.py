"""Who and where the demonstration's cases are about: read once from the registers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from shapely import Point, contains
from shapely.geometry import shape

from linli.base.accounts.models import Account, GrantRow, Unit
from linli.base.areas.models import Area
from linli.kernel.scope import Actor, Grant

from .dispatching import rule_for
from .models import Category


@dataclass
class Place:
    """A grid with the units above it, the people who work there and what is going on."""

    area: Area
    community: Area
    weight: float
    diligence: float
    units: dict[str, Unit]
    staff: dict[str, list[Actor]]
    residents: list[Account]
    _outline: Any = None

    def point(self, rng: Random) -> tuple[float | None, float | None]:
        """Return a point in the grid, or nothing where its place is unknown."""
        if self.area.lon is None or self.area.lat is None:
            return None, None
        if self._outline is None and self.area.boundary:
            self._outline = shape(self.area.boundary)
        if self._outline is not None:
            west, south, east, north = self._outline.bounds
            for _ in range(6):
                lon, lat = rng.uniform(west, east), rng.uniform(south, north)
                if contains(self._outline, Point(lon, lat)):
                    return round(lon, 6), round(lat, 6)
        return self.area.lon, self.area.lat


@dataclass
class Cast:
    """All places, departments by line, the district's people, and the named log-ins."""

    places: list[Place]
    departments: dict[str, Unit]
    handlers: dict[int, list[Actor]]
    district: list[Actor]
    agents: list[Actor]
    focus: list[tuple[Actor, Account]] = field(default_factory=list)

    def unit_for(self, category: Category, place: Place, at: Any) -> tuple[Unit, bool]:
        """Return the unit the rules name and whether they dispatch by themselves."""
        rule = rule_for(category, place.area.code, at)
        target = rule.target if rule else "subdistrict"
        found = (
            self.departments.get(category.line)
            if target == "department"
            else place.units.get(target)
        )
        unit = found or place.units["subdistrict"]
        return unit, bool(rule and rule.automatic and found)

    def workers(self, unit: Unit) -> list[Actor]:
        """Return the people who do a unit's work."""
        return self.handlers.get(unit.pk, [])


class NothingToStandOn(RuntimeError):
    """Areas or accounts are missing: load them before the cases."""


def read_cast(rng: Random, focus: Iterable[str] = ()) -> Cast:
    """Return the cast; raises NothingToStandOn where no grid has anyone to work in it."""
    actors, accounts = _staff()
    units = list(Unit.objects.filter(active=True).order_by("code"))
    by_place = {(unit.kind, unit.area_code): unit for unit in units}
    workers: dict[int, list[Actor]] = defaultdict(list)
    holders: dict[tuple[str, str], list[Actor]] = defaultdict(list)
    for actor in actors:
        for unit_id in actor.unit_ids:
            if actor.can("cases.handle"):
                workers[unit_id].append(actor)
        for grant in actor.grants:
            holders[grant.role, grant.area_code].append(actor)
    places = _places(rng, by_place, holders)
    if not places:
        raise NothingToStandOn("no grid with a subdistrict's unit and dispatcher: load areas first")
    district = [a for (role, _), people in holders.items() if role == "district_dispatcher"
                for a in people]  # fmt: skip
    agents = [a for (role, _), people in holders.items() if role == "hotline_agent"
              for a in people]  # fmt: skip
    named = set(focus)
    known = {actor.account_id: actor for actor in actors}
    return Cast(
        places=places,
        departments={unit.line: unit for unit in units if unit.kind == "department" and unit.line},
        handlers=dict(workers),
        district=district,
        agents=agents,
        focus=[(known[account.pk], account) for account in accounts if account.username in named],
    )


def _staff() -> tuple[list[Actor], list[Account]]:
    grants: dict[int, list[Grant]] = defaultdict(list)
    for row in GrantRow.objects.filter(valid_to=None).order_by("id"):
        lines = frozenset(row.lines)
        grants[row.account_id].append(Grant(row.role, row.area_code, lines, tuple(row.past)))
    accounts = list(Account.objects.filter(kind="staff", is_active=True).order_by("username"))
    actors = [
        Actor(
            kind="staff",
            account_id=account.pk,
            name=account.name,
            grants=tuple(grants[account.pk]),
            unit_ids=frozenset({account.unit_id} if account.unit_id else ()),
        )
        for account in accounts
    ]
    return actors, accounts


def _residents() -> dict[str, list[Account]]:
    found: dict[str, list[Account]] = defaultdict(list)
    rows = Account.objects.filter(kind="resident", is_active=True, area__isnull=False)
    for account in rows.select_related("area").order_by("username"):
        if account.area is not None:
            found[account.area.code[:12]].append(account)
    return found


def _places(
    rng: Random, units: dict[tuple[str, str], Unit], holders: dict[tuple[str, str], list[Actor]]
) -> list[Place]:
    grids = Area.objects.filter(level="grid", valid_to=None).select_related("parent")
    residents = _residents()
    diligence: dict[str, float] = {}
    places = []
    for area in grids.order_by("code"):
        sub, community = area.code[:9], area.code[:12]
        if sub not in diligence:
            diligence[sub] = rng.choice((0.74, 0.82, 0.87, 0.9, 0.93, 0.96, 0.98))
        dispatchers = holders.get(("subdistrict_dispatcher", sub), [])
        office = units.get(("subdistrict", sub))
        if not dispatchers or office is None or area.parent is None:
            continue
        here = {"subdistrict": office}
        for kind, code in (("community", community), ("grid", area.code)):
            if (kind, code) in units:
                here[kind] = units[kind, code]
        places.append(
            Place(
                area=area,
                community=area.parent,
                weight=rng.paretovariate(2.2),
                diligence=diligence[sub],
                units=here,
                staff={
                    "dispatchers": dispatchers,
                    "checkers": holders.get(("community_worker", community), []),
                    "grid": holders.get(("grid_worker", area.code), []),
                },
                residents=residents.get(community, []),
            )
        )
    return places
