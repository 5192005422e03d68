"""The day's sum: counted from the ledger, the same on the phone and in the list, for few eyes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from factories import make_case, make_district, make_route, make_staff, round_answers
from linli.base.accounts.models import Account
from linli.work.cases.actions import accept_and_dispatch, settle_on_spot, take_step
from linli.work.patrols.actions import hand_in_round

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    """A moment of today with room before it."""
    return timezone.now()


@pytest.fixture
def world(now):
    made = make_district()
    case = make_case(made, now=now).case
    accept_and_dispatch(case.pk, actor=made.dispatcher, now=now, data={"unit": made.grid_unit.pk})
    take_step("sign_in", case.pk, actor=made.grid_worker, now=now)
    take_step("report_done", case.pk, actor=made.grid_worker, now=now, data={"result": "清了"})
    settle_on_spot(
        actor=made.grid_worker, now=now, result="扶起", intake_key="s", channel="patrol",
        title="单车倒伏", text="单车倒伏", category=made.category, area=made.grid,
    )  # fmt: skip
    due = make_route(made, now=now)[1]
    data = round_answers(r_0_1="problem")
    hand_in_round(due.pk, actor=made.grid_worker, now=now, data=data)
    return made


def entered(actor):
    client = Client()
    client.force_login(Account.objects.get(pk=actor.account_id))
    return client


def sums(answer):
    return {str(label): count for label, count in answer.context["sums"]}


def test_the_day_is_counted_from_what_was_done(world):
    phone = entered(world.grid_worker)
    answer = phone.get("/field/day/")
    assert sums(answer) == {
        "上报": 1, "当场办结": 1, "处理完毕": 1, "办理步骤": 2, "联系反映人": 0,
        "协办等子任务": 0, "到场": 0, "巡查": 1, "检查项": 3, "发现问题": 1,
    }  # fmt: skip
    page = answer.content.decode()
    assert "单车倒伏" in page
    assert "晨巡" in page
    before = timezone.localdate() - timedelta(days=1)
    assert set(sums(phone.get(f"/field/day/?day={before}")).values()) == {0}
    assert phone.get("/field/day/?day=2026-99-99").status_code == 200


def test_the_list_of_the_community_says_the_same(world):
    desk = entered(world.community_worker)
    answer = desk.get("/desk/days/")
    line = next(
        line for line in answer.context["listing"].lines
        if line.row.pk == world.grid_worker.account_id
    )  # fmt: skip
    cells = {str(cell.label): cell.value for cell in line.cells}
    own = sums(entered(world.grid_worker).get("/field/day/"))
    assert {name: cells[name] for name in own} == own
    assert "单车倒伏" in desk.get(line.href).content.decode()
    assert desk.get("/desk/days/?export=xlsx").status_code == 200
    assert desk.get("/desk/days/?day=x").status_code == 422


def test_nobody_else_sees_a_persons_day(world):
    address = f"/field/day/{world.grid_worker.account_id}/"
    colleague = make_staff("grid_worker", world.grid, world.grid_unit)
    client = Client()
    client.force_login(colleague)
    assert client.get(address).status_code == 404
    assert client.get("/desk/days/").status_code == 403
    for actor in (world.handler, world.agent, world.lead, world.other_dispatcher):
        assert entered(actor).get(address).status_code == 404
    assert entered(world.other_dispatcher).get("/desk/days/").context["listing"].lines == []
