"""Informants are protected: nothing shows who reported, but to named roles, and each look counts."""

from __future__ import annotations

import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook
from PIL import Image

from factories import MONDAY, make_case, make_district, make_resident, make_staff
from linli.base.accounts.models import Account
from linli.base.accounts.queries import actor_of
from linli.base.messages.models import Message
from linli.kernel.flow import GuardFailed, NotAllowed
from linli.kernel.ledger.models import Entry
from linli.work.cases.actions import (
    accept_and_dispatch,
    clean_files,
    look_history,
    may_look,
    reveal_contact,
    take_step,
)
from linli.work.cases.models import Attachment, Case, Look, Nature, SubTask
from linli.work.cases.queries import get_case, step_rows, timeline_of
from linli.work.cases.same.queries import may_be_told
from linli.work.cases.tasks.follow_ups import open_follow_ups

pytestmark = pytest.mark.django_db

NAME, PHONE = "钱多多", "19000077123"
REASON = "需核实举报线索的时间和地点"


@pytest.fixture
def world():
    return make_district()


def informant(world):
    account = make_resident(world.community, phone=PHONE)
    Account.objects.filter(pk=account.pk).update(name=NAME)
    account.refresh_from_db()
    return actor_of(account)


@pytest.fixture
def reported(world):
    """Return a report by a resident with an account, in the hands of the department."""
    case = make_case(
        world, actor=informant(world), nature="report", category=world.urban, now=timezone.now(),
        reporter_name=NAME, reporter_phone=PHONE,
    ).case  # fmt: skip
    accept_and_dispatch(
        case.pk, actor=world.dispatcher, now=timezone.now(), data={"unit": world.department.pk}
    )
    take_step("sign_in", case.pk, actor=world.handler, now=timezone.now())
    return Case.objects.get(pk=case.pk)


def browser(actor):
    client = Client()
    client.force_login(Account.objects.get(pk=actor.account_id))
    return client


def everyone(world):
    return {
        name: getattr(world, name)
        for name in ("dispatcher", "district_dispatcher", "community_worker", "grid_worker",
                     "handler", "agent", "lead")
    }  # fmt: skip


def hides(text: str) -> bool:
    return NAME not in text and PHONE not in text and PHONE[3:] not in text


def test_reports_are_always_protected_and_others_on_request(world):
    assert make_case(world, nature="report").case.protected
    assert make_case(world, nature="complaint", protected=True).case.protected
    assert not make_case(world, nature="complaint").case.protected


def test_no_page_shows_staff_who_reported(world, reported):
    for name, actor in everyone(world).items():
        client = browser(actor)
        for address in (
            f"/desk/cases/{reported.number}/", f"/field/cases/{reported.number}/",
            "/desk/cases/", "/desk/?which=area", "/desk/?which=unit", "/desk/?which=mine",
            "/desk/tasks/?which=area",
        ):  # fmt: skip
            answer = client.get(address)
            assert answer.status_code in {200, 404}, (name, address)
            assert hides(answer.content.decode()), (name, address)


def test_searching_for_the_informant_finds_nothing(world, reported):
    client = browser(world.district_dispatcher)
    for words in (NAME, PHONE):
        assert reported.number not in client.get(f"/desk/cases/?q={words}").content.decode()
    assert reported.number in client.get("/desk/cases/?q=垃圾").content.decode()


def test_an_export_does_not_hold_who_reported(world, reported):
    answer = browser(world.district_dispatcher).get("/desk/cases/?export=xlsx")
    rows = list(load_workbook(io.BytesIO(answer.content)).active.values)
    assert any(reported.number in str(row) for row in rows)
    assert hides(str(rows))


def test_the_timeline_says_that_the_reporter_is_protected(world, reported):
    take_step("report_done", reported.pk, actor=world.handler, now=timezone.now(),
              data={"result": "已查处"})  # fmt: skip
    take_step("close", reported.pk, actor=world.dispatcher, now=timezone.now(),
              data={"result": "已查处"})  # fmt: skip
    mine = actor_of(Account.objects.get(name=NAME))
    take_step("rate", reported.pk, actor=mine, now=timezone.now(),
              data={"rating": 5, "solved": "yes"})  # fmt: skip
    items = timeline_of(Case.objects.get(pk=reported.pk), public=False)
    assert hides(str(items))
    for verb in ("register", "rate"):
        assert next(item for item in items if item.verb == verb).who == "反映人（身份受保护）"


def test_even_old_entries_that_name_the_reporter_are_masked(world):
    case = make_case(world, actor=informant(world)).case
    Case.objects.filter(pk=case.pk).update(protected=True)
    assert hides(str(timeline_of(Case.objects.get(pk=case.pk), public=False)))


