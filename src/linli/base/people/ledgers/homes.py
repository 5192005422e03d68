"""The buildings and dwellings a ledger names: those that stand, and those it brings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Model

from linli.base.areas.models import Area
from linli.kernel.bulk import copy_rows, take_ids
from linli.kernel.ledger.actions import append_many
from linli.kernel.ledger.models import Entry
from linli.kernel.scope import Actor, within

from ..models import (
    Building,
    BuildingKind,
    Dwelling,
    Household,
    HouseholdKind,
    Member,
    Relation,
)
from .checking import Lined


@dataclass(frozen=True)
class Home:
    """A dwelling: its key, and the area it lies in."""

    pk: int
    area_id: int
    area_code: str


@dataclass
class Homes:
    """Dwellings of one area by address and room; asked for a new one, it is registered."""

    area: Area
    source: str
    actor: Actor
    now: datetime
    buildings: dict[str, Building] = field(default_factory=dict)
    dwellings: dict[tuple[int, str], int] = field(default_factory=dict)
    households: dict[tuple[int, str], Household] = field(default_factory=dict)
    headed: set[int] = field(default_factory=set)  # id() of the households that have a head
    made: int = 0

    def load(self) -> None:
        """Read what stands; call it once."""
        rows = Building.objects.filter(within([self.area.code]), closed_on=None)
        for building in rows:
            self.buildings.setdefault(building.key, building)
        homes = Dwelling.objects.filter(within([self.area.code]), closed_on=None)
        for pk, building_id, key in homes.values_list("pk", "building_id", "key"):
            self.dwellings[building_id, key] = pk
        open_ones = Household.objects.filter(within([self.area.code]), closed_on=None)
        for household in open_ones.order_by("-pk"):
            self.households[household.dwelling_id, ""] = household
        heads = Member.objects.filter(household__in=open_ones, to_on=None, relation=Relation.HEAD)
        with_head = set(heads.values_list("household_id", flat=True))
        self.headed = {id(one) for one in self.households.values() if one.pk in with_head}

    def settle(self, people: Iterable[tuple[int, Lined]], on: date) -> None:
        """Put new residents (key, row) that say how they are related into households."""
        members, opened = [], []
        for key, row in people:
            home, relation = self.of(row), row.values.get("relation")
            if home is None or not relation:
                continue
            place = (home.pk, row.values.get("household", "")[:40])
            household = self.households.get(place)
            # A second head means a second family in the same dwelling.
            if household is None or (relation == Relation.HEAD and id(household) in self.headed):
                household = Household(
                    dwelling_id=home.pk, area_code=home.area_code, opened_on=on,
                    kind=HouseholdKind.FAMILY,
                )  # fmt: skip
                opened.append(household)
                self.households[place] = household
            if relation == Relation.HEAD:
                self.headed.add(id(household))
            members.append(
                Member(household=household, resident_id=key, relation=relation, from_on=on)
            )
        self._write(Household, opened, "household")
        for member in members:
            member.household_id = member.household.pk
        copy_rows(Member, _numbered(Member, members))

    def lacks(self, rows: Iterable[Lined]) -> bool:
        """Tell whether any row names a dwelling, so that one may have to be registered."""
        return any(row.home for row in rows)

    def register(self, rows: Iterable[Lined]) -> None:
        """Register the buildings and dwellings that rows name and the register lacks."""
        new_buildings: dict[str, Building] = {}
        wanted: dict[tuple[str, str], tuple[str, str]] = {}
        for row in rows:
            home = row.home
            if home is None:
                continue
            if home.key not in self.buildings and home.key not in new_buildings:
                new_buildings[home.key] = self._building(home.address, home.key, row)
            wanted[home.key, home.room_key] = (home.unit, home.room)
        self._write(Building, list(new_buildings.values()), "building")
        self.buildings |= new_buildings
        self._dwellings(wanted)

    def _building(self, address: str, key: str, row: Lined) -> Building:
        place = row.values.get("grid")
        return Building(
            area_id=place.pk if place else self.area.pk,
            area_code=place.code if place else self.area.code,
            name=address[:80], address=address, key=key, kind=BuildingKind.HOME,
            source=self.source, recorded_at=self.now,
        )  # fmt: skip

    def _dwellings(self, wanted: dict[tuple[str, str], tuple[str, str]]) -> None:
        new = []
        for (key, room_key), (unit, room) in wanted.items():
            building = self.buildings[key]
            if (building.pk, room_key) not in self.dwellings:
                new.append(
                    Dwelling(
                        building=building, area_code=building.area_code, unit=unit, room=room,
                        key=room_key, source=self.source, recorded_at=self.now,
                    )
                )  # fmt: skip
        self._write(Dwelling, new, "dwelling")
        for home in new:
            self.dwellings[home.building_id, home.key] = home.pk

    def _write(self, model: type[Model], rows: Sequence[Any], subject: str) -> None:
        if not rows:
            return
        copy_rows(model, _numbered(model, rows))
        self.made += len(rows)
        append_many(
            Entry(
                subject_type=subject, subject_id=row.pk, seq=1, verb="import",
                actor_kind=self.actor.kind, actor_id=self.actor.account_id,
                area_code=row.area_code, at=self.now, data={},
            )
            for row in rows
        )  # fmt: skip

    def of(self, row: Lined) -> Home | None:
        """Return the dwelling a row names, which stands by now, or None where it names none."""
        if row.home is None:
            return None
        building = self.buildings[row.home.key]
        found = self.dwellings[building.pk, row.home.room_key]
        return Home(found, building.area_id, building.area_code)


def _numbered(model: type[Model], rows: Sequence[Any]) -> Sequence[Any]:
    """Give new rows their keys."""
    for row, key in zip(rows, take_ids(model, len(rows)), strict=True):
        row.pk = key
    return rows
