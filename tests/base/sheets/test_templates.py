"""A sheet leaves in the asker's own workbook: placeholders checked, rows repeated, sums put in."""

from __future__ import annotations

import io
import random
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font

from factories import MONDAY, make_area, make_district, make_staff, make_unit
from linli.base.accounts.models import Account
from linli.base.accounts.queries import actor_of
from linli.base.sheets.actions import export_part, export_sheet, hand_in_part, save_template
from linli.base.sheets.layouts import LARGEST, Unusable, open_layout
from linli.base.sheets.models import Part, Template
from linli.kernel.flow import NotAllowed
from linli.kernel.ledger.models import Entry
from sheet_factories import admit_sheet, answers, make_sheet

pytestmark = pytest.mark.django_db
COLUMNS = (
    ("实有人口", {"source": "people.residents"}),
    ("充电桩数量", {}),
    ("说明", {"kind": "text"}),
)


@pytest.fixture
def world():
    return make_district()


@pytest.fixture
def other(world):
    """Return a worker of a second community of the subdistrict."""
    area = make_area("370705001077", "七七社区")
    return actor_of(make_staff("community_worker", area, make_unit("community", area)))


@pytest.fixture
def sheet(world, other):
    found = make_sheet(world, columns=COLUMNS)
    admit_sheet(world, found)
    return found


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def form_of(**cells: str) -> Workbook:
    book = Workbook()
    for place, value in cells.items():
        book.active[place] = value
    return book


def own_form() -> bytes:
    book = form_of(
        A1="{{表名}}（截至{{截止日期}}）", A3="序号", B3="社区", C3="桩", D3="说明",
        A4="{{序号}}", B4="{{ 社区 }}", C4="{{充电桩数量}}", D4="｛｛说明｝｝（{{状态}}）",
        A5="合计", C5="{{合计：充电桩数量}}", A6="填表：{{收表单位}}，共{{社区数}}个社区",
    )  # fmt: skip
    page = book.active
    page["B4"].font = Font(bold=True)
    page.row_dimensions[4].height, page.row_dimensions[6].height = 33, 44
    page.merge_cells("D4:E4")
    page.merge_cells("A6:E6")
    page["F5"] = "=C5*2"
    return saved(book)


def answer(sheet, actor, count, text):
    part = Part.objects.get(sheet=sheet, area_code=actor.grants[0].area_code)
    hand_in_part(part.pk, actor=actor, now=MONDAY, data=answers(sheet, 充电桩数量=count, 说明=text))


def test_the_row_is_repeated_with_its_looks_and_what_is_below_moves(world, other, sheet):
    answer(sheet, world.community_worker, "7", "=HYPERLINK(1)")
    answer(sheet, other, "5", "好")
    save_template(sheet.pk, actor=world.handler, now=MONDAY, file_name="表.xlsx", body=own_form())
    _name, body = export_sheet(sheet.pk, actor=world.handler, now=MONDAY)
    page = load_workbook(io.BytesIO(body)).active
    count = Part.objects.filter(sheet=sheet).count()
    assert count >= 2
    assert page["A1"].value == f"充电设施摸底（截至{sheet.due}）"
    rows = {page.cell(4 + n, 2).value: page[4 + n] for n in range(count)}
    assert set(rows) >= {"一社区", "七七社区"}
    one = rows["一社区"]
    assert (one[2].value, one[2].data_type) == (7, "n")
    assert one[3].value == "'=HYPERLINK(1)（已上报）"
    assert one[3].data_type == "s"  # what people type is never run
    assert all(row[1].font.bold for row in rows.values())
    assert page.cell(4 + count, 1).value == "合计"
    assert page.cell(4 + count, 3).value == 12
    assert page.cell(4 + count, 6).value == f"=C{4 + count}*2"
    assert page.cell(5 + count, 1).value.endswith(f"共{count}个社区")
    merged = {str(box) for box in page.merged_cells.ranges}
    assert merged == {*(f"D{4 + n}:E{4 + n}" for n in range(count)), f"A{5 + count}:E{5 + count}"}
    assert page.row_dimensions[4 + count - 1].height == 33
    assert page.row_dimensions[5 + count].height == 44
    entry = Entry.objects.get(subject_type="sheets.export")
    assert entry.data == {"sheet": sheet.pk, "rows": count}


