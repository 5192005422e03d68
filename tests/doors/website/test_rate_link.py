"""The link in the text message: signed, for one case, once, and for some days."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from factories import make_case, make_district, make_staff
from linli.base.messages.models import Message
from linli.kernel.ledger.models import Entry
from linli.kernel.scope import ANONYMOUS
from linli.work.cases.actions import accept_and_dispatch, take_step
from linli.work.cases.models import Case, SubTask
from linli.work.cases.rating_links import read_token, token_for
from linli.work.cases.tasks.follow_ups import open_follow_ups

pytestmark = pytest.mark.django_db

GOOD = {"rating": "5", "solved": "yes", "note": "很快"}
LOW = {"rating": "1", "solved": "no"}


@pytest.fixture
def world():
    return make_district()


def closed_case(world, **more):
    at = timezone.now() - timedelta(hours=3)
    case = make_case(world, actor=ANONYMOUS, now=at, reporter_phone="19000001234", **more).case
    accept_and_dispatch(case.pk, actor=world.dispatcher, now=at, data={"unit": world.grid_unit.pk})
    take_step("sign_in", case.pk, actor=world.grid_worker, now=at)
    take_step("report_done", case.pk, actor=world.grid_worker, now=at, data={"result": "清了"})
    take_step("close", case.pk, actor=world.community_worker, now=at, data={"result": "好"})
    case.refresh_from_db()
    return case


def sent_link(case):
    """Return the address in the text message about the end of a case."""
    message = Message.objects.get(
        template="cases.close", channel="sms", key__contains=f":{case.pk}:"
    )
    return re.search(r"https?://[^/]+(/rate/\S+)", message.body)[1]


def test_the_message_at_the_end_carries_a_link_that_rates(world, settings):
    settings.PUBLIC_URL = "https://linli.example"
    case = closed_case(world)
    client, path = Client(), sent_link(case)
    assert (
        "https://linli.example/rate/"
        in Message.objects.get(template="cases.close", channel="sms").body
    )
    page = client.get(path)
    assert page.status_code == 200
    text = page.content.decode()
    assert 'data-large="1"' in text
    assert case.title in text
    assert page["Referrer-Policy"] == "no-referrer"
    assert client.post(path, GOOD)["Location"] == path
    case.refresh_from_db()
    assert (case.rating, case.solved) == (5, True)
    entry = Entry.objects.get(subject_type="case", subject_id=case.pk, verb="rate")
    assert (entry.actor_kind, entry.actor_id) == ("anonymous", None)
    assert "谢谢您的评价" in client.get(path).content.decode()


def test_a_link_rates_once(world):
    case = closed_case(world)
    client, path = Client(), sent_link(case)
    client.post(path, GOOD)
    client.post(path, LOW)
    case.refresh_from_db()
    assert case.rating == 5
    assert Entry.objects.filter(subject_id=case.pk, subject_type="case", verb="rate").count() == 1


def test_a_link_after_a_rating_by_another_way_changes_nothing(world):
    case = closed_case(world)
    Case.objects.filter(pk=case.pk).update(rating=4)
    answer = Client().post(sent_link(case), LOW)
    assert answer.status_code == 409
    case.refresh_from_db()
    assert case.rating == 4


def test_a_link_expires(world, settings, monkeypatch):
    settings.RATE_LINK_DAYS = 2
    case = closed_case(world)
    path, later = sent_link(case), timezone.now() + timedelta(days=3)
    monkeypatch.setattr(timezone, "now", lambda: later)
    text = Client().get(path).content.decode()
    assert "链接已经过期" in text
    assert 'name="rating"' not in text
    assert Client().post(path, GOOD).status_code == 409
    case.refresh_from_db()
    assert case.rating is None


def test_a_link_is_for_its_case_alone_and_cannot_be_made(world):
    case, other = closed_case(world), closed_case(world)
    now = timezone.now()
    token = token_for(case.pk, now)
    assert read_token(token)[0] == case.pk
    body, signature = token.split(".")
    forged = token_for(other.pk, now).split(".")[0] + "." + signature
    for bad in (forged, body, f"{body}.", "a-b.c", "x" * 200, token + "a"):
        assert read_token(bad) is None
        assert Client().get(f"/rate/{bad}/").status_code == 404
        assert Client().post(f"/rate/{bad}/", GOOD).status_code == 404


def test_an_open_case_has_no_rating_page(world):
    case = make_case(world, actor=ANONYMOUS).case
    assert Client().get(f"/rate/{token_for(case.pk, timezone.now())}/").status_code == 404


def test_a_missing_grade_is_asked_for_and_nothing_is_lost(world):
    path = sent_link(closed_case(world))
    answer = Client().post(path, {"solved": "no", "note": "又堆满了"})
    assert answer.status_code == 422
    assert "请选择满意程度" in answer.content.decode()
    assert "又堆满了" in answer.content.decode()


@pytest.mark.parametrize("role", ["grid_worker", "community_worker", "hotline_agent"])
def test_staff_do_not_rate_through_a_link(world, role):
    case = closed_case(world)
    client = Client()
    client.force_login(make_staff(role, world.district, world.grid_unit))
    answer = client.post(sent_link(case), GOOD)
    assert answer.status_code == 409
    assert "工作人员不能代替反映人评价" in answer.content.decode()
    case.refresh_from_db()
    assert case.rating is None


def test_a_low_rating_through_a_link_opens_a_mending(world):
    case = closed_case(world)
    Client().post(sent_link(case), LOW)
    assert open_follow_ups(now=timezone.now())["mend"] == 1
    assert SubTask.objects.get(kind="mend").case_id == case.pk
