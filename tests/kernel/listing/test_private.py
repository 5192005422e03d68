"""What is typed into a private filter never stands in an address, and still finds."""

from __future__ import annotations

import pytest
from django.http import QueryDict
from django.test import Client

from factories import make_district
from linli.base.accounts.models import Account
from linli.kernel.listing.private import closed, opened
from record_factories import make_record

NAMES = ("q",)


@pytest.mark.parametrize("text", ["19000000123", "张三 丰", "~", "a&b=c"])
def test_a_value_comes_back_as_it_was(text):
    told = QueryDict(mutable=True)
    told["q"] = closed(text)
    assert text not in told.urlencode() or text == "~"
    assert opened(told, NAMES)["q"] == text


@pytest.mark.parametrize("value", ["~", "~???", "~AAAA", "~张"])
def test_what_cannot_be_opened_is_blank_and_what_was_never_sealed_stays(value):
    assert opened(QueryDict(f"q={value}&area=3"), NAMES).dict() == {"q": "", "area": "3"}
    assert opened(QueryDict("q=abc"), NAMES)["q"] == "abc"
    assert closed("") == ""


@pytest.mark.django_db
def test_a_phone_is_searched_without_standing_in_an_address():
    world = make_district()
    person = make_record(world, "钱学文").resident
    client = Client()
    client.force_login(Account.objects.get(pk=world.community_worker.account_id))
    page = client.get("/desk/people/").content.decode()
    assert 'method="post" action="/lists/ask/"' in page
    asked = {"next": "/desk/people/", "private": "q", "q": person.phone, "state": "here"}
    answer = client.post("/lists/ask/", asked)
    assert answer.status_code == 302
    assert answer.url.startswith("/desk/people/?")
    assert "state=here" in answer.url
    assert person.phone not in answer.url
    found = client.get(answer.url).content.decode()
    assert f"/desk/people/{person.pk}/" in found
    assert f'value="{person.phone}"' in found, "the field shows what was typed"
    links = [part.split('"')[0] for part in found.split('href="')[1:]]
    assert not [link for link in links if person.phone in link and not link.startswith("tel:")]
    other = client.post("/lists/ask/", asked | {"q": "19099999999"})
    assert f"/desk/people/{person.pk}/" not in client.get(other.url).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("target", ["https://example.org/x", "//example.org", "javascript:1"])
def test_it_leads_nowhere_else(target):
    answer = Client().post("/lists/ask/", {"next": target, "q": "1"})
    assert answer.url.startswith("/")
    assert "example.org" not in answer.url.partition("?")[0]
    assert not answer.url.startswith("//")
