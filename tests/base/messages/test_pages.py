from __future__ import annotations

import pytest

from factories import MONDAY, make_area, make_resident, make_staff
from linli.base.accounts.actions import issue_code
from linli.base.messages import delivery
from linli.base.messages.models import Message

pytestmark = pytest.mark.django_db


def write(account, number=1, **more):
    values = {
        "key": f"s{account.pk}-{number}", "account": account, "channel": "site", "template": "t",
        "body": f"您的事项有进展{number}", "state": "sent", "created_at": MONDAY, "link": "/track/",
    } | more  # fmt: skip
    return Message.objects.create(**values)


def test_a_resident_sees_only_their_own_messages_and_reads_them(client):
    mine, other = make_resident(), make_resident()
    message, foreign = write(mine, 1), write(other, 2)
    client.force_login(mine)
    page = client.get("/my/messages/").content.decode()
    assert "有进展1" in page
    assert "有进展2" not in page
    assert "1条未读" in page
    assert client.post(f"/my/messages/{message.pk}/open/").url == "/track/"
    assert client.post(f"/my/messages/{foreign.pk}/open/").status_code == 404
    assert "条未读" not in client.get("/my/messages/").content.decode()


@pytest.mark.parametrize("link", ["https://evil.example/", "//evil.example/"])
def test_a_link_out_of_the_site_is_not_followed(client, link):
    account = make_resident()
    message = write(account, link=link)
    client.force_login(account)
    assert client.post(f"/my/messages/{message.pk}/open/").url == "/my/messages/"


def test_the_in_box_is_paged_and_cheap(client, django_assert_max_num_queries):
    account = make_resident()
    for n in range(60):
        write(account, n)
    client.force_login(account)
    with django_assert_max_num_queries(12):
        first = client.get("/my/messages/")
    more = first.context["page"].more
    assert len(first.context["page"].rows) == 50
    assert len(client.get(f"/my/messages/?before={more}").context["page"].rows) == 10
    assert client.get("/my/messages/?before=²").status_code == 200
    client.post("/my/messages/read/")
    assert not Message.objects.filter(read_at=None).exists()


def test_texts_can_be_switched_off_and_on(client):
    account = make_resident()
    client.force_login(account)
    client.post("/my/messages/sms/", {"sms": "off"})
    assert "开启短信" in client.get("/my/messages/").content.decode()
    client.post("/my/messages/sms/", {"sms": "on"})
    assert "关闭短信" in client.get("/my/messages/").content.decode()


def test_the_log_is_for_system_administrators_and_masked(client):
    issue_code(phone="19000007777", now=MONDAY)
    district = make_area("370705")
    client.force_login(make_staff("system_admin", district))
    page = client.get("/desk/messages/?state=queued").content.decode()
    assert "190****7777" in page
    assert "登录验证码" in page
    assert client.get("/desk/messages/?phone=123").status_code == 422
    book = client.get("/desk/messages/?export=xlsx")
    assert book["Content-Type"].endswith("sheet")
    assert b"19000007777" not in b"".join(book)
    assert "19000007777" not in page
    assert "190****7777" in client.get("/desk/messages/?phone=19000007777").content.decode()
    assert "190****7777" not in client.get("/desk/messages/?phone=19000007778").content.decode()
    client.force_login(make_staff("community_worker", district))
    assert client.get("/desk/messages/").status_code == 403
    client.logout()
    assert client.get("/desk/messages/").url.startswith("/staff/login/")


def test_the_demonstrations_telephone_exists_only_there(client, settings):
    settings.SHOW_CODES = True
    code = issue_code(phone="19000007777", now=MONDAY)
    delivery.deliver_due(now=MONDAY)
    assert client.get("/demo/messages/").status_code == 404
    settings.DEMO = True
    assert code in client.get("/demo/messages/").content.decode()
    part = client.get("/demo/messages/", HTTP_HX_REQUEST="true").content.decode()
    assert code in part
    assert "<html" not in part


def test_every_text_has_a_name_that_people_read():
    from linli.base.messages.templates import all_labels

    assert [name for name, label in all_labels() if label == name] == []
