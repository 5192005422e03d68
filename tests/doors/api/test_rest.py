"""`/api/v1`: keys scoped by area, reading with and without texts, a report once for its key."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from factories import make_area, make_case, make_district, make_staff
from linli.base.accounts.queries import actor_of
from linli.doors.api.actions import count_request, forget_minutes, make_key, revoke_key
from linli.doors.api.models import ApiKey, Minute
from linli.kernel.ledger.models import Entry
from linli.kernel.ledger.queries import history
from linli.kernel.scope import SYSTEM
from linli.work.cases.models import Case

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_district()


def key_of(area, **more):
    rights = {"may_read": True, "may_read_texts": True, "may_report": True} | more
    row, text = make_key(actor=SYSTEM, now=timezone.now(), name="物业系统", area=area, **rights)
    return row, text


def ask(text, path, **query):
    return Client(headers={"X-API-Key": text}).get(f"/api/v1/{path}", query)


def send(text, body, once="job-00001"):
    headers = {"X-API-Key": text} | ({"Idempotency-Key": once} if once else {})
    return Client(headers=headers).post(
        "/api/v1/cases", json.dumps(body), content_type="application/json"
    )


def report(world, **more):
    return {
        "category": "0101", "text": "楼道灯坏了两天", "area_code": world.community.code
    } | more  # fmt: skip


def test_nobody_reads_without_a_key_in_force(world):
    row, text = key_of(world.district)
    assert ask(text, "services").status_code == 200
    for wrong in ("", "linli_x", text + "x"):
        assert ask(wrong, "services").status_code == 401
    revoke_key(row.pk, actor=SYSTEM, now=timezone.now())
    assert ask(text, "services").status_code == 401
    yesterday = timezone.localdate() - timedelta(days=1)
    _row, old = key_of(world.district, expires_on=yesterday)
    assert ask(old, "services").status_code == 401


def test_only_a_hash_of_the_key_is_kept(world):
    row, text = key_of(world.district)
    row.refresh_from_db()
    assert text not in json.dumps(row.__dict__, default=str)
    assert text.startswith(row.shown)
    assert "楼" not in json.dumps(list(Entry.objects.values_list("data", flat=True)))


def test_a_key_reads_its_area_and_no_other(world):
    here = make_case(world).case
    there = make_case(world, area=world.other_subdistrict).case
    _row, text = key_of(world.subdistrict)
    found = ask(text, "cases").json()
    assert [row["number"] for row in found["cases"]] == [here.number]
    assert found["cases"][0]["text"] == here.text
    assert ask(text, f"cases/{here.number}").json()["state"] == "registered"
    for path in (f"cases/{there.number}", "areas/370705002", f"cases/{int(here.number) + 5}"):
        assert ask(text, path).status_code == 404
    assert ask(text, "cases", area="370705002").status_code == 404
    assert ask(text, "areas").json()[0]["code"] == world.community.code


def test_texts_come_only_with_the_right_and_protected_matters_never(world):
    make_case(world)
    make_case(world, protected=True)
    make_case(world, nature="report")
    _row, text = key_of(world.district, may_read_texts=False)
    found = ask(text, "cases").json()["cases"]
    assert len(found) == 1
    assert {found[0][name] for name in ("title", "text", "address", "lon")} == {None}
    _row, writer = key_of(world.district, may_read=False, may_read_texts=False)
    assert ask(writer, "cases").status_code == 403


def test_pages_and_polling(world):
    made = [make_case(world, now=timezone.now() - timedelta(days=3)).case for _ in range(5)]
    _row, text = key_of(world.district)
    first = ask(text, "cases", limit=2).json()
    assert [row["number"] for row in first["cases"]] == [made[4].number, made[3].number]
    rest = ask(text, "cases", limit=9, before=first["next"]).json()
    assert [len(rest["cases"]), rest["next"]] == [3, None]
    since = (timezone.now() - timedelta(hours=1)).isoformat()
    assert ask(text, "cases", changed_after=since).json()["cases"] == []
    fresh = make_case(world, now=timezone.now()).case
    found = ask(text, "cases", changed_after=since).json()["cases"]
    assert [row["number"] for row in found] == [fresh.number]


def test_a_report_is_registered_once(world):
    row, text = key_of(world.district)
    first = send(text, report(world, phone="19900001111"))
    assert first.status_code == 201
    again = send(text, report(world, phone="19900001111"))
    assert again.status_code == 200
    assert again.json()["number"] == first.json()["number"]
    assert (first.json()["repeated"], again.json()["repeated"]) == (False, True)
    assert len(first.json()["tracking_code"]) == 8
    case = Case.objects.get()
    assert (case.channel, case.area, case.reporter_phone) == (
        "system", world.community, "19900001111",
    )  # fmt: skip
    assert history("case", case.pk).first().data["api_key"] == row.pk
    other = send(text, report(world, text="说的是另一件事"))
    assert other.status_code == 409
    assert Case.objects.count() == 1


@pytest.mark.parametrize(
    ("more", "status", "field"),
    [
        ({"category": "9999"}, 404, "category"),
        ({"text": "短"}, 422, "what.text"),
        ({"text": "    \n   "}, 422, "text"),
        ({"area_code": "", "lon": 1.0, "lat": 1.0}, 422, "address"),
        ({"lon": 1.0}, 422, "lat"),
        ({"area_code": ""}, 422, "address"),
        ({"area_code": "370799999"}, 422, "area_code"),
        ({"phone": "123"}, 422, "phone"),
        ({"nature": "emergency"}, 422, "what.nature"),
        ({"unknown": "x"}, 422, "what.unknown"),
        ({"text": "坏\u0000字符在这里"}, 422, "what.text"),
    ],
)
def test_bad_reports_say_which_field(world, more, status, field):
    _row, text = key_of(world.district)
    answer = send(text, report(world, **more))
    assert answer.status_code == status, answer.content.decode()
    assert answer.json()["problems"][0]["field"] == field
    assert answer.json()["problems"][0]["message"]
    assert not Case.objects.exists()


def test_a_report_outside_the_area_or_without_the_right_is_refused(world):
    _row, text = key_of(world.other_subdistrict)
    assert send(text, report(world)).status_code == 403
    _row, reader = key_of(world.district, may_report=False)
    assert send(reader, report(world)).status_code == 403
    _row, text = key_of(world.district)
    assert send(text, report(world), once="").status_code == 422


def test_too_many_in_a_minute(world):
    _row, text = key_of(world.district, per_minute=3)
    codes = [ask(text, "services").status_code for _ in range(5)]
    assert codes.count(200) == 3
    assert codes.count(429) == 2
    answer = ask(text, "services")
    assert 1 <= int(answer["Retry-After"]) <= 60
    now = timezone.now()
    assert count_request("k0", now=now) == 1
    assert count_request("k0", now=now + timedelta(hours=2)) == 1
    forget_minutes(now=now + timedelta(hours=2))
    assert Minute.objects.filter(asker="k0").count() == 1


def test_keys_are_made_and_taken_back_within_ones_area(world):
    admin = actor_of(make_staff("system_admin", world.subdistrict))
    now = timezone.now()
    row, _text = make_key(actor=admin, now=now, name="x", area=world.community, may_read=True)
    with pytest.raises(PermissionDenied):
        make_key(actor=admin, now=now, name="x", area=world.district, may_read=True)
    outside, _text = key_of(world.other_subdistrict)
    with pytest.raises(PermissionDenied):
        revoke_key(outside.pk, actor=admin, now=now)
    revoke_key(row.pk, actor=admin, now=now)
    revoke_key(row.pk, actor=admin, now=now)
    verbs = Entry.objects.filter(subject_type="api_key", subject_id=row.pk)
    assert list(verbs.order_by("seq").values_list("verb", flat=True)) == ["make", "revoke"]


def test_the_page_shows_a_new_key_once(world):
    client = Client()
    client.force_login(make_staff("system_admin", world.district))
    form = {
        "name": "市平台",
        "area_code": world.district.code,
        "may_read": "on",
        "per_minute": "60",
    }
    page = client.post("/desk/api-keys/", form).content.decode()
    assert "linli_" in page
    key = ApiKey.objects.get()
    assert page.count(key.shown) == 2
    assert client.get("/desk/api-keys/").content.decode().count("linli_") == 1
    for wrong, said in (
        ({"area_code": "999999"}, "没有编码"), ({"may_read": ""}, "至少选一项"),
        ({"expires_on": "2020-01-01"}, "已经过去"), ({"per_minute": "0"}, "至少1次"),
    ):  # fmt: skip
        answer = client.post("/desk/api-keys/", form | wrong)
        assert answer.status_code == 422
        assert said in answer.content.decode()
        assert "市平台" in answer.content.decode()
    client.post(f"/desk/api-keys/{key.pk}/revoke/")
    key.refresh_from_db()
    assert key.revoked_at


def test_a_new_code_of_the_area_takes_its_keys_along(world):
    from linli.base.areas.actions import recode_area

    row, _text = key_of(world.community)
    recode_area(actor=SYSTEM, now=timezone.now(), area=world.community, code="370705001077")
    row.refresh_from_db()
    assert row.area_code == "370705001077"
    assert make_area("370705001099").code == "370705001099"
