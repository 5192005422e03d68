"""Consent: given and taken back by residents and from paper, with what rests on it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.http import Http404

from factories import MONDAY, make_case, make_district, make_resident, make_staff
from linli.base.accounts.models import Account
from linli.base.accounts.queries import actor_of
from linli.base.messages.delivery import deliver_due
from linli.base.messages.models import Message
from linli.base.people.actions import (
    give_consent,
    remind_of_expiry,
    set_tag,
    withdraw_consent,
)
from linli.base.people.models import CareTag, Consent, Resident
from linli.base.people.queries import may_tell
from linli.kernel.flow import NotAllowed
from linli.kernel.ledger.models import Entry
from linli.work.cases.actions import take_step
from record_factories import make_record

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_district()


@pytest.fixture
def record(world):
    found = make_record(world, "白素贞")
    Resident.objects.filter(pk=found.resident.pk).update(born_on=date(1950, 5, 4))
    return found


@pytest.fixture
def own(record):
    return actor_of(record.account)


def texts(purpose="reminders"):
    return list(
        Message.objects.filter(channel="sms", purpose=purpose).values_list("state", "error")
    )


def test_a_resident_gives_and_takes_back_on_their_own_page(client, record):
    client.force_login(record.account)
    page = client.get("/my/record/").content.decode()
    assert "关爱登记" in page
    assert "未同意" in page
    assert "《个人信息保护法》" in page
    client.post("/my/record/consents/care/", {"act": "give"})
    row = Consent.objects.get()
    assert (row.resident_id, row.given_door, row.withdrawn_at) == (record.resident.pk, "own", None)
    page = client.post("/my/record/consents/care/", {"act": "withdraw"}, follow=True)
    assert "不再据此安排走访" in page.content.decode()
    row.refresh_from_db()
    assert row.withdrawn_door == "own"
    verbs = Entry.objects.filter(subject_type="resident", subject_id=record.resident.pk)
    assert {"consent", "withdraw_consent"} <= set(verbs.values_list("verb", flat=True))
    taken = client.get("/my/record/take-away/").json()
    assert taken["同意与撤回"][0]["撤回时间"]


def test_the_same_word_twice_is_one(own, record):
    first = give_consent(record.resident.pk, "care", actor=own, now=MONDAY)
    assert give_consent(record.resident.pk, "care", actor=own, now=MONDAY) == first
    withdraw_consent(record.resident.pk, "care", actor=own, now=MONDAY)
    withdraw_consent(record.resident.pk, "care", actor=own, now=MONDAY)
    assert Consent.objects.count() == 1


def test_a_tag_that_rests_on_consent_ends_with_it(own, record, world):
    pk = record.resident.pk
    with pytest.raises(ValidationError) as refused:
        set_tag(
            pk, actor=world.community_worker, now=MONDAY, kind="ill", source="走访", by_consent=True
        )
    assert "rests_on" in refused.value.message_dict
    give_consent(pk, "care", actor=own, now=MONDAY)
    set_tag(
        pk, actor=world.community_worker, now=MONDAY, kind="ill", source="走访", by_consent=True
    )
    assert withdraw_consent(pk, "care", actor=own, now=MONDAY + timedelta(days=1)) == 1
    assert str(CareTag.objects.get(kind="ill").ended_on) == "2026-03-17"
    assert CareTag.objects.get(kind="alone").ended_on is None  # it rests on a register


def test_the_desk_copies_a_paper_and_its_withdrawal(client, world, record):
    client.force_login(Account.objects.get(pk=world.community_worker.account_id))
    url = f"/desk/people/{record.resident.pk}/consents/"
    data = {"purpose": "reminders", "act": "give", "on": "2026-03-02", "paper": "柜3-17"}
    assert client.post(url, data).status_code == 302
    row = Consent.objects.get()
    assert (row.given_door, row.given_paper, row.given_at.day) == ("paper", "柜3-17", 2)
    assert client.post(url, data | {"act": "withdraw", "on": "2026-03-10"}).status_code == 302
    assert "柜3-17" in client.get(url).content.decode()
    answer = client.post(url, data | {"paper": "", "guardian": "许仙"})
    assert answer.status_code == 422
    assert "许仙" in answer.content.decode()
    answer = client.post(url, data | {"on": "2999-01-01"})
    assert answer.status_code == 422
    assert "日期不能晚于今天" in answer.content.decode()


def test_a_child_needs_a_guardian(world, record, own):
    Resident.objects.filter(pk=record.resident.pk).update(born_on=date(2015, 3, 1))
    with pytest.raises(ValidationError) as refused:
        give_consent(record.resident.pk, "care", actor=own, now=MONDAY)
    assert "guardian" in refused.value.message_dict
    row = give_consent(
        record.resident.pk, "care", actor=world.community_worker, now=MONDAY, guardian="许仙"
    )
    assert row.guardian == "许仙"


def test_nobody_else_speaks_for_a_resident(world, record):
    stranger = actor_of(make_resident())
    with pytest.raises(NotAllowed):
        give_consent(record.resident.pk, "care", actor=stranger, now=MONDAY)
    with pytest.raises(NotAllowed):  # a grid worker sees the record, but copies no paper
        give_consent(record.resident.pk, "care", actor=world.grid_worker, now=MONDAY)
    elsewhere = actor_of(make_staff("community_worker", world.other_subdistrict))
    with pytest.raises(Http404):
        give_consent(record.resident.pk, "care", actor=elsewhere, now=MONDAY)


def test_optional_texts_go_only_to_who_agreed(world, record, own, settings):
    pk, day = record.resident.pk, MONDAY.date() + timedelta(days=20)
    set_tag(
        pk, actor=world.community_worker, now=MONDAY, kind="alone", source="名册", expires_on=day
    )
    remind_of_expiry(now=MONDAY)
    deliver_due(now=MONDAY + timedelta(hours=1))
    assert texts() == [("dropped", "本人没有同意或已撤回同意")]
    give_consent(pk, "reminders", actor=own, now=MONDAY)
    later = day + timedelta(days=1)
    set_tag(
        pk, actor=world.community_worker, now=MONDAY, kind="alone", source="名册", expires_on=later
    )
    remind_of_expiry(now=MONDAY)
    remind_of_expiry(now=MONDAY)
    deliver_due(now=MONDAY + timedelta(hours=1))
    assert [state for state, _error in texts()] == ["dropped", "sent"]


def test_a_withdrawal_stops_what_waits_already(world, record, own):
    pk, day = record.resident.pk, MONDAY.date() + timedelta(days=20)
    set_tag(
        pk, actor=world.community_worker, now=MONDAY, kind="alone", source="名册", expires_on=day
    )
    give_consent(pk, "reminders", actor=own, now=MONDAY)
    remind_of_expiry(now=MONDAY)
    withdraw_consent(pk, "reminders", actor=own, now=MONDAY)
    deliver_due(now=MONDAY + timedelta(hours=1))
    assert [state for state, _error in texts()] == ["dropped"]


def test_whoever_refuses_to_rate_is_told_the_end_without_being_asked(world, record, own):
    phone = record.resident.phone
    for refused in (False, True):
        if refused:
            withdraw_consent(record.resident.pk, "rating", actor=own, now=MONDAY)
        case = make_case(world, reporter_phone=phone).case
        take_step(
            "settle", case.pk, actor=world.community_worker, now=MONDAY, data={"result": "好"}
        )
    first, second = (
        row.body
        for row in Message.objects.filter(channel="sms", template__contains="settle").order_by("id")
    )
    assert "/rate/" in first
    assert "打分" in first
    assert "/rate/" not in second
    assert "打分" not in second
    assert "已当场办结" in second


def test_what_needs_no_consent_goes_to_strangers_too(db):
    assert may_tell([("rating", "nobody", None), ("reminders", "nobody", None)]) == {
        ("rating", "nobody", None)
    }
