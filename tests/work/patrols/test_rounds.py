"""Routes, and rounds from due to walked, missed or excused."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404

from factories import MONDAY, POINTS, make_area, make_district, make_route, round_answers
from linli.kernel.flow import InvalidStep, NotAllowed, SomeoneFaster
from linli.kernel.ledger.models import Entry
from linli.kernel.scope import SYSTEM
from linli.work.patrols.actions import (
    close_missed,
    excuse_round,
    hand_in_round,
    open_rounds,
    save_route,
)
from linli.work.patrols.actions.moving import move_routes
from linli.work.patrols.models import Round, RoundCheck, Route
from linli.work.patrols.rules import window

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def world():
    return make_district()


@pytest.mark.parametrize(
    ("rhythm", "workday", "found"),
    [
        ("daily", False, (date(2026, 2, 12), date(2026, 2, 12))),
        ("workdays", True, (date(2026, 2, 12), date(2026, 2, 12))),
        ("workdays", False, None),
        ("weekly", True, (date(2026, 2, 9), date(2026, 2, 15))),
        ("monthly", True, (date(2026, 2, 1), date(2026, 2, 28))),
    ],
)
def test_windows(rhythm, workday, found):
    assert window(rhythm, date(2026, 2, 12), workday=workday) == found


def test_a_round_is_opened_once_for_its_window(world):
    make_route(world)
    make_route(world, name="周巡", rhythm="weekly")
    assert open_rounds(now=MONDAY) == 0
    assert open_rounds(now=MONDAY + DAY) == 1
    assert Round.objects.count() == 3
    assert Entry.objects.filter(subject_type="patrol_round", verb="open").count() == 3


def test_a_round_is_handed_in_once_with_what_was_found(world):
    _route, due = make_route(world)
    data = round_answers(r_0_1="problem", n_0_1="瓶压不足", k_0_1="a" * 32) | {
        "started_at": (MONDAY - timedelta(minutes=40)).isoformat(),
        "ended_at": MONDAY.isoformat(),
    }
    for _ in range(2):
        done = hand_in_round(due.pk, actor=world.grid_worker, now=MONDAY, data=data, key="k")
    assert done.replayed
    due.refresh_from_db()
    assert (due.state, due.items, due.problems, due.minutes) == ("walked", 3, 1, 40)
    assert due.worker_id == world.grid_worker.account_id
    check = RoundCheck.objects.get(round=due, point=0, item=1)
    assert (check.result, check.note, check.report_key) == ("problem", "瓶压不足", "a" * 32)
    entry = Entry.objects.get(subject_type="patrol_round", verb="hand_in")
    assert entry.data["problems"] == 1
    assert "瓶压" not in str(entry.data)
    with pytest.raises(SomeoneFaster):
        hand_in_round(due.pk, actor=world.grid_worker, now=MONDAY, data=data, key="other")


def test_every_item_is_asked_for_and_why_one_could_not_be_seen(world):
    _route, due = make_route(world)
    data = round_answers(r_0_0="skipped") | {"ended_at": MONDAY.isoformat()}
    del data["r-1-0"]
    with pytest.raises(InvalidStep) as caught:
        hand_in_round(due.pk, actor=world.grid_worker, now=MONDAY, data=data)
    assert set(caught.value.form.errors) == {"n-0-0", "r-1-0"}


def test_a_missed_round_comes_in_late_only_if_it_was_walked_in_time(world):
    _route, due = make_route(world)
    later = MONDAY + DAY
    assert close_missed(now=MONDAY) == 0
    assert close_missed(now=later) == 1
    due.refresh_from_db()
    assert due.state == "missed"
    walked_late = round_answers() | {"started_at": later.isoformat(), "ended_at": later.isoformat()}
    with pytest.raises(InvalidStep) as caught:
        hand_in_round(due.pk, actor=world.grid_worker, now=later, data=walked_late)
    assert "之间完成" in str(caught.value.form.errors)
    in_time = round_answers() | {"started_at": MONDAY.isoformat(), "ended_at": MONDAY.isoformat()}
    hand_in_round(due.pk, actor=world.grid_worker, now=later, data=in_time)
    due.refresh_from_db()
    assert (due.state, due.received_at) == ("walked", later)


def test_who_may_walk_excuse_and_plan(world):
    _route, due = make_route(world)
    with pytest.raises(Http404):
        hand_in_round(due.pk, actor=world.handler, now=MONDAY, data=round_answers())
    with pytest.raises(NotAllowed):
        hand_in_round(due.pk, actor=world.dispatcher, now=MONDAY, data=round_answers())
    with pytest.raises(NotAllowed):
        excuse_round(due.pk, actor=world.grid_worker, now=MONDAY, data={"reason": "累了"})
    with pytest.raises(InvalidStep):
        excuse_round(due.pk, actor=world.community_worker, now=MONDAY, data={"reason": ""})
    excuse_round(due.pk, actor=world.community_worker, now=MONDAY, data={"reason": "台风停巡"})
    due.refresh_from_db()
    assert (due.state, due.reason) == ("excused", "台风停巡")
    head = {"name": "x", "area": world.grid, "rhythm": "daily", "active": True}
    for actor in (world.grid_worker, world.dispatcher, world.resident):
        with pytest.raises(PermissionDenied):
            save_route(actor=actor, now=MONDAY, head=head, points=POINTS)


def test_a_changed_route_leaves_open_rounds_as_they_are_and_a_resting_one_excuses_them(world):
    route, due = make_route(world)
    head = {"name": "晨巡", "area": world.grid, "rhythm": "daily", "active": True}
    save_route(
        actor=world.community_worker, now=MONDAY, head=head, points=POINTS[:1], route_id=route.pk
    )
    due.refresh_from_db()
    assert len(due.plan.points) == 2
    open_rounds(now=MONDAY + DAY)
    assert len(Round.objects.latest("id").plan.points) == 1
    rest = head | {"active": False}
    save_route(
        actor=world.community_worker, now=MONDAY, head=rest, points=POINTS, route_id=route.pk
    )
    assert set(Round.objects.values_list("state", "reason")) == {("excused", "路线已停用")}
    assert open_rounds(now=MONDAY + 2 * DAY) == 0


def test_a_name_stands_once_in_a_grid_and_a_route_has_points(world):
    make_route(world)
    with pytest.raises(ValidationError, match="同名"):
        make_route(world)
    head = {"name": "空", "area": world.grid, "rhythm": "daily", "active": True}
    with pytest.raises(ValidationError, match="至少"):
        save_route(actor=world.community_worker, now=MONDAY, head=head, points=[])


def test_routes_move_along_when_their_grid_ends(world):
    route, due = make_route(world)
    heir = make_area("370705001001009", "第9网格")
    assert move_routes(world.grid, [heir], lambda _x, _y: None, MONDAY, SYSTEM) == 1
    route, due = Route.objects.get(pk=route.pk), Round.objects.get(pk=due.pk)
    assert route.area_code == due.area_code == heir.code
    assert open_rounds(now=MONDAY + DAY) == 1
