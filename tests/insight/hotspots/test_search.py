"""The daily search: what it stores, whom it tells, and that it is quiet where nothing is."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from procrastinate.contrib.django import app

from factories import MONDAY, make_area, make_case, make_district, make_staff
from linli.base.accounts.models import GrantRow
from linli.base.messages.models import Message
from linli.insight.hotspots import actions
from linli.insight.hotspots.models import HotSpot, HotSpotDay, HotSpotRun
from linli.insight.hotspots.rules import Method
from linli.kernel.ledger.models import Entry
from linli.work.cases.models import Case, Category

pytestmark = pytest.mark.django_db

NOW = MONDAY.replace(month=9, day=14, hour=5, minute=20)
DAY = date(2026, 9, 13)


def past(world, days_ago, *, area=None, category=None, n=1):
    """Register cases so many days before the search's last day, at noon."""
    at = NOW.replace(hour=12) - timedelta(days=days_ago + 1)
    found = [make_case(world, now=at, area=area or world.grid).case for _ in range(n)]
    if category:
        Case.objects.filter(pk__in=[case.pk for case in found]).update(category=category)
    return found


@pytest.fixture
def world():
    """Half a year in which two grids each had a case of one category every other week."""
    world = make_district()
    other = make_area("370705001001002", "第2网格")
    make_area("370705002001001", "第1网格")
    for week in range(2, 28, 2):
        past(world, 7 * week)
        past(world, 7 * week + 3, area=other, category=world.urban)
    return world


def test_a_quiet_day_is_kept_with_nothing_found(world):
    past(world, 2)
    run = actions.search(day=DAY, now=NOW)
    assert (run.found, run.windows) == (0, 25)
    assert run.tested > 0
    assert not HotSpot.objects.exists()
    assert not Message.objects.filter(template="hotspots.found").exists()


def test_a_cluster_is_stored_with_its_count_expectation_and_cases(world):
    past(world, 3, n=9)
    run = actions.search(day=DAY, now=NOW)
    assert run.found == 1
    spot = HotSpot.objects.get()
    assert (spot.area, spot.category, spot.state) == (world.grid, world.category, "new")
    assert (spot.first_day, spot.last_day) == (DAY, DAY)
    found = HotSpotDay.objects.get()
    assert (found.count, found.day, found.since) == (9, DAY, DAY - timedelta(days=6))
    # A case every other week, and somewhat more of everything in the last one.
    assert 12 / 25 <= found.expected < 0.6
    assert found.p < 1e-4
    assert found.q >= found.p
    assert len(found.history) == 25
    assert sum(found.history) == 12
    entry = Entry.objects.get(subject_type="hot_spot", subject_id=spot.pk)
    assert (entry.verb, entry.area_code) == ("find", world.grid.code)
    assert entry.data["count"] == 9


def test_cases_outside_the_window_do_not_count(world):
    past(world, 7, n=9)  # the day before the window
    past(world, -1, n=9)  # today, which is not over
    assert actions.search(day=DAY, now=NOW).found == 0


def test_a_rise_spread_over_a_community_is_found_there(world):
    for n in range(3, 12):
        past(world, 2, area=make_area(f"370705001001{n:03d}", f"第{n}网格"))
    actions.search(day=DAY, now=NOW)
    assert [spot.area.code for spot in HotSpot.objects.all()] == ["370705001001"]


def test_searching_a_day_again_changes_nothing(world):
    past(world, 3, n=9)
    first = actions.search(day=DAY, now=NOW)
    again = actions.search(day=DAY, now=NOW + timedelta(hours=1))
    assert again == first
    assert HotSpotRun.objects.count() == HotSpotDay.objects.count() == 1


def test_a_hot_spot_that_goes_on_stays_one_and_tells_once(world):
    past(world, 3, n=9)
    actions.search(day=DAY, now=NOW)
    actions.search(day=DAY + timedelta(days=1), now=NOW + timedelta(days=1))
    spot = HotSpot.objects.get()
    assert (spot.first_day, spot.last_day) == (DAY, DAY + timedelta(days=1))
    assert spot.days.count() == 2
    assert Message.objects.filter(template="hotspots.found").count() == 1
    verbs = Entry.objects.filter(subject_type="hot_spot").order_by("seq")
    assert [entry.verb for entry in verbs] == ["find", "go_on"]


def test_it_tells_the_dispatchers_of_the_subdistrict_alone(world):
    left = make_staff("subdistrict_dispatcher", world.subdistrict)
    GrantRow.objects.filter(account=left).update(valid_to=date(2026, 6, 1))
    past(world, 3, n=9)
    actions.search(day=DAY, now=NOW)
    message = Message.objects.get(template="hotspots.found")
    assert message.account_id == world.dispatcher.account_id
    assert message.link == f"/desk/hotspots/{HotSpot.objects.get().pk}/"
    assert "垃圾清运" in message.body
    assert "9件" in message.body


def test_a_subdistrict_without_a_dispatcher_is_the_districts(world):
    GrantRow.objects.filter(account_id=world.dispatcher.account_id).delete()
    past(world, 3, n=9)
    actions.search(day=DAY, now=NOW)
    message = Message.objects.get(template="hotspots.found")
    assert message.account_id == world.district_dispatcher.account_id


def test_new_grids_and_categories_are_not_compared(world):
    young = make_area("370705001001009", "新网格")
    young.valid_from = DAY - timedelta(days=40)
    young.save()
    past(world, 3, area=young, n=9)
    fresh = Category.objects.create(
        code="0103", name="新类别", parent=world.category.parent, valid_from=DAY
    )
    past(world, 3, category=fresh, n=9)
    actions.search(day=DAY, now=NOW)
    codes = {spot.area.code for spot in HotSpot.objects.all()}
    assert young.code not in codes
    assert not HotSpot.objects.filter(category=fresh).exists()


def test_a_short_history_says_so(world):
    Case.objects.filter(created_at__lt=NOW - timedelta(days=40)).update(
        created_at=NOW - timedelta(days=30)
    )
    past(world, 3, n=9)
    run = actions.search(day=DAY, now=NOW)
    assert (run.windows, run.tested, run.found) == (0, 0, 0)


def test_without_any_case_it_is_quiet(db):
    make_district()
    run = actions.search(day=DAY, now=NOW, method=Method())
    assert (run.windows, run.tested, run.found) == (0, 0, 0)


def test_the_job_runs_each_morning():
    periodic = app.periodic_registry.periodic_tasks
    assert any(key[0] == "hotspots.search" for key in periodic)
