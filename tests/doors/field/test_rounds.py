"""Rounds on the phone: listed, walked with or without script, a problem becomes a case."""

from __future__ import annotations

import pytest
from django.utils import timezone

from factories import make_district, make_route, round_answers
from linli.base.accounts.models import Account
from linli.work.cases.models import Case
from linli.work.patrols.models import Round

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_district()


@pytest.fixture
def due(world):
    return make_route(world, now=timezone.now())[1]


@pytest.fixture
def phone(client, world):
    client.force_login(Account.objects.get(pk=world.grid_worker.account_id))
    return client


def test_a_round_is_walked_with_the_plain_form(phone, due):
    assert "晨巡" in phone.get("/field/").content.decode()
    address = f"/field/rounds/{due.pk}/"
    assert "消防通道畅通" in phone.get(address).content.decode()
    part = round_answers()
    del part["r-1-0"]
    bad = phone.post(address, part)
    assert bad.status_code == 422
    assert "还没有检查这一项" in bad.content.decode()
    assert phone.post(address, round_answers(token="a")).url == "/field/rounds/"
    assert Round.objects.get().state == "walked"
    late = phone.post(address, round_answers(token="b"))
    assert late.status_code == 409
    assert "3项" in phone.get("/field/rounds/").content.decode()


def test_the_queue_hands_in_once_and_says_what_is_wrong(phone, due):
    address = f"/field/send/rounds/{due.pk}/"
    bad = phone.post(address, round_answers(r_0_0="skipped"))
    assert set(bad.json()["errors"]) == {"n-0-0"}
    first, again = (phone.post(address, round_answers(token="a")).json() for _ in range(2))
    assert first == again
    assert first["href"] == f"/field/rounds/{due.pk}/"
    assert phone.post(address, round_answers(token="b")).status_code == 409
    assert phone.post("/field/send/rounds/999999/", round_answers()).status_code == 404


def test_a_problem_leads_to_its_case(phone, due):
    key = "f" * 32
    form = phone.get("/field/new/?category=0101&address=东门&text=灭火器在位：").content.decode()
    assert "灭火器在位" in form
    phone.post("/field/send/event/", {"token": key, "category": "0101", "text": "灭火器没了"})
    phone.post(
        f"/field/send/rounds/{due.pk}/", round_answers(token="a", r_0_1="problem", k_0_1=key)
    )
    number = Case.objects.get().number
    assert number in phone.get(f"/field/rounds/{due.pk}/").content.decode()


def test_others_do_not_walk(client, world, due):
    client.force_login(Account.objects.get(pk=world.dispatcher.account_id))
    assert client.get("/field/rounds/").status_code == 403
    assert client.post(f"/field/send/rounds/{due.pk}/", round_answers()).status_code == 403
