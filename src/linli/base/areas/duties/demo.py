"""Invented postings for the demonstration: most posts are filled, a few grids have nobody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import count

from django.utils import timezone

from linli.kernel.scope import SYSTEM

from ..models import Area, Duty, DutyPost, EndReason, Level
from ..staffing import Person, staff
from .actions import load_duties

FAMILY = "赵钱孙李周吴郑王冯陈卫蒋沈韩杨朱秦许何吕张孔曹严金魏陶姜"
GIVEN = ("建国", "秀兰", "志强", "桂英", "海燕", "文斌", "丽华", "新民", "晓梅", "德福", "玉珍")
SINCE = date(2025, 1, 1)
NO_LEAD, NO_STAFF = 31, 43  # every so many grids one stands without
OUTSIDE = (DutyPost.POLICE, DutyPost.FIRE, DutyPost.URBAN, DutyPost.HEALTH)


def post_people(now: datetime) -> None:
    """Fill the posts of the areas that stand. The phones are invented."""
    today, numbers = timezone.localdate(now), count(1)
    areas = list(Area.objects.filter(valid_to=None).defer("boundary").order_by("code"))
    made: list[Duty] = []
    for place in areas:
        if place.level == Level.SUBDISTRICT:
            made.append(_outsider(place, DutyPost.SUBDISTRICT_LEAD, next(numbers)))
        elif place.level == Level.COMMUNITY:
            for post in (DutyPost.COMMUNITY_LEAD, *OUTSIDE):
                made.append(_outsider(place, post, next(numbers)))
    made += _of_grids([area for area in areas if area.level == Level.GRID], today, numbers)
    leads = [area for area in areas if area.level == Level.BUILDING][::4]
    made += [_outsider(area, DutyPost.BUILDING_LEAD, next(numbers)) for area in leads]
    load_duties(made, actor=SYSTEM, now=now)


def _of_grids(grids: list[Area], today: date, numbers: count[int]) -> Iterator[Duty]:
    """Yield the posts of grids: heads are people of the community, workers those known by role."""
    workers: dict[str, Person] = {}
    for one in staff().known_at([grid.code for grid in grids], today):
        workers.setdefault(one.area_code, one)
    offered: dict[str, list[Person]] = {}
    for number, grid in enumerate(grids, start=1):
        community = grid.code[:12]
        if community not in offered:
            here = staff().offered(community)
            offered[community] = [one for one in here if one.area_code == community]
        people = offered[community]
        if number % NO_LEAD and people:
            yield _staffed(grid, DutyPost.GRID_LEAD, people[number % len(people)], number)
        worker = workers.get(grid.code)
        if worker:
            duty = _staffed(grid, DutyPost.GRID_STAFF, worker, number)
            if number % NO_STAFF == 0:
                duty.valid_to = today - timedelta(days=number % 20 + 1)
                duty.end_reason = EndReason.TRANSFER
            yield duty
        if number % 3 == 0:
            yield _outsider(grid, DutyPost.PARTY_CELL, next(numbers))
        if number % 5 == 0:
            yield _outsider(grid, DutyPost.PART_TIME, next(numbers))


def _staffed(area: Area, post: DutyPost, person: Person, number: int) -> Duty:
    return Duty(
        area=area, area_code=area.code, post=post, account_id=person.account_id,
        phone="" if person.phone else f"1900000{person.account_id % 10_000:04d}",
        valid_from=SINCE + timedelta(days=number % 200),
    )  # fmt: skip


def _outsider(area: Area, post: DutyPost, number: int) -> Duty:
    name = FAMILY[number % len(FAMILY)] + GIVEN[number * 7 % len(GIVEN)]
    return Duty(
        area=area, area_code=area.code, post=post, name=name, valid_from=SINCE,
        phone=f"1900000{(number + 5000) % 10_000:04d}",
    )  # fmt: skip
