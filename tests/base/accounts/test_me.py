"""What staff change of their own: password and number; and their messages, with the bell."""

from __future__ import annotations

import pytest
from django.utils import timezone

from factories import MONDAY, make_area, make_staff, make_unit
from linli.base.accounts.models import Account
from linli.base.messages.actions import queue_message
from linli.base.messages.models import Message
from linli.kernel.ledger.models import Entry

pytestmark = pytest.mark.django_db
OLD, NEW = "Old-Pass-2026", "New-Pass-2027"


@pytest.fixture
def worker(db):
    area = make_area("370705001001")
    made = make_staff("community_worker", area, make_unit("community", area, name="一社区中心"))
    made.set_password(OLD)
    made.save()
    return made


def typed(**more):
    return {"old": OLD, "password": NEW, "again": NEW} | more


def test_the_page_says_who_one_is_here(client, worker):
    client.force_login(worker)
    page = client.get("/desk/me/").content.decode()
    assert worker.username in page
    assert "一社区中心" in page
    assert "社区工作者" in page


def test_a_new_password_keeps_this_log_in_and_ends_the_others(client, worker, django_user_model):
    from django.test import Client

    elsewhere = Client()
    elsewhere.force_login(worker)
    client.force_login(worker)
    assert client.post("/desk/me/", typed()).url == "/desk/me/"
    assert client.get("/desk/me/").status_code == 200
    assert elsewhere.get("/desk/me/").status_code == 302
    assert Account.objects.get(pk=worker.pk).check_password(NEW)
    assert Entry.objects.filter(subject_type="account", verb="set_password").exists()


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"old": "nonsense"}, "old", "现在的密码不对"),
        ({"password": "short", "again": "short"}, "password", "密码至少8位"),
        ({"again": "Other-Pass-1"}, "again", "两次输入的新密码不一样"),
        ({"password": OLD, "again": OLD}, "password", "不能与现在的相同"),
        ({"password": ""}, "password", ""),
    ],
)
def test_a_bad_password_is_explained_at_its_field(client, worker, wrong, field, words):
    client.force_login(worker)
    page = client.post("/desk/me/", typed(**wrong))
    assert page.status_code == 422
    assert words in " ".join(page.context["password"].errors[field])
    assert Account.objects.get(pk=worker.pk).check_password(OLD)


def test_guessing_the_present_password_locks_like_a_log_in(client, worker):
    client.force_login(worker)
    for _ in range(5):
        client.post("/desk/me/", typed(old="guess"))
    worker.refresh_from_db()
    assert worker.locked_until is not None
    assert client.post("/desk/me/", typed()).status_code == 422


def test_the_number_is_kept_cleaned_and_can_be_taken_away(client, worker):
    client.force_login(worker)
    assert client.post("/desk/me/", {"phone": "+86 190 0000 1234"}).status_code == 302
    assert Account.objects.get(pk=worker.pk).phone == "19000001234"
    bad = client.post("/desk/me/", {"phone": "12345"})
    assert bad.status_code == 422
    assert "手机号" in " ".join(bad.context["phone"].errors["phone"])
    assert "12345" in bad.content.decode()
    client.post("/desk/me/", {"phone": ""})
    assert Account.objects.get(pk=worker.pk).phone == ""


def test_residents_are_sent_away(client, db):
    from factories import make_resident

    client.force_login(make_resident())
    assert client.get("/desk/me/").status_code == 403
    assert client.get("/desk/inbox/").status_code == 403


def note(worker, key):
    queue_message(
        key=key, account=worker, channel="site", template="accounts.code",
        params={"code": f"第{key}条"}, now=MONDAY, link="/desk/",
    )  # fmt: skip
    return Message.objects.get(key=key)


def test_the_bell_counts_and_the_inbox_leads_on(client, worker):
    client.force_login(worker)
    first, _second = note(worker, "1"), note(worker, "2")
    assert client.get("/desk/inbox/unread/").json() == {"unread": 2}
    assert "第2条" in client.get("/desk/inbox/").content.decode()
    assert client.post(f"/desk/inbox/{first.pk}/open/").url == "/desk/"
    assert client.get("/desk/inbox/unread/").json() == {"unread": 1}
    client.post("/desk/inbox/read/")
    assert client.get("/desk/inbox/unread/").json() == {"unread": 0}


def test_the_bell_does_not_keep_an_idle_log_in_alive(client, worker):
    client.force_login(worker)
    session = client.session
    session["seen_at"] = seen = timezone.now().timestamp() - 120
    session.save()
    client.get("/desk/inbox/unread/", headers={"X-Linli-Passive": "1"})
    assert client.session["seen_at"] == seen
    client.get("/desk/inbox/unread/")
    assert client.session["seen_at"] > seen
