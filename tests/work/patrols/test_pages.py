"""Patrols on the desk: routes are planned, missed rounds are seen, exported and excused."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from factories import MONDAY, make_district, make_route, round_answers
from linli.base.accounts.models import Account
from linli.work.patrols.actions import close_missed, hand_in_round, open_rounds
from linli.work.patrols.models import Round, Route

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_district()


def entered(actor):
    client = Client()
    client.force_login(Account.objects.get(pk=actor.account_id))
    return client


def lines(*points):
    data = {"form-TOTAL_FORMS": str(len(points)), "form-INITIAL_FORMS": "0"}
    for number, point in enumerate(points):
        data |= {f"form-{number}-{name}": value for name, value in point.items()}
    return data


def test_a_community_worker_plans_a_route(world):
    desk = entered(world.community_worker)
    assert "地图上标" in desk.get("/desk/patrols/routes/new/").content.decode()
    head = {"name": "夜巡", "area": world.grid.code, "rhythm": "weekly", "active": "on"}
    second = {"order": "1", "name": "北门", "items": "门禁正常\n路灯亮", "category": "0101"}
    first = {"order": "2", "name": "车棚", "items": "无飞线充电", "lon": "119.1", "lat": "36.7"}
    bad = desk.post("/desk/patrols/routes/new/", head | lines({"name": "车棚"}))
    assert bad.status_code == 422
    assert "检查什么" in bad.content.decode()
    done = desk.post("/desk/patrols/routes/new/", head | lines(first, second, {"order": "3"}))
    assert done.status_code == 302
    route = Route.objects.get()
    points = route.plans.get().points
    assert [point["name"] for point in points] == ["北门", "车棚"]
    assert points[0]["items"] == ["门禁正常", "路灯亮"]
    page = desk.get(f"/desk/patrols/routes/{route.pk}/").content.decode()
    assert "无飞线充电" in page
    again = desk.post(f"/desk/patrols/routes/{route.pk}/", head | lines(second))
    assert again.status_code == 302
    assert (Route.objects.get().version, Round.objects.count()) == (2, 1)


def test_missed_rounds_are_listed_exported_and_excused(world):
    _route, due = make_route(world)
    close_missed(now=MONDAY + timedelta(days=1))
    desk = entered(world.community_worker)
    page = desk.get("/desk/patrols/?state=missed").content.decode()
    assert "晨巡" in page
    assert "漏巡" in page
    assert "晨巡" not in desk.get("/desk/patrols/?state=walked").content.decode()
    sheet = desk.get("/desk/patrols/?export=xlsx")
    assert sheet["Content-Type"].endswith("sheet")
    address = f"/desk/patrols/rounds/{due.pk}/"
    assert desk.post(address, {"reason": ""}).status_code == 422
    assert desk.post(address, {"reason": "暴雨停巡", "token": "a"}).status_code == 302
    assert "暴雨停巡" in desk.get(address).content.decode()


def test_what_was_found_is_seen_on_the_desk(world):
    _route, due = make_route(world)
    data = round_answers(r_1_0="problem", n_1_0="锁坏了") | {"ended_at": MONDAY.isoformat()}
    hand_in_round(due.pk, actor=world.grid_worker, now=MONDAY, data=data)
    page = entered(world.dispatcher).get(f"/desk/patrols/rounds/{due.pk}/").content.decode()
    assert "锁坏了" in page
    assert "有问题" in page


def test_others_see_no_patrols(world):
    _route, due = make_route(world)
    open_rounds(now=MONDAY)
    assert entered(world.handler).get("/desk/patrols/").status_code == 403
    assert entered(world.dispatcher).get("/desk/patrols/routes/new/").status_code == 403
    elsewhere = entered(world.other_dispatcher)
    assert elsewhere.get(f"/desk/patrols/rounds/{due.pk}/").status_code == 404
    assert "晨巡" not in elsewhere.get("/desk/patrols/").content.decode()
