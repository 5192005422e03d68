"""Erasure: what goes is gone from every column, what stays has its reason, and it is in time."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection
from django.http import Http404

from factories import (
    MONDAY,
    make_case,
    make_district,
    make_mediation,
    make_resident,
    make_staff,
)
from linli.base.accounts.models import Account
from linli.base.accounts.queries import actor_of
from linli.base.messages.models import Message
from linli.base.people.actions import (
    edit_resident,
    end_hold,
    give_consent,
    move_out,
    reveal,
    set_hold,
    take_erasure_step,
)
from linli.base.people.due import remind_deciders
from linli.base.people.identity import id_check
from linli.base.people.models import ErasureRequest, Hold, Resident
from linli.base.people.queries import find_by_name, find_by_phone
from linli.kernel.flow import GuardFailed, InvalidStep, NotAllowed, SomeoneFaster
from linli.kernel.ledger.actions import seal
from linli.kernel.ledger.models import Entry, Seal
from linli.kernel.ledger.queries import verify
from linli.kernel.scope import SYSTEM
from linli.kernel.secrets.cipher import unseal
from linli.kernel.secrets.index import blind_index
from linli.kernel.secrets.words import blind_words
from linli.work.cases.actions.files import store_files
from linli.work.cases.attachments import Cleaned
from linli.work.cases.mediation.models import Party
from linli.work.cases.models import Case, CaseNote
from record_factories import make_record

pytestmark = pytest.mark.django_db
NAME, BODY = "欧阳独秀", "37070519480312000"
NUMBER = BODY + id_check(BODY)
LATER = MONDAY + timedelta(days=1)


@pytest.fixture
def world():
    return make_district()


@pytest.fixture
def record(world):
    """Return a home whose first resident has left a trace in every table of the registers."""
    found = make_record(world, "白素贞")
    pk, worker = found.resident.pk, world.community_worker
    values = {"name": NAME, "id_number": NUMBER}
    edit_resident(pk, actor=worker, now=MONDAY, values=values, source="入户登记")
    give_consent(pk, "care", actor=worker, now=MONDAY, paper=f"{NAME}的材料", guardian=NAME)
    old = MONDAY - timedelta(days=300)
    reveal(pk, "phone", actor=worker, now=old, reason=f"联系{NAME}本人")
    found.resident.refresh_from_db()
    return found


@pytest.fixture
def officer(world):
    return actor_of(make_staff("privacy_officer", world.district))


def gone_away(record, world):
    record.tenure.delete()
    move_out(
        record.resident.pk, actor=world.community_worker, now=MONDAY, on=MONDAY.date(),
        source="入户登记",
    )  # fmt: skip
    found = Resident.objects.get(pk=record.resident.pk)
    assert found.state == "moved"
    return found


def everywhere(app: str) -> list[str]:
    """Return every value of every column of an app's tables as text, sealed ones opened."""
    found = []
    for model in apps.get_app_config(app).get_models():
        columns = [field.column for field in model._meta.concrete_fields]
        with connection.cursor() as cursor:
            names = ", ".join(map(connection.ops.quote_name, columns))
            cursor.execute(f"SELECT {names} FROM {model._meta.db_table}")
            rows = cursor.fetchall()
        for row in rows:
            for name, value in zip(columns, row, strict=True):
                plain = value
                if isinstance(value, memoryview | bytes):
                    try:
                        plain = unseal(bytes(value))
                    except UnicodeDecodeError:
                        plain = ""
                found.append((f"{model._meta.db_table}.{name}", str(plain)))
    return found


def traces(*apps_named: str, phone: str) -> list[str]:
    """Return the columns in which something of the person still stands."""
    pieces = [NAME, NUMBER, phone, blind_index(NUMBER), blind_index(phone)]
    pieces += blind_words(NAME).split()
    return sorted(
        {
            place
            for app in apps_named
            for place, text in everywhere(app)
            if any(piece in text for piece in pieces)
        }
    )


def test_nothing_of_the_person_is_left_in_any_column(world, record, officer):
    phone = record.resident.phone
    make_case(world, reporter_phone="19000090909")  # someone else's
    before = traces("people", "accounts", "linli_messages", phone=phone)
    assert {"people_resident.name", "people_resident.words", "people_change.new"} <= set(before)
    assert {"people_consent.guardian", "people_record_look.reason"} <= set(before)
    gone_away(record, world)
    asked = ErasureRequest.objects.get(pk=record.erasure.pk)
    take_erasure_step("erase_part", asked.pk, actor=officer, now=LATER)
    # What the mate and the file of an import say is not the person's: the import is kept as it is.
    left = traces("people", "accounts", "linli_messages", phone=phone)
    assert left == []
    row = Resident.objects.get(pk=record.resident.pk)
    assert (row.name, row.id_number, row.phone, row.words, row.born_on) == ("", "", "", None, None)
    assert row.erased_at == LATER
    account = Account.objects.get(pk=record.account.pk)
    assert (account.is_active, account.name, account.phone_index) == (False, "", "")
    assert not find_by_name(SYSTEM, NAME).exists()
    assert not find_by_phone(SYSTEM, phone).exists()