def test_every_wrong_name_is_told_with_its_cell_and_nothing_is_kept(world, sheet, client):
    book = form_of(
        B2="{{社区}}", B3="{{街道}}", C5="{{人数}}", C6="{{合计:说明}}", D7="=WEBSERVICE(1)"
    )
    client.force_login(Account.objects.get(pk=world.handler.account_id))
    upload = SimpleUploadedFile("我的表.xlsx", saved(book))
    page = client.post(reverse("sheets:template", args=[sheet.pk]), {"file": upload})
    text = page.content.decode()
    assert page.status_code == 422
    for fault in ("!B3：逐行填的占位要放在同一行（第2行）", "!C5：没有叫“人数”的内容",
                  "!C6：没有叫“说明”的数字栏目", "!D7：这个公式"):  # fmt: skip
        assert fault in text
    assert not Template.objects.exists()


def test_broken_files_are_refused_with_words(world, sheet):
    good, rng = own_form(), random.Random(4)
    macros = io.BytesIO(good)
    with zipfile.ZipFile(macros, "a") as parts:
        parts.writestr("xl/vbaProject.bin", b"x")
    huge = Workbook()
    huge.active["XFD1048576"] = "x"
    files = {
        "不是Excel": "姓名,电话\n".encode(), ".xls": b"\xd0\xcf\x11\xe0" + b"0" * 99,
        "损坏": good[: len(good) // 2], "宏": macros.getvalue(), "2 MB": good + b"0" * LARGEST,
        "太大": saved(huge), "没有占位名称": saved(form_of(A1="统计表")),
    }  # fmt: skip
    for words, body in files.items():
        with pytest.raises(Exception, match=words) as refused:
            save_template(sheet.pk, actor=world.handler, now=MONDAY, file_name="x", body=body)
        assert "file" in refused.value.message_dict
    for _ in range(60):  # whatever is damaged, there are words and no traceback
        at = rng.randrange(len(good))
        body = good[:at] + bytes([rng.randrange(256)]) + good[at + 1 :]
        told: list[str] = ["fine"]
        try:
            open_layout(body)
        except Unusable as error:
            told = [str(error)]
        assert told[0]


def test_the_starter_is_a_template_that_works(world, sheet, client):
    client.force_login(Account.objects.get(pk=world.handler.account_id))
    body = client.get(reverse("sheets:starter", args=[sheet.pk])).content
    save_template(sheet.pk, actor=world.handler, now=MONDAY, file_name="x", body=body)
    answer(sheet, world.community_worker, "7", "好")
    filled = client.get(reverse("sheets:filled", args=[sheet.pk]))
    page = load_workbook(io.BytesIO(filled.content)).active
    texts = [str(cell.value) for row in page.iter_rows() for cell in row if cell.value is not None]
    assert "一社区" in texts
    assert not [text for text in texts if "{{" in text]
    client.post(reverse("sheets:drop_template", args=[sheet.pk]))
    assert not Template.objects.exists()


def test_a_community_gets_its_own_row_alone(world, other, sheet):
    save_template(sheet.pk, actor=world.handler, now=MONDAY, file_name="x", body=own_form())
    answer(sheet, world.community_worker, "7", "好")
    part = Part.objects.get(sheet=sheet, area_code="370705001077")
    page = load_workbook(io.BytesIO(export_part(part.pk, actor=other, now=MONDAY)[1])).active
    texts = " ".join(str(cell.value) for row in page.iter_rows() for cell in row)
    assert "七七社区" in texts
    assert "一社区" not in texts
    with pytest.raises(NotAllowed):
        export_part(part.pk, actor=world.handler, now=MONDAY)
    with pytest.raises(NotAllowed):
        save_template(sheet.pk, actor=world.lead, now=MONDAY, file_name="x", body=own_form())
