"""The pages of emergencies: alarm, situation, reports, plans, roster; good input and bad."""

from __future__ import annotations

from itertools import product

import pytest
from django.db import transaction
from django.http import Http404
from django.utils import timezone

from factories import MONDAY, make_case, make_district, make_staff
from linli.base.accounts.models import Account
from linli.base.accounts.policies import ROLES
from linli.base.accounts.queries import actor_of
from linli.kernel.flow import GuardFailed, InvalidStep, NotAllowed, SomeoneFaster, perform
from linli.work.emergencies.actions import raise_emergency
from linli.work.emergencies.flow import EMERGENCY_FLOW
from linli.work.emergencies.models import Duty, Emergency, EmergencyPlan, EmergencyState
from linli.work.emergencies.policies import POLICIES

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_district()


def enter(client, actor):
    client.force_login(Account.objects.get(pk=actor.account_id))
    return client


def typed(**more):
    return {
        "key": "page-1", "kind": "accident", "level": "4", "title": "燃气味",
        "text": "味道很重", "area_code": "370705001001001", "happened_at": "2026-03-01T08:00",
    } | more  # fmt: skip


def alarm(world):
    data = {"kind": "accident", "level": 4, "title": "燃气味", "text": "味道很重",
            "happened_at": MONDAY}  # fmt: skip
    return raise_emergency(
        actor=world.grid_worker, now=timezone.now(), key="k", area=world.grid, data=data
    )


def test_a_grid_worker_raises_it_and_a_double_tap_raises_one(client, world):
    enter(client, world.grid_worker)
    first = client.post("/desk/emergencies/new/", typed())
    again = client.post("/desk/emergencies/new/", typed())
    made = Emergency.objects.get()
    assert first.url == again.url == f"/desk/emergencies/{made.pk}/"
    page = client.get(first.url).content.decode()
    assert "味道很重" in page
    assert "通知应答" in page


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"title": ""}, "title", "请用一句话"),
        ({"area_code": "没有这里"}, "area_code", "没有找到这个区域"),
        ({"area_code": "370705002"}, "area_code", "不在您的权限范围内"),
        ({"happened_at": "2999-01-01T08:00"}, "happened_at", "不能晚于现在"),
        ({"happened_at": "昨天"}, "happened_at", "时间应写成"),
        ({"kind": "alien"}, "kind", "alien"),
    ],
)
def test_bad_input_is_answered_at_its_field_and_kept(client, world, wrong, field, words):
    enter(client, world.grid_worker)
    page = client.post("/desk/emergencies/new/", typed(**wrong))
    assert page.status_code == 422
    assert words in " ".join(page.context["form"].errors[field])
    assert "味道很重" in page.content.decode()
    assert not Emergency.objects.exists()


def test_what_a_case_knows_comes_along(client, world):
    case = make_case(world, address="三号楼二单元").case
    page = enter(client, world.dispatcher).get(f"/desk/cases/{case.number}/").content.decode()
    link = page.split('href="/desk/emergencies/new/')[1].split('"')[0].replace("&amp;", "&")
    form = client.get(f"/desk/emergencies/new/{link}").context["form"]
    assert form["title"].value() == case.title
    assert form["address"].value() == "三号楼二单元"
    assert form["case_number"].value() == case.number


def test_answering_and_a_report_from_the_page_and_its_print(client, world):
    made = alarm(world)
    who = made.calls.get(unit=world.community_unit).account
    client.force_login(who)
    address = f"/desk/emergencies/{made.pk}/"
    assert client.post(f"{address}steps/answer/").url == address
    assert "已应答" in client.get(address).content.decode()
    refused = client.post(f"{address}steps/written_report/", {"told": "", "losses": "墙面熏黑"})
    assert refused.status_code == 422
    assert "墙面熏黑" in refused.content.decode()
    sent = {"told": "区应急局", "losses": "墙面熏黑", "trend": "可控"}
    assert client.post(f"{address}steps/written_report/", sent).status_code == 302
    report = client.get(f"{address}reports/1/").content.decode()
    assert "墙面熏黑" in report
    assert "味道很重" in report


def test_outsiders_see_nothing(client, world):
    made = alarm(world)
    enter(client, world.other_dispatcher)
    for path in ("", "reports/1/"):
        assert client.get(f"/desk/emergencies/{made.pk}/{path}").status_code == 404
    assert client.post(f"/desk/emergencies/{made.pk}/steps/start/").status_code == 404
    enter(client, world.resident)
    assert client.get(f"/desk/emergencies/{made.pk}/").status_code == 403


def lines(*rows):
    fields = {"form-TOTAL_FORMS": str(len(rows)), "form-INITIAL_FORMS": "0"}
    for n, (text, who, minutes) in enumerate(rows):
        fields |= {f"form-{n}-text": text, f"form-{n}-who": who, f"form-{n}-minutes": minutes}
    return fields


