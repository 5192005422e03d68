from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import override_settings

from factories import MONDAY, SHANGHAI, make_resident
from linli.base.accounts.queries import actor_of
from linli.base.messages import delivery, templates
from linli.base.messages.actions import mark_read, queue_message, set_sms_off
from linli.base.messages.models import ConsoleDelivery, Message

pytestmark = pytest.mark.django_db
PHONE = "19000000001"


@pytest.fixture(autouse=True)
def _templates(monkeypatch):
    monkeypatch.setattr(templates, "_TEMPLATES", {})
    monkeypatch.setattr(templates, "_FIELDS", {})
    templates.register_templates({"t.hello": "您好，{name}"})


def queue(key="k1", now=MONDAY, **more):
    values = {"channel": "sms", "phone": PHONE, "params": {"name": "张三"}} | more
    queue_message(key=key, template="t.hello", now=now, **values)


def test_the_same_key_queues_one_message():
    queue()
    queue(params={"name": "李四"})
    assert [row.body for row in Message.objects.all()] == ["您好，张三"]


def test_a_missing_parameter_raises():
    with pytest.raises(templates.MissingParameter, match="name"):
        queue(params={})


def test_a_duplicate_template_raises():
    with pytest.raises(RuntimeError, match="twice"):
        templates.register_templates({"t.hello": "x"})


def test_braces_in_a_parameter_mean_nothing():
    assert templates.render("t.hello", {"name": "{key.__class__}"}) == "您好，{key.__class__}"


@pytest.mark.parametrize("more", [{"phone": ""}, {"channel": "site", "phone": ""}])
def test_a_message_for_nobody_raises(more):
    with pytest.raises(ValueError, match="needs"):
        queue(**more)


def test_a_message_in_the_site_is_there_at_once_and_can_be_read():
    account = make_resident()
    queue(channel="site", account=account, phone="")
    assert Message.objects.get().state == "sent"
    other = actor_of(make_resident())
    assert mark_read(actor=other, now=MONDAY) == 0
    assert mark_read(actor=actor_of(account), now=MONDAY) == 1


@pytest.mark.parametrize(
    ("hour", "minute", "until"),
    [(21, 29, None), (21, 30, (17, 7, 30)), (3, 0, (16, 7, 30)), (7, 30, None)],
)
def test_quiet_hours_put_a_text_off(hour, minute, until):
    queue(now=datetime(2026, 3, 16, hour, minute, tzinfo=SHANGHAI))
    expected = datetime(2026, 3, *until, tzinfo=SHANGHAI) if until else None
    assert Message.objects.get().not_before == expected


def test_a_text_waits_for_the_end_of_the_quiet_hours():
    night = MONDAY.replace(hour=23)
    queue(now=night)
    assert delivery.deliver_due(now=night) == 0
    assert delivery.deliver_due(now=night + timedelta(hours=9)) == 1


def test_a_code_rings_at_night_and_goes_first():
    night = MONDAY.replace(hour=23)
    queue("late", now=MONDAY)
    queue("code", now=night, urgent=True)
    assert [row.key for row in delivery._due(night)] == ["code", "late"]


def test_the_console_keeps_one_row_and_the_code_is_blanked():
    queue(urgent=True)
    assert delivery.deliver_due(now=MONDAY) == 1
    assert delivery.deliver_due(now=MONDAY) == 0
    row = Message.objects.get()
    assert (row.state, row.sent_at, row.body) == ("sent", MONDAY, "")
    assert ConsoleDelivery.objects.count() == 1


def test_an_opt_out_holds_for_all_but_codes():
    account = make_resident(phone=PHONE)
    set_sms_off(account=account, off=True, now=MONDAY)
    queue("a")
    queue("b", urgent=True)
    delivery.deliver_due(now=MONDAY)
    assert dict(Message.objects.values_list("key", "state")) == {"a": "dropped", "b": "sent"}


@override_settings(MESSAGES_DAILY_LIMIT=2)
def test_a_phone_gets_only_so_many_texts_a_day():
    for n in range(4):
        queue(f"k{n}")
    queue("other", phone="19000000002")
    delivery.deliver_due(now=MONDAY)
    states = list(Message.objects.order_by("id").values_list("state", flat=True))
    assert states == ["sent", "sent", "dropped", "dropped", "sent"]
    queue("tomorrow")
    delivery.deliver_due(now=MONDAY + timedelta(days=1))
    assert Message.objects.get(key="tomorrow").state == "sent"


@override_settings(MESSAGES_BACKEND="base.messages.gateways.Busy")
def test_a_busy_gateway_is_tried_again_with_growing_pauses_then_given_up():
    queue()
    now, pauses = MONDAY, []
    for _ in range(5):
        delivery.deliver_due(now=now)
        row = Message.objects.get()
        pauses.append((row.not_before - now) // timedelta(minutes=1))
        now = row.not_before
    assert pauses == [1, 5, 15, 60, 240]
    delivery.deliver_due(now=now)
    assert Message.objects.get().state == "failed"


@override_settings(MESSAGES_BACKEND="base.messages.gateways.Careless")
def test_a_gateway_that_breaks_without_an_answer_leaves_uncertain_messages():
    queue()
    delivery.deliver_due(now=MONDAY)
    row = Message.objects.get()
    assert (row.state, row.error) == ("uncertain", "no answer")


@pytest.mark.parametrize(("gateway", "state"), [("Remote", "queued"), ("Careless", "uncertain")])
def test_what_a_dead_worker_was_sending_is_taken_up(gateway, state):
    queue()
    Message.objects.update(state="sending", claimed_at=MONDAY)
    with override_settings(MESSAGES_BACKEND=f"base.messages.gateways.{gateway}"):
        assert delivery.recover_stale(now=MONDAY + timedelta(minutes=5)) == 0
        assert delivery.recover_stale(now=MONDAY + timedelta(minutes=11)) == 1
    assert Message.objects.get().state == state
