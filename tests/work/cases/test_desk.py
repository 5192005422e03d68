"""Cases on the desk: lists, filters, detail, steps, contact, registering; good input and bad."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from factories import MONDAY, make_area, make_case, make_district
from linli.base.accounts.models import Account
from linli.kernel.ledger.models import Entry
from linli.work.cases.actions import accept_and_dispatch, take_step
from linli.work.cases.models import Case

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_district()


def enter(client, actor):
    client.force_login(Account.objects.get(pk=actor.account_id))
    return client


def test_strangers_are_sent_to_log_in_and_residents_away(client, world):
    assert client.get("/desk/").url == "/staff/login/?next=%2Fdesk%2F"
    assert enter(client, world.resident).get("/desk/cases/").status_code == 403


def test_lists_stay_within_twelve_queries(client, world, django_assert_max_num_queries):
    for _ in range(60):
        make_case(world)
    enter(client, world.dispatcher)
    for address in (
        "/desk/",
        "/desk/?which=area",
        "/desk/cases/",
        "/desk/cases/?sort=deadline&state=registered",
    ):
        with django_assert_max_num_queries(12):
            assert "垃圾没人收" in client.get(address).content.decode()


def test_detail_stays_within_twelve_queries(client, world, django_assert_max_num_queries):
    case = make_case(world).case
    accept_and_dispatch(
        case.pk, actor=world.dispatcher, now=MONDAY, data={"unit": world.grid_unit.pk}
    )
    enter(client, world.dispatcher)
    with django_assert_max_num_queries(12):
        client.get(f"/desk/cases/{case.number}/")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 2), ("state=closed", 1), ("open=1", 1), ("open=0", 1), ("closed=1", 1), ("closed=0", 1),
        ("on_time=1", 0), ("on_time=0", 1), ("top=01", 2), ("category=0101", 2), ("category=9999", 0),
        ("area=370705001", 2), ("area=370705002", 0), ("area=999999", 0), ("nature=help", 2),
        ("channel=website", 2), ("channel=hotline", 0), ("urgency=urgent", 0), ("overdue=1", 1), ("near=1", 0),
        ("registered_from=2026-03-16&registered_to=2026-03-16", 2), ("registered_from=2026-03-17", 0),
        ("closed_from=2026-03-16&closed_to=2026-03-16", 1), ("rating=5", 1), ("rating=1&rating=5", 1),
        ("solved=1", 1), ("solved=0", 0), ("rated_from=2026-03-16", 1), ("q=垃圾", 2), ("q=飞碟", 0),
    ],
)  # fmt: skip
def test_every_filter_gives_its_rows(client, world, query, found):
    one, _two = make_case(world).case, make_case(world).case
    take_step("settle", one.pk, actor=world.dispatcher, now=MONDAY, data={"result": "好"})
    take_step(
        "rate", one.pk, actor=world.resident, now=MONDAY, data={"rating": "5", "solved": "yes"}
    )
    page = enter(client, world.dispatcher).get(f"/desk/cases/?{query}")
    assert page.status_code == 200
    assert len(page.context["page"].rows) == found


@pytest.mark.parametrize(
    "query", ["registered_from=notadate", "rating=9", "state=flying", "top=zz", "open=maybe"]
)
def test_bad_filters_are_named_at_their_field(client, world, query):
    make_case(world)
    answer = enter(client, world.dispatcher).get(f"/desk/cases/?{query}")
    assert answer.status_code == 422
    assert "text-danger" in answer.content.decode()


def test_odd_addresses_never_break(client, world):
    enter(client, world.dispatcher)
    for query in ("page=xx", "sort=zz", "q=%27%22)(%26%7C!*:", "q=" + "9" * 40, "area=';--"):
        assert client.get(f"/desk/cases/?{query}").status_code in {200, 422}
    for number in ("1", "abc", "9" * 30, "2603160000001"):
        assert client.get(f"/desk/cases/{number}/").status_code == 404


def test_others_see_nothing(client, world):
    case = make_case(world).case
    enter(client, world.other_dispatcher)
    assert client.get("/desk/cases/").context["page"].rows == []
    assert client.get(f"/desk/cases/{case.number}/").status_code == 404
    assert client.post(f"/desk/cases/{case.number}/steps/accept/").status_code == 404
    assert client.post(f"/desk/cases/{case.number}/contact/", {"reason": "x"}).status_code == 404


def test_export_is_for_those_who_may_and_is_recorded(client, world):
    make_case(world)
    answer = enter(client, world.dispatcher).get("/desk/cases/?export=xlsx")
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert sheet.max_row == 2
    assert Entry.objects.get(subject_type="cases.export").data == {"rows": 1}
    assert enter(client, world.grid_worker).get("/desk/cases/?export=xlsx").status_code == 403


def test_accept_and_dispatch_in_one_act_then_the_second_is_told(client, world):
    case = make_case(world).case
    data = {"version": "1", "unit": world.grid_unit.pk, "token": "t1"}
    address = f"/desk/cases/{case.number}/steps/accept_and_dispatch/"
    assert enter(client, world.dispatcher).post(address, data).status_code == 302
    assert client.post(address, data).status_code == 302
    late = enter(client, world.district_dispatcher).post(
        address, data | {"token": "t2", "note": "我写的意见"}
    )
    page = late.content.decode()
    assert late.status_code == 409
    assert "慢了一步" in page
    assert world.dispatcher.name in page
    assert "我写的意见" in page


def test_a_refused_form_keeps_what_was_typed(client, world):
    case = make_case(world).case
    answer = enter(client, world.dispatcher).post(
        f"/desk/cases/{case.number}/steps/decline/", {"version": "1", "note": "请找物业公司"}
    )
    assert answer.status_code == 422
    assert "请找物业公司" in answer.content.decode()


def test_the_reporters_number_is_shown_for_a_reason_and_recorded(client, world):
    case = make_case(world, reporter_phone="19000007777").case
    enter(client, world.dispatcher)
    assert "19000007777" not in client.get(f"/desk/cases/{case.number}/").content.decode()
    assert client.post(f"/desk/cases/{case.number}/contact/", {"reason": " "}).status_code == 422
    shown = client.post(f"/desk/cases/{case.number}/contact/", {"reason": "核实地址"})
    assert "19000007777" in shown.content.decode()
    assert Entry.objects.filter(subject_type="case.look", subject_id=case.pk).count() == 1
    case.refresh_from_db()
    assert case.version == 1


def test_staff_register_once_and_settle_on_the_spot(client, world):
    enter(client, world.grid_worker)
    data = {
        "token": "abc", "channel": "patrol", "nature": "event", "category": world.category.pk,
        "title": "单车倒伏", "text": "东门三辆", "area_code": world.grid.code,
    }  # fmt: skip
    bad = client.post("/desk/cases/new/", data | {"area_code": "123"})
    assert bad.status_code == 422
    assert "没有编码为" in bad.content.decode()
    assert "东门三辆" in bad.content.decode()
    assert client.post("/desk/cases/new/", data | {"settle": "1"}).status_code == 422
    done = data | {"settle": "1", "result": "已扶起"}
    assert client.post("/desk/cases/new/", done).status_code == 302
    assert client.post("/desk/cases/new/", done).status_code == 302
    assert Case.objects.get().state == "closed"
    outside = client.post("/desk/cases/new/", data | {"token": "d", "area_code": "370705002"})
    assert "不在您的权限范围内" in outside.content.decode()


def test_near_and_overdue_counts_open_their_rows(client, world):
    case = make_case(world, now=timezone.now()).case
    Case.objects.filter(pk=case.pk).update(deadline_at=timezone.now() + timedelta(hours=2))
    page = enter(client, world.dispatcher).get("/desk/").content.decode()
    assert 'data-count="near">1<' in page
    assert len(client.get("/desk/cases/?near=1").context["page"].rows) == 1


def test_an_area_may_be_written_by_name_and_several_are_listed(client, world):
    enter(client, world.grid_worker)
    data = {
        "channel": "patrol", "nature": "event", "category": world.category.pk,
        "title": "单车倒伏", "text": "东门三辆", "area_code": world.grid.name,
    }  # fmt: skip
    assert client.post("/desk/cases/new/", data | {"token": "one"}).status_code == 302
    assert Case.objects.get().area == world.grid
    make_area("370705001002", "二社区居民委员会")
    make_area("370705001002001", world.grid.name)
    answer = client.post("/desk/cases/new/", data | {"token": "two"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "找到多个区域" in page
    assert "二社区第1网格 370705001002001" in page


def test_lists_and_cases_name_the_community_of_a_grid(client, world):
    case = make_case(world).case
    enter(client, world.dispatcher)
    for address in ("/desk/cases/", f"/desk/cases/{case.number}/"):
        assert "一社区第1网格" in client.get(address).content.decode()


def test_the_list_is_narrowed_by_the_name_of_an_area(client, world):
    make_case(world)
    enter(client, world.dispatcher)
    assert client.get("/desk/cases/?area=一社区").context["page"].rows
    assert not client.get("/desk/cases/?area=没有这里").context["page"].rows