def test_the_ledger_does_not_name_the_informant(world, reported):
    mine = Account.objects.get(name=NAME).pk
    assert not Entry.objects.filter(actor_id=mine).exists()
    entries = Entry.objects.filter(subject_id=reported.pk, subject_type__startswith="case")
    assert entries.filter(verb="register", actor_kind="resident", actor_id=None).exists()
    assert hides(json.dumps([entry.data for entry in entries], ensure_ascii=False))


def test_texts_to_the_phone_say_neither_what_nor_which(world, reported):
    texts = [row.body for row in Message.objects.filter(channel="sms")]
    assert texts
    for text in texts:
        assert reported.title not in text
        assert reported.number not in text
        assert world.department.name not in text
    for message in Message.objects.exclude(channel="sms"):
        assert message.account.name == NAME  # only the informant's own in-box tells more
    assert all(hides(message.body) for message in Message.objects.all())


def test_the_informant_still_follows_the_case(world, reported):
    mine = actor_of(Account.objects.get(name=NAME))
    page = browser(mine).get(f"/my/cases/{reported.number}/")
    assert page.status_code == 200
    assert reported.title in page.content.decode()


def test_other_matters_of_the_informant_do_not_give_them_away(world, reported):
    mine = actor_of(Account.objects.get(name=NAME))
    open_one = make_case(world, actor=mine, nature="help", title="楼道灯坏了").case
    look = {"actor": world.district_dispatcher, "now": MONDAY}
    assert look_history(open_one.pk, **look) == []
    again = make_case(world, actor=mine, nature="help", title="又坏了").case
    assert look_history(again.pk, **look) == [open_one]
    for actor in (world.district_dispatcher, world.handler, world.dispatcher):
        with pytest.raises(NotAllowed):
            look_history(reported.pk, actor=actor, now=MONDAY)


def test_neighbours_are_not_told_of_a_protected_matter(world):
    assert may_be_told(make_case(world).case)
    assert not may_be_told(make_case(world, protected=True).case)


def test_a_merged_informant_hears_without_number_or_matter(world):
    lead, quiet = make_case(world).case, make_case(
        world, actor=informant(world), protected=True, reporter_phone=PHONE
    ).case  # fmt: skip
    take_step("merge", quiet.pk, actor=world.dispatcher, now=MONDAY, data={"into": lead.number})
    Message.objects.all().delete()
    accept_and_dispatch(
        lead.pk, actor=world.dispatcher, now=MONDAY, data={"unit": world.grid_unit.pk}
    )
    texts = [row for row in Message.objects.filter(channel="sms") if row.phone == PHONE]
    assert texts
    for text in texts:
        assert quiet.number not in text.body
        assert quiet.title not in text.body
        assert text.link == ""


def test_names_of_files_do_not_give_the_informant_away(world, file_store):
    out = io.BytesIO()
    Image.new("RGB", (64, 48)).save(out, "JPEG")
    files = clean_files([SimpleUploadedFile(f"{NAME}举报.jpg", out.getvalue(), "image/jpeg")])
    case = make_case(world, nature="report", files=files).case
    assert Attachment.objects.get(case=case).name == "1-1.jpg"


@pytest.mark.parametrize(
    "who", ["dispatcher", "community_worker", "grid_worker", "handler", "agent"]
)
def test_who_handles_a_report_may_not_learn_who_reported(world, reported, who):
    actor = getattr(world, who)
    assert not may_look(actor, reported)
    answer = browser(actor).post(f"/desk/cases/{reported.number}/contact/", {"reason": REASON})
    assert answer.status_code in {404, 422}
    assert hides(answer.content.decode())
    assert not Look.objects.exists()


@pytest.mark.parametrize("who", ["district_dispatcher", "lead"])
def test_a_named_role_learns_it_with_a_reason_on_record(world, reported, who):
    actor, now = getattr(world, who), timezone.now()
    for reason in ("", "   ", "看看"):
        with pytest.raises(GuardFailed):
            reveal_contact(reported.pk, actor=actor, now=now, reason=reason)
    assert not Look.objects.exists()
    found = reveal_contact(reported.pk, actor=actor, now=now, reason=f" {REASON} ")
    assert (found.name, found.phone) == (NAME, PHONE)
    entry = Entry.objects.get(subject_type="case.look", subject_id=reported.pk)
    assert (entry.actor_id, entry.data["protected"]) == (actor.account_id, True)
    look = Look.objects.get()
    assert (look.seq, look.reason, look.actor_id) == (entry.seq, REASON, actor.account_id)
    page = browser(actor).get(f"/desk/cases/{reported.number}/").content.decode()
    assert REASON in page
    assert hides(page)


