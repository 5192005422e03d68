"""Hot spots on the desk: who sees which, the quiet page, the way to the cases, the mark."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.http import Http404
from django.test import Client

from factories import MONDAY, make_case, make_district, make_staff
from linli.base.accounts.models import Account
from linli.base.accounts.policies import ROLES
from linli.base.accounts.queries import actor_of
from linli.insight.hotspots import actions, queries
from linli.insight.hotspots.models import HotSpot, HotSpotRun
from linli.insight.hotspots.pages import cases_href
from linli.kernel.flow import InvalidStep, NotAllowed, SomeoneFaster
from linli.kernel.ledger.models import Entry

pytestmark = pytest.mark.django_db

NOW = MONDAY.replace(month=9, day=14, hour=5, minute=20)
DAY = date(2026, 9, 13)
SQUARE = {"type": "Polygon", "coordinates": [[[0, 0], [0, 1], [1, 1], [0, 0]]]}
MARKERS = {"district_dispatcher", "subdistrict_dispatcher", "community_worker"}
VIEWERS = MARKERS | {"district_lead", "grid_worker"}


@pytest.fixture
def world():
    world = make_district()
    world.grid.boundary = SQUARE
    world.grid.save()
    make_case(world, now=NOW - timedelta(days=100))
    for n in range(9):
        make_case(world, now=NOW - timedelta(days=3, minutes=n))
    actions.search(day=DAY, now=NOW)
    return world


def entered(actor):
    client = Client()
    account = actor if isinstance(actor, Account) else Account.objects.get(pk=actor.account_id)
    client.force_login(account)
    return client


def spot():
    return HotSpot.objects.get()


def test_the_list_names_category_place_count_and_expectation(world):
    text = entered(world.dispatcher).get("/desk/hotspots/").content.decode()
    for words in ("垃圾清运", "一社区第1网格", "2026-09-13", f'data-spot="{spot().pk}"'):
        assert words in text
    assert "data-quiet" not in text
    assert "不超过5%" in text


def test_each_hot_spot_opens_exactly_its_cases(world):
    client = entered(world.dispatcher)
    row = queries.of_day(world.dispatcher, DAY)[0]
    assert row.count == 9
    href = cases_href(row)
    assert href.replace("&", "&amp;") in client.get("/desk/hotspots/").content.decode()
    listed = client.get(href).content.decode()
    assert listed.count("垃圾没人收") == 9


def test_elsewhere_the_page_is_quiet(world):
    text = entered(world.other_dispatcher).get("/desk/hotspots/").content.decode()
    assert "data-quiet" in text
    assert "data-spot" not in text
    assert entered(world.other_dispatcher).get(f"/desk/hotspots/{spot().pk}/").status_code == 404


def test_before_the_first_search_the_page_says_so():
    world = make_district()
    text = entered(world.dispatcher).get("/desk/hotspots/").content.decode()
    assert "还没有比对过" in text


def test_a_day_without_a_search_and_a_day_that_is_none(world):
    client = entered(world.dispatcher)
    assert "这一天没有比对过" in client.get("/desk/hotspots/?day=2026-09-01").content.decode()
    answer = client.get("/desk/hotspots/?day=bald")
    assert answer.status_code == 200
    assert "请按“年-月-日”填写日期" in answer.content.decode()


def test_the_map_shows_the_hot_place_to_those_who_may_see_it(world):
    path = "/desk/hotspots/map.geojson?day=2026-09-13"
    [feature] = entered(world.lead).get(path).json()["features"]
    assert feature["geometry"] == SQUARE
    assert feature["properties"]["name"] == "一社区第1网格"
    assert "垃圾清运 9件" in feature["properties"]["text"]
    assert feature["properties"]["href"] == f"/desk/hotspots/{spot().pk}/"
    assert entered(world.other_dispatcher).get(path).json()["features"] == []
    assert entered(world.lead).get("/desk/hotspots/map.geojson?day=x").status_code == 404


@pytest.mark.parametrize("role", list(ROLES))
def test_who_may_see_and_who_may_mark(world, role):
    account = make_staff(role, world.community if role == "grid_worker" else world.subdistrict)
    client = entered(account)
    seen = client.get("/desk/hotspots/").status_code
    one = client.get(f"/desk/hotspots/{spot().pk}/")
    assert (seen == 200) == (role in VIEWERS)
    assert (one.status_code == 200) == (role in VIEWERS)
    assert ("标记已查看" in one.content.decode()) == (role in MARKERS)
    answer = client.post(f"/desk/hotspots/{spot().pk}/seen/", {"note": "已到现场"})
    assert (spot().state == "seen") == (role in MARKERS)
    assert answer.status_code == (302 if role in MARKERS else 422 if role in VIEWERS else 403)


def test_marking_keeps_note_person_and_ledger_entry(world):
    client, one = entered(world.community_worker), spot()
    post = {"note": "三号楼清运车坏了，已换车", "version": one.version, "token": "t"}
    assert client.post(f"/desk/hotspots/{one.pk}/seen/", post).status_code == 302
    one.refresh_from_db()
    assert (one.state, one.note) == ("seen", "三号楼清运车坏了，已换车")
    assert one.seen_by_id == world.community_worker.account_id
    entry = Entry.objects.get(subject_type="hot_spot", verb="mark_seen")
    assert (entry.actor_id, entry.data) == (one.seen_by_id, {"from": "new", "to": "seen"})
    text = client.get(f"/desk/hotspots/{one.pk}/").content.decode()
    assert "三号楼清运车坏了" in text
    assert "已查看" in client.get("/desk/hotspots/").content.decode()


def test_an_empty_note_is_answered_at_the_field_and_nothing_is_lost(world):
    client = entered(world.dispatcher)
    answer = client.post(f"/desk/hotspots/{spot().pk}/seen/", {"note": "  "})
    assert answer.status_code == 422
    assert "请写明查看到的情况" in answer.content.decode()
    long = "长" * 501
    answer = client.post(f"/desk/hotspots/{spot().pk}/seen/", {"note": long})
    assert answer.status_code == 422
    assert long in answer.content.decode()
    assert spot().state == "new"


def test_two_who_mark_at_once(world):
    data = {"note": "看过"}
    mark = {"now": NOW, "data": data, "expected": spot().version}
    actions.mark_seen(spot().pk, actor=world.dispatcher, key="a", **mark)
    again = actions.mark_seen(spot().pk, actor=world.dispatcher, key="a", **mark)
    assert again.replayed
    with pytest.raises(SomeoneFaster):
        actions.mark_seen(spot().pk, actor=world.community_worker, key="b", **mark)


def test_the_action_itself_refuses_outsiders_and_other_roles(world):
    grid_worker = actor_of(make_staff("grid_worker", world.grid))
    with pytest.raises(NotAllowed):
        actions.mark_seen(spot().pk, actor=grid_worker, now=NOW, data={"note": "看过"})
    for actor in (world.other_dispatcher, world.handler, world.resident):
        with pytest.raises(Http404):
            actions.mark_seen(spot().pk, actor=actor, now=NOW, data={"note": "看过"})
    with pytest.raises(InvalidStep):
        actions.mark_seen(spot().pk, actor=world.dispatcher, now=NOW, data={"note": ""})


def test_what_has_gone_down_stands_below_for_thirty_days(world):
    HotSpotRun.objects.create(
        day=DAY + timedelta(days=8), ran_at=NOW, windows=13, tested=1, found=0,
        method={"window_days": 7, "false_share": 0.05},
    )  # fmt: skip
    text = entered(world.dispatcher).get("/desk/hotspots/").content.decode()
    assert "data-quiet" in text
    assert "近30天已经回落的热点" in text
    assert "垃圾清运" in text


def test_the_cockpit_leads_there(world):
    assert (
        "/desk/hotspots/?area=370705" in entered(world.lead).get("/desk/cockpit/").content.decode()
    )
    text = entered(world.lead).get("/desk/hotspots/?area=370705002").content.decode()
    assert "data-quiet" in text
