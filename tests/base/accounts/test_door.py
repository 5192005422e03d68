"""Who answers for a door: from an address or a point to people and numbers."""

from __future__ import annotations

import pytest
from django.test import Client

from factories import make_area, make_district, make_resident, make_staff, make_tiles, spot
from linli.base.accounts.models import Account

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    world = make_district()
    make_tiles(world.community.code)
    Account.objects.filter(pk=world.grid_worker.account_id).update(name="王网格")
    for account in Account.objects.filter(pk=world.grid_worker.account_id):
        account.phone = "19000000123"
        account.save()
    return world


def look(account, **asked):
    client = Client()
    client.force_login(account)
    return client.get("/desk/door/", asked)


def test_a_point_leads_to_grid_people_and_numbers(world):
    lon, lat = spot(0.5, 0.5)
    page = look(Account.objects.get(pk=world.agent.account_id), lon=lon, lat=lat)
    text = page.content.decode()
    assert [tier.area.level for tier in page.context["tiers"]] == [
        "grid", "community", "subdistrict",
    ]  # fmt: skip
    assert "王网格" in text
    assert "tel:19000000123" in text
    assert "东街道办事处" in text


def test_an_address_leads_there_too_and_a_grid_without_people_says_so(world):
    page = look(Account.objects.get(pk=world.agent.account_id), address="幸福路4号楼")
    assert page.context["tiers"][0].area.code == "370705001001004"
    text = page.content.decode()
    assert "专职网格员空缺" in text
    assert "请找上一级单位" in text


def test_an_address_that_fits_several_is_asked_back_and_one_outside_is_told(world):
    agent = Account.objects.get(pk=world.agent.account_id)
    several = look(agent, address="幸福路").content.decode()
    assert "请选择一处" in several
    assert "?place=370705001001002001" in several
    assert "不在测试区范围内" in look(agent, lon=100, lat=30).content.decode()
    assert look(agent, lon="x", lat="1e999", place="abc").status_code == 200


def test_who_may_not(world):
    lon, lat = spot(0.5, 0.5)
    assert look(make_resident(), lon=lon, lat=lat).status_code == 403
    assert Client().get("/desk/door/").status_code == 302
    auditor = make_staff("audit_admin", make_area("370705"))
    assert look(auditor, lon=lon, lat=lat).status_code == 403
    handler = Account.objects.get(pk=world.handler.account_id)
    text = look(handler, lon=lon, lat=lat).content.decode()
    assert "王网格" in text
    assert "19000000123" not in text
