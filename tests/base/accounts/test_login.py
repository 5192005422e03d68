"""Logging in, in a browser's eyes: residents by code, staff by password and second factor."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.utils import timezone

from factories import make_area, make_resident, make_staff
from linli.base.accounts.actions import CodeRefused, check_code, issue_code
from linli.base.accounts.models import Account, LoginCode
from linli.base.messages.models import Message

pytestmark = pytest.mark.django_db
PHONE = "19000001234"


def code_in_outbox() -> str:
    body = Message.objects.filter(template="accounts.code").latest("id").body
    return re.search(r"\d{6}", body).group()


def test_a_new_phone_logs_in_and_becomes_a_resident(client):
    answer = client.post("/login/", {"phone": "+86 190-0000-1234", "next": "/my/cases/"})
    assert answer.url == "/login/code/"
    answer = client.post("/login/code/", {"code": code_in_outbox()})
    assert answer.status_code == 302
    account = Account.objects.get(kind="resident")
    assert account.phone == PHONE
    assert client.session["_auth_user_id"] == str(account.pk)


def test_full_width_digits_are_understood_and_bad_numbers_named_at_the_field(client):
    assert client.post("/login/", {"phone": "１９０００００１２３４"}).status_code == 302
    answer = client.post("/login/", {"phone": "12345"})
    assert answer.status_code == 422
    assert "11位数字" in answer.content.decode()
    assert 'value="12345"' in answer.content.decode()


def test_wrong_code_says_how_many_tries_are_left_and_five_end_it():
    now = timezone.now()
    code = issue_code(phone=PHONE, now=now)
    wrong = "000000" if code != "000000" else "111111"
    for left in (4, 3, 2, 1, 0):
        with pytest.raises(CodeRefused, match=f"还可以试{left}次"):
            check_code(phone=PHONE, code=wrong, now=now)
    with pytest.raises(CodeRefused, match="作废"):
        check_code(phone=PHONE, code=code, now=now)


def test_expired_and_used_codes_are_refused():
    now = timezone.now()
    code = issue_code(phone=PHONE, now=now)
    with pytest.raises(CodeRefused, match="过期"):
        check_code(phone=PHONE, code=code, now=now + timedelta(minutes=6))
    check_code(phone=PHONE, code=code, now=now)
    with pytest.raises(CodeRefused, match="失效"):
        check_code(phone=PHONE, code=code, now=now)


def test_codes_are_rationed():
    now = timezone.now()
    issue_code(phone=PHONE, now=now)
    with pytest.raises(CodeRefused, match="秒后再取"):
        issue_code(phone=PHONE, now=now + timedelta(seconds=20))


def test_no_code_is_stored_in_the_clear():
    code = issue_code(phone=PHONE, now=timezone.now())
    row = LoginCode.objects.get()
    assert code not in (row.code_hash, row.phone_index)


@pytest.fixture
def staff():
    account = make_staff("community_worker", make_area("370705001001"))
    account.set_password("Right-Pass-1")
    account.save()
    return account


def test_staff_enrol_a_second_factor_then_need_it(client, staff):
    data = {"username": staff.username, "password": "Right-Pass-1"}
    assert client.post("/staff/login/", data).url == "/staff/login/enrol/"
    page = client.get("/staff/login/enrol/").content.decode()
    secret = re.search(r"<code>([A-Z2-7]+)</code>", page).group(1)

    def code(step: int) -> str:
        return format_hotp_value(hotp_value(secret, int(timezone.now().timestamp() // 30) + step))

    assert "_auth_user_id" not in client.session
    wrong = client.post("/staff/login/enrol/", {"code": "12"})
    assert wrong.status_code == 422
    done = client.post("/staff/login/enrol/", {"code": code(0)})
    assert "恢复码" in done.content.decode()
    client.post("/logout/")
    assert client.post("/staff/login/", data).url == "/staff/login/second/"
    assert "_auth_user_id" not in client.session
    assert client.post("/staff/login/second/", {"code": "000000"}).status_code == 422
    recovery = re.search(r"<li>([0-9a-z]+)</li>", done.content.decode()).group(1)
    assert client.post("/staff/login/second/", {"code": recovery}).status_code == 302
    assert client.session["_auth_user_id"] == str(staff.pk)


def test_five_failures_lock_the_account(client, staff):
    for _ in range(4):
        answer = client.post("/staff/login/", {"username": staff.username, "password": "x"})
        assert "登录名或密码不对" in answer.content.decode()
    answer = client.post("/staff/login/", {"username": staff.username, "password": "x"})
    assert "锁定30分钟" in answer.content.decode()
    right = {"username": staff.username, "password": "Right-Pass-1"}
    assert "已锁定" in client.post("/staff/login/", right).content.decode()


def test_unknown_names_get_the_same_answer(client):
    answer = client.post("/staff/login/", {"username": "nobody", "password": "x"})
    assert "登录名或密码不对" in answer.content.decode()


def test_idle_staff_are_sent_to_log_in_and_come_back(client, staff, settings):
    settings.STAFF_SECOND_FACTOR = False
    client.post("/staff/login/", {"username": staff.username, "password": "Right-Pass-1"})
    session = client.session
    session["seen_at"] = (timezone.now() - timedelta(minutes=31)).timestamp()
    session.save()
    answer = client.get("/desk/?which=area")
    assert answer.url == "/staff/login/?idle=1&next=%2Fdesk%2F%3Fwhich%3Darea"
    assert "30分钟没有操作" in client.get(answer.url).content.decode()


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:x"])
def test_next_leads_only_into_this_site(client, staff, settings, target):
    settings.STAFF_SECOND_FACTOR = False
    data = {"username": staff.username, "password": "Right-Pass-1", "next": target}
    assert client.post("/staff/login/", data).url == "/desk/"


def test_another_code_is_asked_for_on_the_page_itself(client):
    assert client.post("/login/resend/").url == "/login/"
    client.post("/login/", {"phone": PHONE})
    page = client.get("/login/code/").content.decode()
    assert re.search(r'data-wait="(60|59|61)"', page)
    assert PHONE not in page
    early = client.post("/login/resend/", follow=True).content.decode()
    assert "秒后再取" in early
    LoginCode.objects.update(created_at=timezone.now() - timedelta(seconds=61))
    first = code_in_outbox()
    again = client.post("/login/resend/", follow=True).content.decode()
    assert "已重新发送" in again
    if first != code_in_outbox():
        assert client.post("/login/code/", {"code": first}).status_code == 422
    assert client.post("/login/code/", {"code": code_in_outbox()}).status_code == 302


def test_a_resident_gives_a_name_later(client):
    account = make_resident(phone=PHONE)
    assert client.get("/my/account/").url.startswith("/login/")
    client.force_login(account)
    assert "190****1234" in client.get("/my/account/").content.decode()
    assert client.post("/my/account/", {"name": "王奶奶"}).status_code == 302
    assert Account.objects.get(pk=account.pk).name == "王奶奶"
    too_long = client.post("/my/account/", {"name": "长" * 41})
    assert too_long.status_code == 422
    assert "长" * 41 in too_long.content.decode()
