"""What is known of people is kept for its time: rules, their bounds, the nightly run."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from factories import MONDAY, make_case, make_district, make_staff
from linli.base.accounts.models import Account
from linli.base.accounts.queries import actor_of
from linli.base.messages.models import Message
from linli.base.people.actions import move_out, reveal, set_hold, set_retention
from linli.base.people.models import RecordLook, Resident, RetentionRule, RetentionRun
from linli.base.people.retained import Kind, kind_of, kinds, register_retained
from linli.base.people.retention import running
from linli.base.people.retention.running import all_days, count_due, let_all_go
from linli.kernel.flow import NotAllowed
from linli.kernel.ledger.models import Entry
from linli.work.cases.actions import accept_and_dispatch, take_step
from linli.work.cases.models import Case
from record_factories import make_record

pytestmark = pytest.mark.django_db

YEARS = timedelta(days=1100)


@pytest.fixture
def world():
    return make_district()


@pytest.fixture
def officer(world):
    return actor_of(make_staff("privacy_officer", world.district))


@pytest.fixture
def record(world):
    found = make_record(world, "白素贞")
    reveal(found.resident.pk, "phone", actor=world.community_worker, now=MONDAY, reason="核对电话")
    return found


def leave(record, world):
    record.tenure.delete()
    move_out(
        record.resident.pk, actor=world.community_worker, now=MONDAY, on=MONDAY.date(),
        source="入户登记",
    )  # fmt: skip


def closed_case(world, **more):
    case = make_case(world, now=MONDAY, **more).case
    accept_and_dispatch(
        case.pk, actor=world.dispatcher, now=MONDAY, data={"unit": world.grid_unit.pk}
    )
    take_step("sign_in", case.pk, actor=world.grid_worker, now=MONDAY, data={})
    take_step("report_done", case.pk, actor=world.grid_worker, now=MONDAY, data={"result": "好"})
    take_step("close", case.pk, actor=world.community_worker, now=MONDAY, data={"result": "好"})
    return case


def due(now) -> dict[str, int]:
    days = all_days()
    return {kind.key: n for kind in kinds() if (n := count_due(kind, days[kind.key], now))}


def test_a_dry_run_says_what_the_run_does(world, record):
    leave(record, world)
    case = closed_case(world, reporter_phone="19000000123")
    still_open = make_case(world, now=MONDAY, reporter_phone="19000000124").case
    later = MONDAY + YEARS
    assert let_all_go(now=MONDAY + timedelta(days=1)).counts == {}
    foretold = due(later)
    assert {"people.looks", "people.gone", "cases.reporters", "messages.texts"} <= set(foretold)
    run = let_all_go(now=later)
    assert run.counts == foretold
    assert run.ended_at is not None
    assert due(later) == {}
    assert let_all_go(now=later).counts == {}
    resident = Resident.objects.get(pk=record.resident.pk)
    assert (resident.name, resident.id_number, resident.erased_at) == ("", "", later)
    assert RecordLook.objects.get(fields=["phone"]).reason == ""
    case.refresh_from_db()
    assert (case.reporter_phone, case.phone_index, case.reporter_id) == ("", "", None)
    assert Case.objects.get(pk=still_open.pk).reporter_phone
    assert not Message.objects.filter(state="sent", body__blank=False).exists()
    entry = Entry.objects.filter(subject_type="retention.run").order_by("id")[1]
    assert entry.data["counts"] == foretold


def test_what_is_held_or_under_way_stays(world, record, officer):
    leave(record, world)
    phone = record.resident.phone
    case = closed_case(world, reporter_phone=phone)
    later = MONDAY + YEARS
    set_hold(record.resident.pk, actor=officer, now=MONDAY, reason="诉讼期间保全")
    let_all_go(now=later)
    assert Resident.objects.get(pk=record.resident.pk).name == "白素贞"
    assert Case.objects.get(pk=case.pk).reporter_phone == phone
    assert RecordLook.objects.get(fields=["phone"]).reason == "核对电话"
    record.resident.holds.update(ended_at=MONDAY)
    other = make_case(world, now=MONDAY, reporter_phone=phone).case
    let_all_go(now=later)
    assert Resident.objects.get(pk=record.resident.pk).name == "白素贞"  # something is under way
    assert Case.objects.get(pk=other.pk).reporter_phone == phone
    assert Case.objects.get(pk=case.pk).reporter_phone == ""


def test_who_lives_here_is_never_forgotten(world, record):
    let_all_go(now=MONDAY + 10 * YEARS)
    assert Resident.objects.get(pk=record.resident.pk).name == "白素贞"


def test_a_run_cut_short_is_gone_on_with(world, record, monkeypatch):
    monkeypatch.setattr(running, "BATCH", 1)
    people = [make_case(world, now=MONDAY) for _ in range(3)]
    for made in people:
        Case.objects.filter(pk=made.case.pk).update(state="closed", closed_at=MONDAY)
    kind = kind_of("cases.reporters")
    later, done = MONDAY + YEARS, []

    def breaks(keys, now):
        if done:
            raise RuntimeError("the power went")
        done.extend(keys)
        kind.let_go(keys, now)

    cut = Kind(**{**kind.__dict__, "let_go": breaks})
    with monkeypatch.context() as patch:
        patch.setattr(running, "kinds", lambda: [cut])
        with pytest.raises(RuntimeError):
            let_all_go(now=later)
    first = RetentionRun.objects.get()
    assert (first.counts, first.ended_at) == ({"cases.reporters": 1}, None)
    assert let_all_go(now=later).counts["cases.reporters"] == 2


def test_no_time_is_shorter_than_the_law_allows(world, officer, client):
    client.force_login(Account.objects.get(pk=officer.account_id))
    address = reverse("people:retention_rule", args=["people.looks"])
    page = client.post(address, {"days": "30", "reason": "尽快清理", "act": "save"})
    text = page.content.decode()
    assert page.status_code == 422
    assert "不能少于183天" in text
    assert "尽快清理" in text  # nothing typed is lost
    assert not RetentionRule.objects.exists()
    page = client.post(address, {"days": "200", "reason": "尽快清理", "act": "try"})
    assert "试算" in page.content.decode()
    assert not RetentionRule.objects.exists()
    client.post(address, {"days": "200", "reason": "尽快清理", "act": "save"})
    assert all_days()["people.looks"] == 200
    assert Entry.objects.get(subject_type="retention").data == {
        "kind": "people.looks", "from": 1095, "to": 200
    }  # fmt: skip
    assert "尽快清理" in client.get(reverse("people:retention")).content.decode()
    RetentionRule.objects.update(days=3)  # the law may ask for more than once was set
    assert all_days()["people.looks"] == 183


def test_the_officer_of_the_whole_district_alone_sets_it(world, officer, client):
    local = actor_of(make_staff("privacy_officer", world.subdistrict))
    with pytest.raises(NotAllowed):
        set_retention("people.looks", actor=local, now=MONDAY, days=400, reason="试一试")
    with pytest.raises(ValidationError):
        set_retention("nothing", actor=officer, now=MONDAY, days=400, reason="试一试")
    client.force_login(make_staff("audit_admin", world.district))
    assert client.get(reverse("people:retention")).status_code == 200
    address = reverse("people:retention_rule", args=["people.looks"])
    assert client.get(address).status_code == 403
    client.force_login(Account.objects.get(pk=local.account_id))
    assert "修改期限" not in client.get(reverse("people:retention")).content.decode()
    assert client.get(address).status_code == 403
    client.force_login(make_staff("community_worker", world.community))
    assert client.get(reverse("people:retention")).status_code == 403


def test_two_rules_for_one_kind_are_refused():
    kind = kind_of("people.looks")
    with pytest.raises(RuntimeError, match="two rules"):
        register_retained(kind)
    with pytest.raises(RuntimeError, match="bounds"):
        register_retained(Kind(**{**kind.__dict__, "key": "x", "usual": 1}))
