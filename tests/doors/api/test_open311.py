"""GeoReport v2 as its specification has it: formats, errors, masks, limits of a list."""

from __future__ import annotations

from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone

from factories import make_case, make_district
from linli.doors.api.actions import make_key
from linli.kernel.scope import SYSTEM
from linli.work.cases.models import Case

pytestmark = pytest.mark.django_db
V2 = "/open311/v2/"


@pytest.fixture
def world():
    return make_district()


@pytest.fixture
def key(world):
    return make_key(
        actor=SYSTEM, now=timezone.now(), name="手机应用", area=world.district, may_report=True
    )[1]


def get(path, expected=200, **query):
    answer = Client().get(V2 + path, query)
    assert answer.status_code == expected, answer.content.decode()
    return answer


def fresh_case(world, **more):
    return make_case(world, now=timezone.now(), **more).case


def test_services_in_both_formats(world):
    rows = get("services.json").json()
    assert {row["service_code"] for row in rows} == {"0101", "0102"}
    assert rows[0] == {
        "service_code": "0101", "service_name": "垃圾清运", "description": "垃圾清运",
        "metadata": True, "type": "realtime", "keywords": "", "group": "市容环境",
    }  # fmt: skip
    answer = get("services.xml")
    assert answer["Content-Type"] == "text/xml; charset=utf-8"
    root = ElementTree.fromstring(answer.content)
    assert root.tag == "services"
    assert [node.findtext("metadata") for node in root.iter("service")] == ["true", "true"]


def test_a_definition_lists_its_attributes(world):
    found = get("services/0101.json").json()
    assert [row["code"] for row in found["attributes"]] == ["nature", "protected"]
    root = ElementTree.fromstring(get("services/0101.xml").content)
    assert root.tag == "service_definition"
    assert root.findtext("attributes/attribute/code") == "nature"
    assert root.findtext("attributes/attribute/values/value/key") == "help"
    get("services/9999.json", 404)


def test_requests_are_masked_for_everybody(world):
    case = fresh_case(world, address="东风街12号院3号楼", lon=119.123456, lat=36.654321,
                      text="我是张三，电话19900001111")  # fmt: skip
    fresh_case(world, protected=True)
    rows = get("requests.json").json()
    assert [row["service_request_id"] for row in rows] == [case.number]
    text = get("requests.json").content.decode() + get("requests.xml").content.decode()
    for secret in ("张三", "19900001111", "东风街", "119.1234"):
        assert secret not in text
    assert (rows[0]["lat"], rows[0]["long"]) == (36.654, 119.123)
    assert rows[0]["description"] == "垃圾清运（一社区）"
    one = get(f"requests/{case.number}.json").json()
    assert one == rows
    root = ElementTree.fromstring(get(f"requests/{case.number}.xml").content)
    assert root.findtext("request/service_request_id") == case.number


def test_a_list_is_bound_and_filtered(world):
    now = timezone.now()
    old = make_case(world, now=now - timedelta(days=100)).case
    new = make_case(world, now=now - timedelta(days=1)).case
    other = make_case(world, now=now - timedelta(days=2), category=world.urban).case
    Case.objects.filter(pk=other.pk).update(state="closed", closed_at=now)

    def found(**query):
        return [row["service_request_id"] for row in get("requests.json", **query).json()]

    assert found() == [other.number, new.number]
    start = (now - timedelta(days=101)).isoformat()
    assert found(start_date=start) == [old.number]
    assert found(service_request_id=f"{old.number},{new.number}") == [new.number, old.number]
    assert found(service_code="0102") == [other.number]
    assert found(status="closed") == [other.number]
    assert found(status="open") == [new.number]
    assert found(status="open,closed") == [other.number, new.number]
    assert found(page_size=1, page=2) == [new.number]
    assert found(updated_after=(now - timedelta(days=1, hours=12)).isoformat()) == [new.number]
    assert found(jurisdiction_id="370705") == [other.number, new.number]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"status": "half"}, 400), ({"start_date": "gestern"}, 400), ({"page": "0"}, 400),
        ({"page_size": "9999"}, 400), ({"jurisdiction_id": "x"}, 404), ({"api_key": "x"}, 403),
        ({"service_request_id": "abc"}, 404), ({"service_code": "a\x00"}, 400),
    ],
)  # fmt: skip
def test_errors_as_the_specification_says(world, query, status):
    row = get("requests.json", status, **query).json()[0]
    assert row["code"] == status
    assert row["description"]
    root = ElementTree.fromstring(get("requests.xml", status, **query).content)
    assert root.tag == "errors"
    assert root.findtext("error/code") == str(status)


