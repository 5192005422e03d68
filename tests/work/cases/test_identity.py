"""Whatever door someone came through, they are one reporter."""

from __future__ import annotations

import pytest
from django.test import Client

from factories import MONDAY, make_case, make_district, make_resident
from linli.base.accounts.models import Account
from linli.base.accounts.queries import actor_of
from linli.base.messages.models import Channel, Message
from linli.kernel.scope import ANONYMOUS
from linli.work.cases.actions import accept_and_dispatch, take_step
from linli.work.cases.models import Case
from linli.work.cases.queries import visible_cases

pytestmark = pytest.mark.django_db
PHONE = "19900001111"


@pytest.fixture
def world():
    return make_district()


def report(world, actor, **more):
    return make_case(world, actor=actor, **({"reporter_phone": PHONE} | more)).case


def test_matters_of_every_door_stand_in_one_list(world):
    doors = [
        report(world, ANONYMOUS, channel="website"), report(world, world.agent, channel="hotline"),
        report(world, ANONYMOUS, channel="kiosk"), report(world, ANONYMOUS, channel="system"),
    ]  # fmt: skip
    someone = make_resident(world.community, phone="19900002222")
    account = make_resident(world.community, phone=PHONE)
    own = report(world, actor_of(account), channel="website")
    mine = visible_cases(actor_of(account))
    assert {row.pk for row in mine} == {own.pk, *(case.pk for case in doors)}
    assert not visible_cases(actor_of(someone)).exists()
    client = Client()
    client.force_login(account)
    page = client.get("/my/cases/").content.decode()
    assert all(case.number in page for case in (own, *doors))
    assert client.get(f"/my/cases/{doors[1].number}/").status_code == 200


def test_protected_matters_and_blank_phones_belong_to_nobody_by_phone(world):
    report(world, ANONYMOUS, protected=True)
    report(world, ANONYMOUS, reporter_phone="")
    account = make_resident(world.community, phone=PHONE)
    blank = Account.objects.create(kind="resident", username="r-blank")
    other = report(world, actor_of(make_resident(world.community)))
    assert list(visible_cases(actor_of(account))) == []
    assert list(visible_cases(actor_of(blank))) == []
    assert other.reporter_id != account.pk


def test_they_are_told_on_the_site_too_and_rate_there(world):
    account = make_resident(world.community, phone=PHONE)
    case = report(world, world.agent, channel="hotline")
    told = Message.objects.get(channel=Channel.SITE, account=account)
    assert told.link == f"/my/cases/{case.number}/"
    accept_and_dispatch(case.pk, actor=world.dispatcher, now=MONDAY,
                        data={"unit": world.grid_unit.pk})  # fmt: skip
    take_step("sign_in", case.pk, actor=world.grid_worker, now=MONDAY, data={})
    take_step("report_done", case.pk, actor=world.grid_worker, now=MONDAY, data={"result": "清了"})
    take_step("close", case.pk, actor=world.community_worker, now=MONDAY, data={"result": "好"})
    data = {"rating": "5", "solved": "yes"}
    take_step("rate", case.pk, actor=actor_of(account), now=MONDAY, data=data)
    assert Case.objects.get(pk=case.pk).rating == 5


def test_another_phone_neither_sees_nor_rates(world):
    case = report(world, world.agent, channel="hotline")
    other = make_resident(world.community, phone="19900002222")
    client = Client()
    client.force_login(other)
    assert client.get(f"/my/cases/{case.number}/").status_code == 404
    assert client.post(f"/my/cases/{case.number}/rate/", {"rating": "5"}).status_code == 404
    assert not Message.objects.filter(account=other).exists()