@pytest.mark.django_db(transaction=True)  # only what is committed can be sealed
def test_the_ledger_stays_whole_and_names_nobody(world, record, officer):
    gone_away(record, world)
    seal(now=MONDAY)
    take_erasure_step("erase_part", record.erasure.pk, actor=officer, now=LATER)
    seal(now=LATER)
    assert (Seal.objects.count(), list(verify())) == (2, [])
    text = " ".join(str(entry.data) for entry in Entry.objects.all())
    assert NAME not in text
    assert NUMBER not in text
    entry = Entry.objects.get(subject_type="people.erasure", verb="erase_part")
    assert "record" in entry.data["gone"]


def test_who_still_lives_here_is_erased_in_part_with_reasons(world, record, officer, client):
    page = client
    page.force_login(record.account)
    text = page.get("/my/record/erasure/").content.decode()
    assert "仍在本社区居住" in text
    assert "《个人信息保护法》第十三条" in text
    with pytest.raises(GuardFailed, match="部分删除"):
        take_erasure_step("erase", record.erasure.pk, actor=officer, now=LATER)
    take_erasure_step("erase_part", record.erasure.pk, actor=officer, now=LATER)
    row = Resident.objects.get(pk=record.resident.pk)
    assert (row.name, row.id_number, row.phone, row.phone_index) == (NAME, NUMBER, "", "")
    outcome = {item["key"]: item for item in ErasureRequest.objects.get().outcome}
    assert outcome["record"]["kept"]
    assert "第四十七条" in outcome["record"]["law"]
    assert not outcome["phone"]["kept"]
    assert not outcome["account"]["kept"]
    assert outcome["tags_now"]["count"] == 1


def test_an_open_case_keeps_the_account_and_the_case(world, record, officer):
    case = make_case(world, actor=actor_of(record.account), reporter_phone=record.resident.phone)
    gone_away(record, world)
    take_erasure_step("erase_part", record.erasure.pk, actor=officer, now=LATER)
    outcome = {item["key"]: item for item in ErasureRequest.objects.get().outcome}
    assert outcome["account"]["kept"]
    assert outcome["cases_open"]["kept"]
    assert Account.objects.get(pk=record.account.pk).is_active
    assert Case.objects.get(pk=case.case.pk).reporter_phone


@pytest.mark.django_db(transaction=True)
def test_old_cases_forget_who_reported(world, record, officer):
    said = f"我是{NAME}，电话{record.resident.phone}，楼下垃圾没人收"
    case = make_case(
        world, actor=actor_of(record.account), reporter_phone=record.resident.phone,
        text=said, title=f"{NAME}反映垃圾", address=f"{NAME}家楼下",
    ).case  # fmt: skip
    store_files(case, 1, [Cleaned(f"{NAME}.pdf", "application/pdf", b"x", None)], MONDAY)
    path = Path(case.attachments.get().file.path)
    assert path.exists()
    CaseNote.objects.create(case=case, seq=1, text=f"{NAME}补充")
    CaseNote.objects.create(case=case, seq=2, text="已清运")
    old = MONDAY - timedelta(days=4 * 365)
    Case.objects.filter(pk=case.pk).update(state="closed", closed_at=old)
    gone_away(record, world)
    take_erasure_step("erase_part", record.erasure.pk, actor=officer, now=LATER)
    case = Case.objects.get(pk=case.pk)
    assert (case.reporter_name, case.reporter_phone, case.phone_index) == ("", "", "")
    assert case.reporter_id is None
    assert (case.title, case.text, case.address) == (case.category.name, "", "")
    assert [note.text for note in case.notes.order_by("seq")] == ["", "已清运"], "the work stays"
    assert not path.exists()
    assert traces("cases", phone=record.resident.phone) == []


def test_a_file_of_mediation_stays_and_says_why(world, record, officer):
    mediation = make_mediation(world)
    Party.objects.filter(mediation=mediation).update(phone=record.resident.phone)
    gone_away(record, world)
    take_erasure_step("erase_part", record.erasure.pk, actor=officer, now=LATER)
    outcome = {item["key"]: item for item in ErasureRequest.objects.get().outcome}
    kept = outcome["mediations"]
    assert (kept["count"], kept["kept"]) == (1, True)
    assert "《人民调解法》第二十七条" in kept["law"]
    assert Party.objects.filter(mediation=mediation).first().phone == record.resident.phone


