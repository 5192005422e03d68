"""Two who fill in one sheet at once, and what measures know."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from factories import MONDAY, make_area, make_district, make_staff
from linli.base.accounts.models import Account
from linli.base.accounts.queries import actor_of
from linli.base.indicators.models import Tally
from linli.base.sheets.actions import hand_in_part, save_cells
from linli.base.sheets.models import Cell
from linli.base.sheets.sources import get_source, source_for
from linli.kernel.flow import InvalidStep
from sheet_factories import admit_sheet, answers, make_sheet

pytestmark = pytest.mark.django_db
COLUMNS = (("充电桩数量", {}), ("车棚数量", {"required": False}))


@pytest.fixture
def world():
    return make_district()


@pytest.fixture
def asked(world):
    sheet = make_sheet(world, columns=COLUMNS)
    return sheet, admit_sheet(world, sheet)


def seen(sheet, **by_title):
    return {f"was-{column.pk}": by_title.get(column.title, "") for column in sheet.columns.all()}


def mate_of(world):
    return actor_of(make_staff("community_worker", world.community, name="王二"))


def values(part):
    rows = Cell.objects.filter(part=part, source="").select_related("column")
    return {row.column.title: row.value for row in rows}


def test_two_who_type_at_once_lose_nothing(world, asked):
    sheet, part = asked
    before = seen(sheet)
    save_cells(part.pk, actor=world.community_worker, now=MONDAY,
               data=answers(sheet, 充电桩数量="5") | before)  # fmt: skip
    form = save_cells(part.pk, actor=mate_of(world), now=MONDAY,
                      data=answers(sheet, 充电桩数量="", 车棚数量="2") | before)  # fmt: skip
    assert form.is_valid(), "who left a cell alone does not clash"
    assert values(part) == {"充电桩数量": "5", "车棚数量": "2"}


def test_a_stale_value_is_answered_at_the_cell_with_both(world, asked):
    sheet, part = asked
    before, mate = seen(sheet), mate_of(world)
    save_cells(part.pk, actor=mate, now=MONDAY, data=answers(sheet, 充电桩数量="5") | before)
    data = answers(sheet, 充电桩数量="7", 车棚数量="1") | before
    form = save_cells(part.pk, actor=world.community_worker, now=MONDAY, data=data)
    field = sheet.columns.get(title="充电桩数量").field
    assert list(form.errors) == [field]
    assert "王二" in form.errors[field][0]
    assert "“5”" in form.errors[field][0]
    assert form[field].value() == "7"
    assert values(part) == {"充电桩数量": "5", "车棚数量": "1"}
    with pytest.raises(InvalidStep):
        hand_in_part(part.pk, actor=world.community_worker, now=MONDAY, data=data)
    part.refresh_from_db()
    assert part.state == "open"
    again = data | seen(sheet, 充电桩数量="5", 车棚数量="1")
    assert save_cells(part.pk, actor=world.community_worker, now=MONDAY, data=again).is_valid()
    assert values(part)["充电桩数量"] == "7"


def test_a_cell_cleared_meanwhile_is_told(world, asked):
    sheet, part = asked
    mate = mate_of(world)
    save_cells(part.pk, actor=mate, now=MONDAY, data=answers(sheet, 充电桩数量="5"))
    save_cells(part.pk, actor=mate, now=MONDAY, data=answers(sheet, 充电桩数量=""))
    data = answers(sheet, 充电桩数量="6") | seen(sheet, 充电桩数量="5")
    form = save_cells(part.pk, actor=world.community_worker, now=MONDAY, data=data)
    assert "清空" in str(form.errors)
    assert values(part) == {}


def test_the_page_answers_a_clash_and_takes_the_second_save(world, asked):
    sheet, part = asked
    client, address = Client(), reverse("sheets:fill", args=[part.pk])
    client.force_login(Account.objects.get(pk=world.community_worker.account_id))
    page = client.get(address).content.decode()
    fields = dict(re.findall(r'name="(was-\d+)" value="([^"]*)"', page))
    assert set(fields) == set(seen(sheet))
    save_cells(part.pk, actor=mate_of(world), now=MONDAY, data=answers(sheet, 充电桩数量="5"))
    answer = client.post(address, fields | answers(sheet, 充电桩数量="8"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "王二刚填了“5”" in page
    assert 'value="8"' in page
    fields = dict(re.findall(r'name="(was-\d+)" value="([^"]*)"', page))
    answer = client.post(address, fields | answers(sheet, 充电桩数量="8"))
    assert answer.status_code == 302
    assert values(part) == {"充电桩数量": "8"}


def test_what_the_ledger_counts_is_not_asked(world):
    make_area("370705002001", "二社区")
    Tally.objects.create(
        name="case.registered", area_code=world.community.code, day=MONDAY.date(), n=1
    )
    known = source_for("群众诉求件数")
    assert known is get_source("case.registered")
    found = known.read([world.community.code, "370705002001"], MONDAY.date())
    assert found == {world.community.code: 1, "370705002001": 0}
    assert known.read([world.community.code], date(2025, 12, 31)) == {world.community.code: 0}
