"""What the phone's queue sends: taken in once, answered at the field, never for somebody else."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from factories import MONDAY, make_case, make_district
from linli.base.accounts.models import Account
from linli.kernel.ledger.models import Entry
from linli.work.cases.actions import accept_and_dispatch, clean_files, take_step
from linli.work.cases.models import Attachment, Case, Look

pytestmark = pytest.mark.django_db
EVENT = "/field/send/event/"
VOICE = b"\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm" + b"\x00" * 40 + b"\x86\x86A_OPUS" + b"\x00" * 200
FILM = VOICE.replace(b"A_OPUS", b"V_VP8 ")


@pytest.fixture
def world(settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path},
        }
    }
    return make_district()


@pytest.fixture
def phone(client, world):
    client.force_login(Account.objects.get(pk=world.grid_worker.account_id))
    return client


def voice(body=VOICE, kind="audio/webm"):
    return SimpleUploadedFile("v.webm", body, kind)


def event(**more):
    return {"token": "k1", "category": "0101", "text": "单车倒伏"} | more


def test_an_event_is_taken_in_once_for_its_key(phone, world):
    answers = [phone.post(EVENT, event()).json() for _ in range(2)]
    assert answers[0] == answers[1]
    case = Case.objects.get()
    assert answers[0]["number"] == case.number
    assert case.intake_key == f"field-{world.grid_worker.account_id}-k1"


def test_errors_stand_at_their_fields(phone):
    answer = phone.post(EVENT, event(category="", text="", settled="on"))
    assert answer.status_code == 422
    assert set(answer.json()["errors"]) == {"category", "text", "result"}


def test_whoever_is_not_logged_in_or_somebody_else_is_told_so(client, phone, world):
    other = phone.post(EVENT, event(), headers={"X-Linli-Person": "999"})
    assert (other.status_code, Case.objects.count()) == (401, 0)
    own = str(world.grid_worker.account_id)
    assert phone.get("/field/state/").json()["person"] == own
    assert phone.post(EVENT, event(), headers={"X-Linli-Person": own}).status_code == 200
    phone.logout()
    assert phone.get("/field/state/").status_code == 401
    assert phone.post(EVENT, event()).status_code == 401


def test_others_may_not_report_from_patrol(client, world):
    client.force_login(Account.objects.get(pk=world.handler.account_id))
    assert client.post(EVENT, event()).status_code == 403


def test_when_and_how_exactly_it_was_seen_goes_into_the_ledger(phone, world):
    seen = timezone.now() - timedelta(hours=3)
    phone.post(EVENT, event(seen_at=seen.isoformat()))
    entry = Entry.objects.get(subject_type="case", verb="register")
    assert datetime.fromisoformat(entry.data["seen_at"]) == seen
    phone.post(EVENT, event(token="k2", seen_at="2031-01-01T00:00:00Z"))
    later = Entry.objects.filter(verb="register").latest("id")
    assert "seen_at" not in later.data
    case = Case.objects.earliest("id")
    assert "断网时记录" in phone.get(f"/field/cases/{case.number}/").content.decode()


def test_a_voice_note_stands_for_words_but_no_film_does(phone):
    answer = phone.post(EVENT, event(text="", files=[voice()]))
    assert answer.status_code == 200
    assert Attachment.objects.get().mime == "audio/webm"
    page = phone.get(f"/field/cases/{Case.objects.get().number}/").content.decode()
    assert "<audio" in page
    film = phone.post(EVENT, event(token="k2", text="", files=[voice(FILM)]))
    assert film.status_code == 422
    assert "只能上传" in film.json()["reason"]


def test_residents_send_no_recordings():
    with pytest.raises(ValidationError):
        clean_files([voice()])
    with pytest.raises(ValidationError):
        clean_files(
            [SimpleUploadedFile("a.webm", VOICE + b"0" * 6_000_000, "audio/webm")], voice=True
        )


def dispatched(world):
    case = make_case(world, reporter_phone="19000001111").case
    accept_and_dispatch(
        case.pk, actor=world.dispatcher, now=MONDAY, data={"unit": world.grid_unit.pk}
    )
    case.refresh_from_db()
    return case


def send(phone, case, name, **data):
    return phone.post(f"/field/send/cases/{case.number}/steps/{name}/", data)


def test_steps_follow_each_other_by_the_version_each_made(phone, world):
    case = dispatched(world)
    first = send(phone, case, "sign_in", token="a", version=case.version)
    again = send(phone, case, "sign_in", token="a", version=case.version)
    assert first.json()["version"] == again.json()["version"] == case.version + 1
    done = send(phone, case, "report_done", token="b", version=case.version + 1, result="已清")
    assert done.json()["done"] is True
    late = send(phone, case, "report_done", token="c", version=case.version + 1, result="又")
    assert (late.status_code, "慢了一步" in late.json()["reason"]) == (409, True)


def test_a_step_says_what_is_missing_and_what_is_gone(phone, world):
    case = dispatched(world)
    take_step("sign_in", case.pk, actor=world.grid_worker, now=MONDAY)
    empty = send(phone, case, "report_done", token="a", result="")
    assert "result" in empty.json()["errors"]
    gone = phone.post("/field/send/cases/2603169999999/steps/sign_in/")
    assert (gone.status_code, "可能已改派" in gone.json()["reason"]) == (404, True)


def test_a_call_gives_the_number_and_is_recorded(phone, client, world):
    case = dispatched(world)
    answer = phone.post(f"/field/cases/{case.number}/call/", headers={"Accept": "application/json"})
    assert answer.json() == {"phone": "19000001111"}
    assert Look.objects.get().reason
    assert "19000001111" not in phone.get("/field/").content.decode()
    page = phone.post(f"/field/cases/{case.number}/call/").content.decode()
    assert "tel:19000001111" in page


def test_the_app_describes_itself_in_both_languages(client):
    chinese = client.get("/field/manifest.webmanifest", headers={"Accept-Language": "zh-CN"})
    english = client.get("/field/manifest.webmanifest", headers={"Accept-Language": "en"})
    assert json.loads(chinese.content)["name"] == "邻里 网格员"
    assert json.loads(english.content)["name"].isascii()
    assert chinese["Content-Type"] == "application/manifest+json"
    worker = client.get("/field/worker.js")
    assert worker["Content-Type"].startswith("text/javascript")
    assert "no-cache" in worker["Cache-Control"]
    assert worker["Service-Worker-Allowed"] == "/field/"
    assert '"version": "' in worker.content.decode()


def test_pages_say_whose_copy_they_are(phone, client, world):
    assert phone.get("/field/")["X-Linli-Person"] == str(world.grid_worker.account_id)
    phone.logout()
    assert "X-Linli-Person" not in phone.get("/field/")
    assert phone.get("/field/offline/").status_code == 200
