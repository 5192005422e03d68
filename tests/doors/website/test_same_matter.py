"""What a visitor is shown of a neighbour's report, how they join it, and what they never learn."""

from __future__ import annotations

import re
import uuid

import pytest
from django.core.cache import cache
from django.utils import timezone
from shapely.geometry import box, mapping

from factories import make_case, make_district, make_resident
from linli.base.accounts.models import Account
from linli.base.accounts.queries import actor_of
from linli.base.areas import locate
from linli.base.areas.models import Area
from linli.doors.website import pages_same
from linli.work.cases.actions import take_step
from linli.work.cases.models import Case, Claim, Joiner

pytestmark = pytest.mark.django_db
SECRETS = ("王小明", "19000077777", "501室", "没人收", "119.105", "第1网格", "一社区")


@pytest.fixture
def world():
    cache.clear()
    made = make_district()
    Area.objects.filter(pk=made.grid.pk).update(boundary=mapping(box(119.1, 36.7, 119.11, 36.71)))
    locate.forget()
    yield made
    locate.forget()


@pytest.fixture
def case(world):
    return make_case(
        world, now=timezone.now(), lon=119.105, lat=36.705, address="3号楼501室",
        reporter_name="王小明", reporter_phone="19000077777",
    ).case  # fmt: skip


def typed(**more):
    return {"text": "三号楼下面的垃圾几天没人收", "category": "0101", "lon": "119.1051",
            "lat": "36.705", "token": str(uuid.uuid4())} | more  # fmt: skip


def ask(client, **more):
    answer = client.post("/report/similar/", typed(**more))
    assert answer.status_code == 200
    return answer.content.decode()


def token_in(page):
    return re.search(r'name="join" value="([^"]+)"', page)[1]


def test_typing_shows_kind_subdistrict_and_state_and_nothing_else(client, case):
    page = ask(client)
    assert "垃圾清运 · 东街道" in page
    assert "已登记" in page
    for secret in (*SECRETS, case.number):
        assert secret not in page


@pytest.mark.parametrize(
    "more",
    [
        {"text": ""}, {"text": "垃"}, {"lon": "", "lat": ""}, {"lon": "abc"}, {"lon": "1e400"},
        {"lon": "nan", "lat": "nan"}, {"lon": "119.2", "lat": "36.9"},
        {"text": "完全是另外一件事情，路灯不亮"}, {"community": "370705001999", "lon": "", "lat": ""},
    ],
)  # fmt: skip
def test_what_cannot_be_read_or_is_elsewhere_shows_nothing(client, case, more):
    assert "data-similar" not in ask(client, **more)


def test_guessing_comes_to_an_end(client, case, monkeypatch):
    monkeypatch.setattr(pages_same, "LOOKS", 3)
    assert ["data-similar" in ask(client) for _ in range(5)] == [True] * 3 + [False] * 2


def test_informants_are_not_given_away(client, case):
    Case.objects.update(nature="report")
    assert "data-similar" not in ask(client)


def test_joining_leaves_no_second_case_and_shows_no_words(client, case):
    data = typed(join=token_in(ask(client)), reporter_phone="19000055555")
    page = client.post("/report/join/", data, follow=True)
    text = page.content.decode()
    assert "办理的每一步都会告诉您" in text
    assert (Case.objects.count(), Joiner.objects.get().case_id) == (1, case.pk)
    for secret in SECRETS:
        assert secret not in text
    again = client.post("/report/join/", data, follow=True)
    assert Joiner.objects.count() == 1
    assert again.status_code == 200


def test_the_page_of_a_matter_shows_no_result_and_keeps_going_when_merged(client, world, case):
    data = typed(join=token_in(ask(client)))
    address = client.post("/report/join/", data).url
    lead = make_case(world, actor=actor_of(make_resident()), now=timezone.now()).case
    take_step(
        "merge", case.pk, actor=world.dispatcher, now=timezone.now(), data={"into": lead.number}
    )
    take_step("accept", lead.pk, actor=world.dispatcher, now=timezone.now())
    page = client.get(address).content.decode()
    assert "已受理" in page
    assert lead.number in page
    for secret in SECRETS:
        assert secret not in page


def test_a_resident_finds_what_they_joined(client, case):
    neighbour = make_resident()
    client.force_login(neighbour)
    client.post("/report/join/", typed(join=token_in(ask(client))))
    assert "我关注的" in client.get("/my/cases/").content.decode()
    client.force_login(make_resident())
    assert "我关注的" not in client.get("/my/cases/").content.decode()


@pytest.mark.parametrize("join", ["", "1", "1:1:1", "x" * 5000])
def test_a_forged_token_joins_nothing(client, case, join):
    page = client.post("/report/join/", typed(join=join), follow=True).content.decode()
    assert "没有加入成功" in page
    assert not Joiner.objects.exists()


def test_a_bad_phone_is_told_and_joins_nothing(client, case):
    data = typed(join=token_in(ask(client)), reporter_phone="123")
    page = client.post("/report/join/", data, follow=True).content.decode()
    assert "11位数字" in page
    assert not Joiner.objects.exists()


def test_joining_too_often_waits(client, case, monkeypatch):
    monkeypatch.setattr(pages_same, "JOINS", 1)
    token = token_in(ask(client))
    for _ in range(3):
        client.post("/report/join/", typed(join=token))
    assert Joiner.objects.count() == 1


def test_a_forged_page_of_a_matter_is_not_there(client, case):
    assert client.get("/matters/1:abc:def/").status_code == 404


def test_a_claim_comes_from_the_reporter_alone(client, world, case):
    client.post("/report/", typed())
    own = Case.objects.latest("id")
    page = client.get(f"/report/done/{own.number}/").content.decode()
    assert "和我反映的是同一件" in page
    token = re.search(r'action="/report/same/".*?name="token" value="([^"]+)"', page, re.DOTALL)[1]
    from django.test import Client

    assert "同一件" not in Client().get(f"/report/done/{own.number}/").content.decode()
    client.post("/report/same/", {"token": "forged"})
    assert not Claim.objects.exists()
    client.post("/report/same/", {"token": token})
    assert (Claim.objects.get().case_id, Claim.objects.get().into_id) == (own.pk, case.pk)
    client.force_login(Account.objects.get(pk=world.dispatcher.account_id))
    panel = client.get(f"/desk/cases/{own.number}/same/").content.decode()
    assert "反映人说，与这件是同一件事" in panel


def test_whose_report_was_merged_sees_how_far_the_lead_is(client, world, case):
    person = make_resident()
    mine = make_case(world, actor=actor_of(person), now=timezone.now()).case
    take_step(
        "merge", mine.pk, actor=world.dispatcher, now=timezone.now(), data={"into": case.number}
    )
    take_step("accept", case.pk, actor=world.dispatcher, now=timezone.now())
    client.force_login(person)
    page = client.get(f"/my/cases/{mine.number}/").content.decode()
    assert "与同一事项合并办理" in page
    assert "已受理" in page
    assert case.number not in page
    assert "王小明" not in page
