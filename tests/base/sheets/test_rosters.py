"""Sheets with a line for each person or home: filled in once, given back to the registers."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from factories import MONDAY, make_area, make_district, make_staff
from linli.base.accounts.models import Account
from linli.base.accounts.queries import actor_of
from linli.base.people import actions as people
from linli.base.people.identity import id_check
from linli.base.people.models import CareTag, Resident
from linli.base.sheets import erasing
from linli.base.sheets.actions import save_sheet, take_step
from linli.base.sheets.actions.rows import hand_in_rows, save_rows
from linli.base.sheets.cost import cost_of
from linli.base.sheets.models import Part, Row, RowCell
from linli.base.sheets.progress import counts, roll_up, summed
from linli.base.sheets.queries import asked_columns, columns_of
from linli.base.sheets.rosters.known import field_for_title, fields_of
from linli.base.sheets.rosters.preparing import prepare_part, read_again
from linli.kernel.flow import GuardFailed, InvalidStep, NotAllowed, StepRefused
from linli.kernel.scope import SYSTEM
from sheet_factories import line_answers, make_roster, make_sheet

NUMBER = "11010119491001000" + id_check("11010119491001000")
pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_district()


def enrol(world, name, phone="", area=None, **more):
    return people.add_resident(
        actor=SYSTEM, now=MONDAY, area=area or world.grid, source="入户登记",
        values={"name": name, "phone": phone, "born_on": date(1940, 5, 1)} | more,
    )  # fmt: skip


@pytest.fixture
def asked(world):
    enrol(world, "陈阿婆", "13900001111")
    enrol(world, "李大爷")
    sheet, part = make_roster(world)
    return sheet, part, list(Row.objects.filter(part=part).order_by("order"))


def values(part):
    cells = RowCell.objects.filter(row__part=part).select_related("column", "row")
    names = {row.pk: row.name for row in Resident.objects.all()}
    return {(names[cell.row.ref], cell.column.title): cell.value for cell in cells}


def browser(actor):
    client = Client()
    client.force_login(Account.objects.get(pk=actor.account_id))
    return client


def test_lines_come_filled_with_what_the_register_knows(asked):
    _sheet, part, _rows = asked
    assert values(part) == {
        ("陈阿婆", "姓名"): "陈阿婆", ("陈阿婆", "联系电话"): "13900001111",
        ("李大爷", "姓名"): "李大爷",
    }  # fmt: skip
    assert (part.cells, part.prefilled, part.typed, part.required) == (8, 3, 0, 3)
    cell = RowCell.objects.get(column__title="联系电话")
    assert (cell.source, cell.known_on) == ("入户登记", timezone.localdate(MONDAY))
    assert prepare_part(part.pk, actor=SYSTEM, now=MONDAY) == 2, "a second run changes nothing"


def test_what_is_typed_goes_into_the_register_with_its_source(world, asked):
    sheet, part, rows = asked
    data = line_answers(part, rows[1], 联系电话="139 0000 2222", 紧急联系人="李小明")
    form = save_rows(part.pk, rows, actor=world.community_worker, now=MONDAY, data=data)
    assert form.is_valid()
    resident = Resident.objects.get(pk=rows[1].ref)
    assert resident.phone == "13900002222"
    assert resident.sources["phone"] == [sheet.title, f"{timezone.localdate(MONDAY)}"]
    flowed = RowCell.objects.filter(row=rows[1], flowed=True)
    assert [cell.column.title for cell in flowed] == ["联系电话"]
    part.refresh_from_db()
    assert (part.typed, part.prefilled, part.required) == (2, 3, 1)
    data = line_answers(part, rows[1], 联系电话="13900003333")
    save_rows(part.pk, rows, actor=world.community_worker, now=MONDAY, data=data)
    resident.refresh_from_db()
    assert resident.phone == "13900002222", "what the register took over is mended there"


def test_a_bad_cell_is_told_at_its_place_and_the_others_stay(world):
    resident = enrol(world, "陈阿婆", id_number=NUMBER, born_on=date(1949, 10, 1))
    enrol(world, "李大爷")
    columns = (("身份证号", {"kind": "identity", "source": "person.id_number"}), ("房间数", {}))
    _sheet, part = make_roster(world, columns=columns)
    row = Row.objects.get(part=part, ref=Resident.objects.exclude(pk=resident.pk).get().pk)
    data = line_answers(
        part, row, 身份证号=f"{NUMBER[:-1]}{'1' if NUMBER[-1] != '1' else '2'}", 房间数="2"
    )
    form = save_rows(part.pk, [row], actor=world.community_worker, now=MONDAY, data=data)
    assert "校验位" in str(form.errors)
    data = line_answers(part, row, 身份证号=resident.id_number)
    form = save_rows(part.pk, [row], actor=world.community_worker, now=MONDAY, data=data)
    assert "不要重复登记" in str(form.errors), "what the register will not take is told"
    assert RowCell.objects.get(row=row).value == "2"


def test_two_who_type_at_once_lose_nothing(world, asked):
    _sheet, part, rows = asked
    place = next(n for n in line_answers(part, rows[0], 紧急联系人="") if n.startswith("c-"))
    was = {place.replace("c-", "was-"): ""}
    mate = actor_of(make_staff("community_worker", world.community, name="王二"))
    save_rows(part.pk, rows, actor=mate, now=MONDAY, data={place: "张三"} | was)
    form = save_rows(
        part.pk, rows, actor=world.community_worker, now=MONDAY, data={place: "李四"} | was
    )
    assert "王二刚填了“张三”" in str(form.errors[place])
    assert values(part)["陈阿婆", "紧急联系人"] == "张三"


def test_it_is_handed_in_when_no_required_cell_of_any_line_is_blank(world, asked):
    _sheet, part, rows = asked
    worker = world.community_worker
    data = line_answers(part, rows[0], 紧急联系人="陈小明")
    with pytest.raises(GuardFailed, match="联系电话"):
        hand_in_rows(part.pk, rows, actor=worker, now=MONDAY, data=data)
    assert values(part)["陈阿婆", "紧急联系人"] == "陈小明", "what was typed is kept"
    data = line_answers(part, rows[1], 联系电话="12", 紧急联系人="李小明")
    with pytest.raises(InvalidStep):
        hand_in_rows(part.pk, rows, actor=worker, now=MONDAY, data=data)
    people.edit_resident(
        rows[0].ref, actor=worker, now=MONDAY, values={"phone": "13900004444"}, source="来电"
    )
    data = line_answers(part, rows[1], 联系电话="13900002222")
    hand_in_rows(part.pk, rows, actor=worker, now=MONDAY, data=data, key="k")
    part.refresh_from_db()
    assert (part.state, part.share, part.cells) == ("handed_in", 75, 8)
    assert values(part)["陈阿婆", "联系电话"] == "13900004444", "as the register stands now"
    with pytest.raises(StepRefused):
        save_rows(part.pk, rows, actor=worker, now=MONDAY, data=data)
    with pytest.raises(GuardFailed):
        read_again(part.pk, actor=worker, now=MONDAY)


def test_reading_again_takes_in_who_came_and_lets_go_who_left(world, asked):
    _sheet, part, rows = asked
    data = line_answers(part, rows[1], 紧急联系人="李小明")
    save_rows(part.pk, rows, actor=world.community_worker, now=MONDAY, data=data)
    enrol(world, "王婶", "13900005555")
    for row in rows:
        Resident.objects.filter(pk=row.ref).update(state="moved")
    assert read_again(part.pk, actor=world.community_worker, now=MONDAY) == 2
    names = {name for name, _column in values(part)}
    assert names == {"李大爷", "王婶"}, "a line with anything typed stays"
    with pytest.raises(NotAllowed):
        read_again(part.pk, actor=world.handler, now=MONDAY)


def test_the_grid_worker_is_asked_what_only_they_can_see(world, asked):
    _sheet, part, rows = asked
    other = make_area("370705001001002", "第2网格")
    far = enrol(world, "远处人", area=other)
    read_again(part.pk, actor=world.community_worker, now=MONDAY)
    away = Row.objects.get(part=part, ref=far.pk)
    data = line_answers(part, rows[0], 一键呼叫器装好了吗="1", 紧急联系人="某人")
    data |= line_answers(part, away, 一键呼叫器装好了吗="1")
    save_rows(
        part.pk, [*rows, away], actor=world.grid_worker, now=MONDAY, data=data, on_the_spot=True
    )
    cells = RowCell.objects.filter(row__part=part, source="")
    assert [(c.row_id, c.column.title, c.value) for c in cells] == [
        (rows[0].pk, "一键呼叫器装好了吗", "1")
    ], "the own grid's lines and the columns asked on the spot, nothing else"
    with pytest.raises(NotAllowed):
        save_rows(part.pk, rows, actor=world.grid_worker, now=MONDAY, data=data)
    stranger = actor_of(make_staff("grid_worker", make_area("370705002001001", "别处")))
    assert browser(stranger).get(f"/field/sheets/{part.pk}/").status_code == 404


def test_a_grid_worker_goes_through_the_lines_on_the_phone(world, asked):
    _sheet, part, rows = asked
    phone = browser(world.grid_worker)
    assert "要现场看的表" in phone.get("/field/sheets/").content.decode()
    assert "有1张表要到现场看" in phone.get("/field/").content.decode()
    page = phone.get(f"/field/sheets/{part.pk}/").content.decode()
    assert "陈阿婆" in page
    assert "139****1111" in page
    assert "13900001111" not in page
    data = line_answers(part, rows[0], 一键呼叫器装好了吗="1") | {"row": [r.pk for r in rows]}
    assert phone.post(f"/field/sheets/{part.pk}/", data).status_code == 302
    page = phone.get(f"/field/sheets/{part.pk}/").content.decode()
    assert "陈阿婆" not in page, "the next ones come by themselves"
    assert "李大爷" in page
    assert "陈阿婆" in phone.get(f"/field/sheets/{part.pk}/?all=1").content.decode()


def test_the_page_keeps_what_was_typed_and_marks_what_is_bad(world, asked):
    _sheet, part, rows = asked
    desk = browser(world.community_worker)
    address = f"/desk/sheets/tasks/{part.pk}/"
    page = desk.get(address).content.decode()
    assert "139****1111" in page
    data = line_answers(part, rows[1], 联系电话="打不通", 紧急联系人="李小明")
    answer = desk.post(address, data)
    assert answer.status_code == 422
    assert 'value="打不通"' in answer.content.decode()
    assert values(part)["李大爷", "紧急联系人"] == "李小明"
    page = desk.get(address + "?blank=1&grid=" + world.grid.code).content.decode()
    assert len(re.findall(r'name="row"', page)) == 2
    data = line_answers(part, rows[1], 联系电话="13900002222", 一键呼叫器装好了吗="0")
    assert desk.post(address, data | {"next": "1"})["Location"] == address + "?page=2"
    page = desk.get(address + "?blank=1").content.decode()
    assert "李大爷" not in page
    data = line_answers(part, rows[0], 紧急联系人="陈小明") | {"hand_in": "1"}
    assert desk.post(address, data)["Location"] == "/desk/sheets/tasks/"
    assert desk.post(f"{address}read/")["Location"] == address
    assert browser(world.grid_worker).post(f"{address}read/").status_code == 403


def test_what_a_register_knows_is_not_asked_of_lines_either(world):
    enrol(world, "陈阿婆")
    sheet = make_sheet(world, rows="person", columns=(("手机号码", {"kind": "phone"}),))
    with pytest.raises(GuardFailed, match="手机号码"):
        take_step("submit", sheet.pk, actor=world.handler, now=MONDAY)
    assert field_for_title("本人电话", "person").key == "person.phone"
    assert field_for_title("楼层数", "person") is None
    for rows in ("person", "dwelling", "building", "organisation", "grid"):
        for field in fields_of(rows):
            assert field_for_title(str(field.title), rows) == field


def test_a_sheet_without_lines_does_not_go_out(world):
    sheet = make_sheet(world, rows="building", columns=(("电梯几部坏了", {}),))
    with pytest.raises(GuardFailed, match="没有要列的行"):
        take_step("submit", sheet.pk, actor=world.handler, now=MONDAY)


def test_what_a_line_is_stays_while_columns_hang_on_it(world):
    sheet = make_sheet(world)
    data = {"title": "x", "area": world.district, "purpose": "x", "basis": "x", "due": sheet.due}
    with pytest.raises(ValidationError) as caught:
        save_sheet(actor=world.handler, now=MONDAY, data=data | {"rows": "person"},
                   sheet_id=sheet.pk)  # fmt: skip
    assert list(caught.value.message_dict) == ["rows"]


def test_the_cost_of_lines_counts_what_registers_do_not_know(world, asked):
    sheet, _part, _rows = asked
    columns = columns_of(sheet.pk)
    cost = cost_of(sheet, columns, 1, timezone.localdate(MONDAY))
    assert (cost.lines, cost.cells, cost.all_typed, cost.share) == (2, 8, 5, 37)


def test_only_those_asked_for_get_a_line(world):
    tagged = enrol(world, "陈阿婆")
    enrol(world, "李大爷")
    people.set_tag(tagged.pk, actor=SYSTEM, now=MONDAY, kind="alone", source="名册")
    _sheet, part = make_roster(world, only="tag:alone")
    assert [row.ref for row in Row.objects.filter(part=part)] == [tagged.pk]


def test_a_yes_becomes_a_care_tag_and_homes_get_their_size(world):
    resident = enrol(world, "陈阿婆")
    columns = (("是否独居", {"kind": "yes_no", "source": "person.alone"}),)
    _sheet, part = make_roster(world, columns=columns, title="独居摸底")
    row = Row.objects.get(part=part)
    save_rows(part.pk, [row], actor=world.community_worker, now=MONDAY,
              data=line_answers(part, row, 是否独居="1"))  # fmt: skip
    tag = CareTag.objects.get(resident=resident)
    assert (tag.kind, tag.source) == ("alone", "独居摸底")
    base = {"actor": SYSTEM, "now": MONDAY, "source": "普查"}
    values_ = {"name": "1号楼", "address": "东路1号", "kind": "home"}
    building = people.add_building(area=world.grid, values=values_, **base)
    home = people.add_dwelling(building.pk, values={"unit": "1", "room": "101"}, **base)
    columns = (("建筑面积", {"kind": "decimal", "source": "dwelling.surface"}),)
    _sheet, part = make_roster(world, columns=columns, rows="dwelling", title="面积")
    row = Row.objects.get(part=part)
    form = save_rows(part.pk, [row], actor=world.community_worker, now=MONDAY,
                     data=line_answers(part, row, 建筑面积="56.5"))  # fmt: skip
    assert form.is_valid()
    home.refresh_from_db()
    assert f"{home.surface}" == "56.50"


def test_lines_are_summed_and_leave_as_a_workbook(world):
    for name in ("甲", "乙"):
        enrol(world, name)
    columns = (("姓名", {"kind": "text", "source": "person.name"}), ("床位", {}))
    sheet, part = make_roster(world, columns=columns)
    rows = list(Row.objects.filter(part=part))
    data = line_answers(part, rows[0], 床位="2") | line_answers(part, rows[1], 床位="3")
    hand_in_rows(part.pk, rows, actor=world.community_worker, now=MONDAY, data=data)
    columns = asked_columns(columns_of(sheet.pk))
    whole = roll_up(sheet, summed(columns))[0]
    assert (whole.rows, whole.cells) == (2, [("床位", "5")])
    assert counts(sheet, date(2026, 3, 16))["cells"] == 4
    desk = browser(world.handler)
    book = openpyxl.load_workbook(io.BytesIO(
        desk.get(f"/desk/sheets/{sheet.pk}/progress/?export=xlsx").content))  # fmt: skip
    lines = [[cell.value for cell in row] for row in book.active.iter_rows()]
    assert lines[0] == ["社区", "居民", "状态", "姓名", "床位"]
    assert sorted(line[3:] for line in lines[1:]) == [["乙", "3"], ["甲", "2"]]
    page = desk.get(f"/desk/sheets/parts/{part.pk}/").content.decode()
    assert "甲" in page
    assert Part.objects.get(pk=part.pk).share == 100


def test_an_erased_resident_is_named_in_no_line_and_the_figures_stay(world, asked):
    sheet, part, rows = asked
    data = line_answers(part, rows[0], 紧急联系人="陈小明", 一键呼叫器装好了吗="1")
    save_rows(part.pk, rows, actor=world.community_worker, now=MONDAY, data=data)
    resident = Resident.objects.get(pk=rows[0].ref)
    assert [item.count for item in erasing.review(resident, MONDAY)] == [1]
    erasing.erase(resident, MONDAY)
    rows[0].refresh_from_db()
    assert rows[0].ref == -rows[0].pk
    left = RowCell.objects.filter(row=rows[0])
    assert [(cell.column.title, cell.value) for cell in left] == [("一键呼叫器装好了吗", "1")]
    assert browser(world.community_worker).get(f"/desk/sheets/tasks/{part.pk}/").status_code == 200
    later = MONDAY + timedelta(days=400)
    take_step("withdraw", sheet.pk, actor=world.handler, now=MONDAY)
    due = erasing.LINES.due(later - timedelta(days=365))
    assert [row.pk for row in due] == [rows[1].pk]
    erasing.LINES.let_go([rows[1].pk], later)
    assert not due.all().exists()
    assert not RowCell.objects.filter(column__kind__in=("text", "phone")).exists()
