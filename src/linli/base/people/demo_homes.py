"""The demonstration's homes: buildings, households, tags and organisations, all invented."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from itertools import count
from random import Random

from django.utils import timezone

from ..areas.models import Area
from .actions import Homes
from .actions.residents import of_age
from .addresses import address_key, room_key
from .bodies.models import OrganisationKind
from .identity import org_check
from .models import (
    Building,
    BuildingKind,
    CareKind,
    CareTag,
    Dwelling,
    DwellingUse,
    Gender,
    Household,
    Member,
    Organisation,
    Relation,
    Resident,
    Tenure,
    TenureKind,
)

SOURCE = "演示数据（虚构）"
SIZES = (28, 34, 24, 14)  # of 100 households, those with one, two, three and four people
BODIES = (
    (OrganisationKind.SHOP, "便民超市"), (OrganisationKind.SHOP, "早餐店"),
    (OrganisationKind.SHOP, "理发店"), (OrganisationKind.FIRM, "商贸有限公司"),
    (OrganisationKind.CARE, "口腔门诊"), (OrganisationKind.SCHOOL, "幼儿园"),
    (OrganisationKind.PROPERTY, "物业服务中心"), (OrganisationKind.SOCIAL, "社工服务站"),
)  # fmt: skip
WORDS = ("示例一", "示例二", "示例三", "示例四", "示例五", "示例六", "示例七", "示例八")


def settle(rng: Random, residents: list[Resident], groups: list[Area], now: datetime) -> Homes:
    """Return homes for the residents on the building groups of their grids, and organisations.

    The residents' area becomes their building's. Ties of family are guessed from age and sex.
    """
    homes, today = Homes(), timezone.localdate(now)
    by_grid: dict[str, list[Building]] = defaultdict(list)
    for group in groups:
        building = _building(rng, group, now)
        homes.buildings.append(building)
        by_grid[group.code[:15]].append(building)
    waiting: dict[str, list[Resident]] = defaultdict(list)
    for resident in residents:
        waiting[resident.area_code[:15]].append(resident)
    for code, people in waiting.items():
        if by_grid[code]:
            _fill(rng, homes, by_grid[code], people, today, now)
    _bodies(rng, homes, now)
    return homes


def _building(rng: Random, group: Area, now: datetime) -> Building:
    floors = rng.choice((5, 6, 6, 6, 11, 18))
    return Building(
        area=group, area_code=group.code, name=group.name, address=group.name,
        key=address_key(group.name), kind=BuildingKind.HOME, floors=floors,
        units=rng.randint(2, 5), built=rng.randint(1985, 2020), lifts=0 if floors < 7 else 4,
        lon=group.lon, lat=group.lat, source=SOURCE, recorded_at=now,
    )  # fmt: skip


def _fill(
    rng: Random, homes: Homes, buildings: list[Building], people: list[Resident], today: date,
    now: datetime,
) -> None:  # fmt: skip
    rooms = defaultdict(lambda: count(0))  # type: ignore[var-annotated]
    queue = list(people)
    while queue:
        size = rng.choices((1, 2, 3, 4), SIZES)[0]
        family, queue = queue[:size], queue[size:]
        building = rng.choice(buildings)
        dwelling = _dwelling(rng, building, next(rooms[building.key]), now)
        homes.dwellings.append(dwelling)
        _move_in(rng, homes, dwelling, family, today)


def _dwelling(rng: Random, building: Building, number: int, now: datetime) -> Dwelling:
    units, floors = building.units or 1, building.floors or 6
    unit = str(number % units + 1)
    floor, door = (number // units) // 2 % floors + 1, (number // units) % 2 + 1
    room = f"{floor}{door:02d}"
    let = rng.random() < 0.12
    return Dwelling(
        building=building, area_code=building.area_code, unit=unit, room=room,
        key=room_key(unit, room), use=DwellingUse.LET if let else DwellingUse.OWN,
        surface=rng.choice((56, 68, 78, 89, 96, 105, 118, 128)), source=SOURCE, recorded_at=now,
    )  # fmt: skip


def _move_in(
    rng: Random, homes: Homes, dwelling: Dwelling, family: list[Resident], today: date
) -> None:
    family = sorted(family, key=lambda one: one.born_on or today)
    since = today - timedelta(days=rng.randrange(200, 6000))
    household = Household(dwelling=dwelling, area_code=dwelling.area_code, opened_on=since)
    homes.households.append(household)
    head = family[0]
    married = False
    for one in family:
        relation = Relation.HEAD if one is head else _relation(one, head, today, married)
        married = married or relation == Relation.SPOUSE
        homes.members.append(
            Member(household=household, resident=one, relation=relation, from_on=since)
        )
        one.dwelling, one.area, one.area_code = dwelling, dwelling.building.area, dwelling.area_code
        homes.tags.extend(_tags(rng, one, len(family), today))
    kind = TenureKind.TENANT if dwelling.use == DwellingUse.LET else TenureKind.OWNER
    homes.tenures.append(Tenure(dwelling=dwelling, kind=kind, resident=head, from_on=since))


def _relation(one: Resident, head: Resident, today: date, married: bool) -> Relation:
    gap = (of_age(head, today) or 0) - (of_age(one, today) or 0)
    if gap < 16 and one.gender != head.gender and not married and (of_age(one, today) or 0) > 21:
        return Relation.SPOUSE
    if gap >= 45:
        return Relation.GRANDCHILD
    if gap >= 18:
        return Relation.SON if one.gender == Gender.MALE else Relation.DAUGHTER
    return Relation.SIBLING


def _tags(rng: Random, one: Resident, size: int, today: date) -> list[CareTag]:
    age = of_age(one, today) or 0
    kinds: list[tuple[CareKind, str, int | None]] = []
    if age >= 80:
        kinds.append((CareKind.AGED, "登记的出生日期", None))
    if age >= 65 and size == 1:
        kinds.append((CareKind.ALONE, "社区入户登记", 365))
    if rng.random() < 0.02:
        kinds.append((CareKind.DISABLED, "区残联名册（示例）", 730))
    if rng.random() < 0.012:
        kinds.append((CareKind.LOW_INCOME, "区民政局名册（示例）", rng.randrange(20, 365)))
    return [
        CareTag(
            resident=one, area_code=one.area_code, kind=kind, source=source,
            set_on=today - timedelta(days=rng.randrange(5, 300)),
            expires_on=None if days is None else today + timedelta(days=days),
        )
        for kind, source, days in kinds
    ]  # fmt: skip


def _bodies(rng: Random, homes: Homes, now: datetime) -> None:
    for number, building in enumerate(homes.buildings):
        if rng.random() > 0.22:
            continue
        kind, trade = rng.choice(BODIES)
        body = f"92370705{number:09d}"
        phone = f"1900000{rng.randrange(10_000):04d}"
        homes.organisations.append(
            Organisation(
                name=f"{rng.choice(WORDS)}{trade}", code=body + org_check(body), kind=kind,
                area=building.area, area_code=building.area_code, building=building,
                address=building.address, lon=building.lon, lat=building.lat, phone=phone,
                source=SOURCE, recorded_at=now,
            )
        )  # fmt: skip
