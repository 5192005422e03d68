"""What a patient attacker would try at the log-in pages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.utils import timezone

from factories import MONDAY, make_area, make_resident, make_staff
from linli.base.accounts.actions import (
    CodeRefused,
    SignInRefused,
    check_code,
    check_second_factor,
    codes,
    issue_code,
)
from linli.base.accounts.models import Account, LoginCode, UnknownName
from linli.kernel.ledger.models import Entry

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture
def staff():
    account = make_staff("community_worker", make_area("370705001001"))
    account.set_password("Right-Pass-1")
    account.save()
    TOTP.activate(account, SECRET)
    return account


def code_at(now) -> str:
    return format_hotp_value(hotp_value(SECRET, int(now.timestamp()) // 30))


def test_a_known_password_buys_no_endless_tries_at_the_second_factor(client, staff):
    data = {"username": staff.username, "password": "Right-Pass-1"}
    for _ in range(4):
        client.post("/staff/login/", data)
        assert client.post("/staff/login/second/", {"code": "000000"}).status_code == 422
    answer = client.post("/staff/login/second/", {"code": "000000"})
    assert "锁定30分钟" in answer.content.decode()
    assert "已锁定" in client.post("/staff/login/", data).content.decode()


def test_a_code_works_once_in_every_process(staff):
    check_second_factor(account=staff, code=code_at(MONDAY), now=MONDAY)
    with pytest.raises(SignInRefused, match="已用过"):
        check_second_factor(account=staff, code=code_at(MONDAY), now=MONDAY)
    later = MONDAY + timedelta(seconds=30)
    check_second_factor(account=staff, code=code_at(later), now=later)


def test_a_completed_log_in_forgets_failures_and_stands_in_the_ledger(client, staff):
    client.post("/staff/login/", {"username": staff.username, "password": "x"})
    client.post("/staff/login/", {"username": staff.username, "password": "Right-Pass-1"})
    assert Account.objects.get(pk=staff.pk).failed_logins == 1
    answer = client.post("/staff/login/second/", {"code": code_at(timezone.now())})
    assert answer.status_code == 302
    assert Account.objects.get(pk=staff.pk).failed_logins == 0
    entry = Entry.objects.get(subject_type="account", subject_id=staff.pk, verb="sign_in")
    assert entry.data == {"second_factor": True}


def test_the_right_password_waits_no_longer_than_ten_minutes_for_its_code(client, staff):
    client.post("/staff/login/", {"username": staff.username, "password": "Right-Pass-1"})
    session = client.session
    session["staff_since"] -= 601
    session.save()
    answer = client.post("/staff/login/second/", {"code": code_at(timezone.now())})
    assert answer.url == "/staff/login/"


def test_names_that_do_not_exist_are_locked_like_those_that_do(client, staff):
    def answers(name: str) -> list[str]:
        pages = [
            client.post("/staff/login/", {"username": name, "password": "x"}).content.decode()
            for _ in range(6)
        ]
        return [
            "locked" if "已锁定" in page else "wrong" if "登录名或密码不对" in page else page
            for page in pages
        ]

    assert answers(staff.username) == answers("nobody") == ["wrong"] * 4 + ["locked"] * 2


def test_a_closed_account_cannot_log_in_and_its_session_ends(client, staff):
    client.force_login(staff)
    Account.objects.update(is_active=False)
    assert client.get("/desk/").status_code == 302
    data = {"username": staff.username, "password": "Right-Pass-1"}
    assert "登录名或密码不对" in client.post("/staff/login/", data).content.decode()


def test_a_closed_resident_is_told_so():
    account = make_resident(phone="19000004321")
    Account.objects.filter(pk=account.pk).update(is_active=False)
    code = issue_code(phone="19000004321", now=MONDAY)
    with pytest.raises(CodeRefused, match="已停用"):
        check_code(phone="19000004321", code=code, now=MONDAY)


def test_one_network_address_cannot_have_codes_sent_to_everyone(monkeypatch):
    monkeypatch.setattr(codes, "PER_SENDER_HOUR", 3)
    for n in range(3):
        issue_code(phone=f"1900000100{n}", now=MONDAY, sender="192.0.2.1")
    with pytest.raises(CodeRefused, match="本网络"):
        issue_code(phone="19000001009", now=MONDAY, sender="192.0.2.1")
    issue_code(phone="19000001009", now=MONDAY, sender="192.0.2.2")


@pytest.mark.parametrize(
    ("headers", "target"),
    [
        ({"HTTP_REFERER": "http://testserver/desk/cases/7/?a=1"}, "%2Fdesk%2Fcases%2F7%2F%3Fa%3D1"),
        ({"HTTP_REFERER": "https://evil.example/x"}, "%2Fdesk%2F"),
        ({}, "%2Fdesk%2F"),
    ],
)
def test_an_idle_form_comes_back_to_its_page(client, staff, headers, target):
    client.force_login(staff)
    session = client.session
    session["seen_at"] = (timezone.now() - timedelta(minutes=31)).timestamp()
    session.save()
    answer = client.post("/desk/cases/7/steps/close/", {"text": "x"}, **headers)
    assert answer.url == f"/staff/login/?idle=1&next={target}"


def test_an_idle_fragment_sends_the_whole_page_to_log_in(client, staff):
    client.force_login(staff)
    session = client.session
    session["seen_at"] = (timezone.now() - timedelta(minutes=31)).timestamp()
    session.save()
    answer = client.get(
        "/desk/cases/rows/",
        HTTP_HX_REQUEST="true",
        HTTP_HX_CURRENT_URL="http://testserver/desk/cases/?open=1",
    )
    assert answer["HX-Redirect"].endswith("next=%2Fdesk%2Fcases%2F%3Fopen%3D1")


def test_old_codes_and_failed_names_are_forgotten(client):
    issue_code(phone="19000001001", now=MONDAY)
    issue_code(phone="19000001002", now=MONDAY + timedelta(hours=20))
    UnknownName.objects.create(name_index="x", last_at=MONDAY)
    assert codes.forget_old_codes(now=MONDAY + timedelta(hours=25)) == 2
    assert LoginCode.objects.count() == 1