def test_a_plan_is_written_and_written_again(client, world):
    enter(client, world.dispatcher)
    head = {"name": "内涝", "kind": "natural", "area_code": "370705001", "active": "on"}
    rows = lines(("设警示", "grid", "10"), ("", "", "30"))
    assert client.post("/desk/emergencies/plans/new/", head | rows).status_code == 302
    plan = EmergencyPlan.objects.get()
    rows = lines(("设警示", "grid", "10"), ("抽水", f"unit:{world.department.pk}", "20"))
    client.post(f"/desk/emergencies/plans/{plan.pk}/", head | rows)
    plan.refresh_from_db()
    assert (plan.version, [row.unit_id for row in plan.measures.all()]) == (
        2, [None, world.department.pk],
    )  # fmt: skip
    assert "抽水" in client.get(f"/desk/emergencies/plans/{plan.pk}/").content.decode()
    assert "抽水" in client.get("/desk/emergencies/plans/").content.decode()


@pytest.mark.parametrize(
    ("rows", "area", "words"),
    [
        ([("", "", "")], "370705001", "至少要有一条措施"),
        ([("设警示", "", "10")], "370705001", "请选择谁来做"),
        ([("设警示", "grid", "x")], "370705001", "请填写整数"),
        ([("设警示", "grid", "10")], "370705002", "不在您的权限范围内"),
    ],
)
def test_a_bad_plan_is_refused_and_kept(client, world, rows, area, words):
    enter(client, world.dispatcher)
    head = {"name": "内涝预案", "kind": "natural", "area_code": area, "active": "on"}
    page = client.post("/desk/emergencies/plans/new/", head | lines(*rows))
    assert page.status_code == 422
    assert words in page.content.decode()
    assert "内涝预案" in page.content.decode()
    assert not EmergencyPlan.objects.exists()


def test_the_roster_takes_shifts_and_refuses_bad_ones(client, world):
    who = make_staff("community_worker", world.community, world.community_unit)
    enter(client, world.community_worker)
    good = {
        "unit": world.community_unit.pk, "account": who.username, "role": "on_duty",
        "starts_at": "2026-03-16T08:00", "ends_at": "2026-03-17T08:00",
    }  # fmt: skip
    address = "/desk/emergencies/duty/"
    assert client.post(address, good).status_code == 302
    assert "此人在这段时间已有值班" in client.post(address, good).content.decode()
    for wrong, words in (
        ({"ends_at": "2026-03-15T08:00"}, "结束应晚于开始"),
        ({"ends_at": "2026-03-27T08:00"}, "一班不超过48小时"),
        ({"account": "nobody"}, "没有这个工号"),
        ({"unit": world.subdistrict_unit.pk}, "没有这个单位"),
    ):
        page = client.post(address, good | wrong)
        assert page.status_code == 422
        assert words in page.content.decode()
    page = client.get(f"{address}?week=2026-03-18").content.decode()
    assert who.name in page
    shift = Duty.objects.get()
    enter(client, world.other_dispatcher)
    assert client.post(f"{address}{shift.pk}/remove/").status_code == 404
    enter(client, world.community_worker)
    assert client.post(f"{address}{shift.pk}/remove/").status_code == 302
    assert not Duty.objects.exists()


class Passed(Exception):
    """The step was taken; it is taken back so that the next one meets the same emergency."""


def test_every_state_step_and_role(world):
    """A role over the whole district may take exactly the steps the table and the policies name."""
    made = alarm(world)
    actors = {role: actor_of(make_staff(role, world.district, world.department)) for role in ROLES}
    for state, step, role in product(EmergencyState.values, EMERGENCY_FLOW.steps, ROLES):
        due = timezone.now() if state in {"raised", "responding"} else None
        Emergency.objects.filter(pk=made.pk).update(state=state, due_at=due)
        named = step.permission in {"emergencies.answer", "emergencies.tick"}
        expected = (
            Http404 if role not in POLICIES["emergencies.view"]
            else SomeoneFaster if state not in step.sources
            else None if named or role in POLICIES[step.permission]
            else NotAllowed
        )  # fmt: skip
        try:
            with transaction.atomic():
                perform(EMERGENCY_FLOW, step.name, made.pk, actor=actors[role], now=MONDAY, data={})
                raise Passed
        except (Passed, InvalidStep, GuardFailed):
            got = None
        except (Http404, SomeoneFaster, NotAllowed) as error:
            got = type(error)
        assert got is expected, (state, step.name, role)


def test_resources_stand_by_distance_and_by_grid(client, world):
    from area_factories import make_resource

    make_resource(world.grid, "aed", (119.1005, 36.7005), "中心AED", phone="0536-8000001")
    make_resource(world.grid, "aed", (119.12, 36.72), "远处AED")
    found = alarm(world)
    Emergency.objects.update(lon=119.1, lat=36.7)
    page = enter(client, world.grid_worker).get(f"/desk/emergencies/{found.pk}/resources/")
    text = page.content.decode()
    near = text.split("<details")[0]
    assert "中心AED" in near
    assert "直线71米" in near
    assert "远处AED" not in near, "of each kind the nearest"
    assert "远处AED" in text
    assert 'href="tel:0536-8000001"' in near
    assert (
        f"/desk/emergencies/{found.pk}/resources/"
        in enter(client, world.grid_worker).get(f"/desk/emergencies/{found.pk}/").content.decode()
    )