def test_each_look_is_an_entry_of_its_own(world, reported):
    for n in range(3):
        reveal_contact(reported.pk, actor=world.lead, now=timezone.now(), reason=f"第{n}次核实线索")
    assert list(Look.objects.order_by("seq").values_list("seq", flat=True)) == [1, 2, 3]


def test_a_look_at_another_case_is_still_open_to_who_handles_it(world):
    case = make_case(world, reporter_name="甲", reporter_phone=PHONE).case
    with pytest.raises(NotAllowed):
        reveal_contact(case.pk, actor=world.lead, now=MONDAY, reason=REASON)
    found = reveal_contact(case.pk, actor=world.dispatcher, now=MONDAY, reason="核实")
    assert found.phone == PHONE
    assert Look.objects.get().protected is False


def test_nobody_who_handles_it_is_asked_to_call(world, reported):
    shown = {row["name"] for row in step_rows(get_case(world.handler, reported.pk), world.handler)}
    assert "report_done" in shown
    assert "contact" not in shown
    with pytest.raises(GuardFailed, match="身份受保护"):
        take_step("contact", reported.pk, actor=world.handler, now=timezone.now())
    dispatch = Entry.objects.get(subject_type="case", subject_id=reported.pk, verb="dispatch")
    assert "contact_due" not in dispatch.data


def test_no_call_back_is_opened_and_mending_goes_to_the_centre(world, settings):
    settings.CALL_BACK_PERCENT = 100
    now = timezone.now()
    closed = {"state": "closed", "closed_at": now - timezone.timedelta(days=2)}
    asked = make_case(world, nature="help", reporter_phone=PHONE).case
    hidden = make_case(world, nature="report", reporter_phone=PHONE).case
    low = make_case(world, nature="report", reporter_phone=PHONE).case
    Case.objects.filter(pk__in=[asked.pk, hidden.pk]).update(**closed)
    Case.objects.filter(pk=low.pk).update(**closed, rating=1, rated_at=now, unit=world.department)
    open_follow_ups(now=now)
    assert SubTask.objects.get(kind="call_back").case_id == asked.pk
    assert SubTask.objects.get(kind="mend").unit.kind == "district"


def test_the_record_of_looks_is_for_who_watches(world, reported):
    reveal_contact(reported.pk, actor=world.lead, now=timezone.now(), reason=REASON)
    auditor = actor_of(make_staff("audit_admin", world.district))
    elsewhere = actor_of(make_staff("audit_admin", world.other_subdistrict))
    text = browser(auditor).get("/desk/looks/").content.decode()
    assert REASON in text
    assert reported.number in text
    assert hides(text)
    assert REASON not in browser(elsewhere).get("/desk/looks/").content.decode()
    assert REASON not in browser(auditor).get("/desk/looks/?protected=0").content.decode()
    assert REASON in browser(auditor).get("/desk/looks/?protected=1").content.decode()
    for who in ("dispatcher", "handler", "agent", "community_worker"):
        assert browser(getattr(world, who)).get("/desk/looks/").status_code == 403


def test_a_clerk_is_shown_the_code_that_no_text_carries(world):
    form = {
        "token": "t1", "channel": "hotline", "nature": "report", "category": world.urban.pk,
        "title": "有人违建", "text": "楼顶在盖房", "area_code": world.community.code,
        "reporter_name": NAME, "reporter_phone": PHONE,
    }  # fmt: skip
    answer = browser(world.agent).post("/desk/cases/new/", form, follow=True)
    case = Case.objects.get(intake_key="t1")
    assert case.protected
    assert "查询码" in answer.content.decode()
    assert hides(answer.content.decode())
    assert case.number not in Message.objects.get(channel="sms").body


def test_a_resident_reports_under_protection_from_the_website(world):
    form = {
        "token": "0f9d2c3e-8a52-4a59-9d26-97f2f0d5f001", "nature": "report",
        "category": world.urban.code, "text": "楼顶有人违法建设", "community": world.community.code,
    }  # fmt: skip
    assert Client().post("/report/", form).status_code == 302
    assert Case.objects.get().nature == Nature.REPORT
    form |= {"token": "0f9d2c3e-8a52-4a59-9d26-97f2f0d5f002", "nature": "", "protected": "on"}
    assert Client().post("/report/", form).status_code == 302
    assert Case.objects.order_by("-id")[0].protected
    form |= {"token": "0f9d2c3e-8a52-4a59-9d26-97f2f0d5f003", "nature": "emergency"}
    refused = Client().post("/report/", form)
    assert refused.status_code == 422
    assert "请从列表里选一项" in refused.content.decode()