def test_a_hold_stops_it_and_its_end_lets_it_go(world, record, officer):
    hold = set_hold(record.resident.pk, actor=officer, now=MONDAY, reason="（2026）鲁0705民初1号")
    with pytest.raises(GuardFailed, match="保全"):
        take_erasure_step("erase_part", record.erasure.pk, actor=officer, now=LATER)
    with pytest.raises(ValidationError):
        set_hold(record.resident.pk, actor=officer, now=MONDAY, reason="再来一次")
    end_hold(hold.pk, actor=officer, now=LATER)
    take_erasure_step("erase_part", record.erasure.pk, actor=officer, now=LATER)
    assert Hold.objects.filter(ended_at=None).count() == 1  # the mate's own


def test_only_the_officer_decides_and_only_the_asker_withdraws(world, record, officer):
    for actor in (world.community_worker, actor_of(record.account)):
        with pytest.raises(NotAllowed):
            take_erasure_step("erase_part", record.erasure.pk, actor=actor, now=LATER)
    elsewhere = actor_of(make_staff("privacy_officer", world.other_subdistrict))
    with pytest.raises(Http404):
        take_erasure_step("erase_part", record.erasure.pk, actor=elsewhere, now=LATER)
    with pytest.raises(Http404):
        take_erasure_step("withdraw", record.erasure.pk, actor=actor_of(make_resident()), now=LATER)
    take_erasure_step("withdraw", record.erasure.pk, actor=actor_of(record.account), now=LATER)
    with pytest.raises(SomeoneFaster):
        take_erasure_step("erase_part", record.erasure.pk, actor=officer, now=LATER)


def test_a_refusal_needs_its_reason_and_reaches_the_person(world, record, officer):
    with pytest.raises(InvalidStep):
        take_erasure_step(
            "refuse", record.erasure.pk, actor=officer, now=LATER, data={"answer": ""}
        )
    take_erasure_step(
        "refuse", record.erasure.pk, actor=officer, now=LATER,
        data={"answer": "案件审理期间依法保存，可向区网信办投诉"},
    )  # fmt: skip
    assert Message.objects.filter(template="people.erasure_refused").count() == 1
    assert Resident.objects.get(pk=record.resident.pk).name == NAME


def test_the_page_to_decide_and_the_certificate(client, world, record, officer):
    client.force_login(Account.objects.get(pk=officer.account_id))
    url = f"/desk/people/erasures/{record.erasure.pk}/"
    text = client.get(url).content.decode()
    assert "部分删除" in text
    assert NAME not in text
    answer = client.post(f"{url}refuse/", {"answer": "短", "version": "1"})
    assert answer.status_code == 422
    client.post(f"{url}erase_part/", {"version": "1"})
    from linli.base.people.erasing.looking import certificate_token

    client.logout()
    token = certificate_token(record.erasure)
    text = client.get(f"/erasure/{token}/").content.decode()
    assert "个人信息删除证明" in text
    assert "依法保留" in text
    assert NAME not in text
    assert client.get(f"/erasure/{token}x/").status_code == 404


def test_the_desk_asks_for_who_shows_a_document(client, world, record):
    take_erasure_step("withdraw", record.erasure.pk, actor=actor_of(record.account), now=LATER)
    client.force_login(Account.objects.get(pk=world.community_worker.account_id))
    url = f"/desk/people/{record.resident.pk}/erasure/"
    data = {"speaker": "kin", "proof": "booklet", "reason": "想删"}
    answer = client.post(url, data)
    assert answer.status_code == 422
    assert "想删" in answer.content.decode()
    assert client.post(url, data | {"speaker": "self"}).status_code == 302
    row = ErasureRequest.objects.get(state="received")
    assert (row.door, row.proof, row.account_id) == ("desk", "booklet", None)
    answer = client.post(url, data | {"speaker": "self"})
    assert "已有一份删除申请" in answer.content.decode()


def test_it_is_due_within_fifteen_working_days(record):
    assert record.erasure.due_at.date() == date(2026, 4, 7)  # a holiday lies between
    assert record.erasure.due_at - MONDAY < timedelta(days=30)


def test_who_decides_is_reminded_before_the_day_and_told_when_it_is_past(world, record, officer):
    assert remind_deciders(now=MONDAY) == 0
    soon = record.request.due_at - timedelta(days=2)
    remind_deciders(now=soon)
    remind_deciders(now=soon + timedelta(hours=3))
    worker = Message.objects.filter(account_id=world.community_worker.account_id)
    assert worker.filter(template="people.request_due").count() == 1
    late = max(record.request.due_at, record.erasure.due_at) + timedelta(days=1)
    remind_deciders(now=late)
    remind_deciders(now=late + timedelta(days=1))
    told = Message.objects.filter(account_id=officer.account_id).values_list("template", flat=True)
    assert sorted(told) == ["people.erasure_late", "people.request_late"]
    assert worker.filter(template="people.request_late").count() == 1