def test_a_report_comes_in_with_a_key(world, key):
    form = {
        "service_code": "0101", "description": "垃圾桶满了没人倒", "address_id": "370705001001",
        "last_name": "王", "first_name": "芳", "phone": "19900001111", "api_key": key,
        "attribute[protected]": "yes", "media_url": "https://example.org/a.jpg",
    }  # fmt: skip
    client = Client(headers={"Idempotency-Key": "abc-12345"})
    made = client.post(V2 + "requests.json", form)
    assert made.status_code == 201
    number = made.json()[0]["service_request_id"]
    case = Case.objects.get()
    assert (case.number, case.reporter_name, case.protected) == (number, "王芳", True)
    assert "https://example.org/a.jpg" in case.text
    again = client.post(V2 + "requests.xml", form)
    root = ElementTree.fromstring(again.content)
    assert (again.status_code, root.findtext("request/service_request_id")) == (200, number)
    assert get("tokens/abc-12345.json", api_key=key).json()[0]["service_request_id"] == number
    get("tokens/other.json", 404, api_key=key)
    get("tokens/abc-12345.json", 403)


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"api_key": ""}, 403), ({"service_code": ""}, 400), ({"service_code": "9999"}, 404),
        ({"description": ""}, 400), ({"address_id": ""}, 400), ({"lat": "5"}, 400),
        ({"lat": "nan", "long": "1"}, 400), ({"lat": "1", "long": "1"}, 400),
        ({"phone": "12"}, 400), ({"attribute[nature]": "x"}, 400),
        ({"media_url": "file:///etc/passwd"}, 400), ({"first_name": "x" * 30}, 400),
    ],
)  # fmt: skip
def test_a_bad_report_is_refused_and_nothing_is_kept(world, key, more, status):
    form = {"service_code": "0101", "description": "垃圾桶满了", "address_id": "370705001001",
            "api_key": key} | more  # fmt: skip
    answer = Client().post(V2 + "requests.json", form)
    assert answer.status_code == status, answer.content.decode()
    assert answer.json()[0]["code"] == status
    assert not Case.objects.exists()


def test_a_reporter_reads_back_what_it_wrote(world, key):
    form = {"service_code": "0101", "description": "垃圾桶满了", "address_id": "370705001001",
            "api_key": key}  # fmt: skip
    number = Client().post(V2 + "requests.json", form).json()[0]["service_request_id"]
    assert get(f"requests/{number}.json", api_key=key).json()[0]["description"] == "垃圾桶满了"
    assert "垃圾桶" not in get(f"requests/{number}.json").content.decode()


def test_methods_rates_and_discovery(world, settings):
    answer = Client().delete(V2 + "services.json")
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")
    found = get("discovery.json").json()
    assert found["endpoints"][0]["formats"] == ["text/xml", "application/json"]
    root = ElementTree.fromstring(get("discovery.xml").content)
    assert root.findtext("endpoints/endpoint/formats/format") == "text/xml"
    settings.API_OPEN_PER_MINUTE = 1
    busy = get("services.json", 429)
    assert busy.json()[0]["code"] == 429
    assert busy["Retry-After"]
