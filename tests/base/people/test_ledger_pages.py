"""Taking a ledger over in the browser: upload, columns, check, result, and bad input on the way."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from base.people.test_ledgers import FAMILY, HEAD, book, line, number
from factories import MONDAY, make_area, make_staff
from linli.base.people import jobs
from linli.base.people.actions.taking_over import check_file, take_over
from linli.base.people.models import LedgerImport, Resident

pytestmark = pytest.mark.django_db
URL = "/desk/people/imports/"


@pytest.fixture
def desk(client, monkeypatch):
    make_area("370705001001001", "第1网格")
    make_area("370705001001002", "第2网格")
    client.force_login(make_staff("community_worker", make_area("370705001001")))
    # A worker process would do these; here they run when asked for.
    for name, work in (("check_ledger", check_file), ("take_ledger_over", take_over)):
        task = getattr(jobs, name)
        monkeypatch.setattr(
            task, "defer", lambda ledger_id, work=work: work(ledger_id, now=MONDAY), raising=False
        )
    return client


def upload(desk, body, name="台账.xlsx", **more):
    data = {"area": "370705001001", "source": "入户登记", **more}
    return desk.post(URL, data | {"file": SimpleUploadedFile(name, body)})


def matched(desk, row, **more):
    """Choose the guessed columns, as someone who finds them right does."""
    page = desk.get(f"{URL}{row.pk}/columns/")
    data = {
        f"column-{column['number']}": column["chosen"] or "" for column in page.context["columns"]
    }
    data |= {"sheet": row.sheet, "head_row": row.head_row, "check": "1", **more}
    return desk.post(f"{URL}{row.pk}/columns/", data)


def text(answer):
    return answer.content.decode()


def test_from_the_file_to_the_register_and_back(desk):
    rows = [*FAMILY, line("坏行", "123")]
    assert upload(desk, book(["台账"], HEAD, *rows)).status_code == 302
    row = LedgerImport.objects.get()
    page = text(desk.get(f"{URL}{row.pk}/columns/"))
    assert "张三丰" in page, "the first rows stand beside the columns"
    assert matched(desk, row).status_code == 302
    page = text(desk.get(f"{URL}{row.pk}/"))
    assert "身份证号是18位" in page
    assert not Resident.objects.exists(), "checking writes nothing"
    mend = desk.get(f"{URL}{row.pk}/mend/")
    cells = list(load_workbook(io.BytesIO(mend.content)).active.values)
    assert cells[0][1:] == tuple(HEAD)
    assert [row[2] for row in cells[1:]] == ["坏行"]
    assert "身份证号是18位" in cells[1][0]
    desk.post(f"{URL}{row.pk}/start/")
    assert Resident.objects.count() == 3
    assert desk.get(f"{URL}{row.pk}/mend/").status_code == 200, (
        "what stayed out can still be mended"
    )
    desk.post(f"{URL}{row.pk}/undo/")
    assert not Resident.objects.exists()


def test_the_mended_workbook_is_taken_as_it_is(desk):
    upload(desk, book(HEAD, line("张三", "123")))
    row = LedgerImport.objects.get()
    matched(desk, row)
    mend = load_workbook(io.BytesIO(desk.get(f"{URL}{row.pk}/mend/").content))
    mend.active.cell(2, 4).value = number()
    out = io.BytesIO()
    mend.save(out)
    upload(desk, out.getvalue())
    second = LedgerImport.objects.latest("pk")
    matched(desk, second)
    desk.post(f"{URL}{second.pk}/start/")
    assert Resident.objects.get().id_number == number()


@pytest.mark.parametrize(
    ("body", "more", "field", "words"),
    [
        (b"", {}, "file", "文件是空的"), (b"PK\x03\x04x", {}, "file", "损坏"),
        (b"a,b\n", {"source": ""}, "source", "请填写"), (b"a,b\n", {"area": ""}, "area", "请填写"),
        (b"a,b\n", {"area": "370705"}, "area", "权限"),
    ],
)  # fmt: skip
def test_a_bad_upload_is_told_at_its_field(desk, body, more, field, words):
    answer = upload(desk, body, **more)
    assert answer.status_code == 422
    assert any(words in error for error in answer.context["form"].errors[field])
    assert not LedgerImport.objects.exists()


def test_columns_chosen_wrongly_are_told_and_the_choice_stays(desk):
    upload(desk, book(["甲", "乙"], ["张三", number()]))
    row = LedgerImport.objects.get()
    url = f"{URL}{row.pk}/columns/"
    base = {"sheet": row.sheet, "head_row": "0", "check": "1"}
    none = desk.post(url, base | {"column-1": "id_number"})
    assert none.status_code == 422
    assert "请指出哪一列是姓名" in text(none)
    assert '<option value="id_number" selected>' in text(none)
    twice = desk.post(url, base | {"column-0": "name", "column-1": "name"})
    assert "选了两列" in text(twice)
    good = desk.post(url, base | {"column-0": "name", "column-1": "id_number"})
    assert good.status_code == 302


def test_progress_ends_by_loading_the_page_anew(desk):
    upload(desk, book(HEAD, *FAMILY))
    row = LedgerImport.objects.get()
    LedgerImport.objects.update(state="checking", progress=2)
    running = desk.get(f"{URL}{row.pk}/progress/")
    assert "已处理2行" in text(running)
    assert "HX-Refresh" not in running
    LedgerImport.objects.update(state="checked")
    assert desk.get(f"{URL}{row.pk}/progress/")["HX-Refresh"] == "true"


def test_starting_twice_is_told(desk):
    upload(desk, book(HEAD, *FAMILY))
    row = LedgerImport.objects.get()
    matched(desk, row)
    desk.post(f"{URL}{row.pk}/start/")
    again = desk.post(f"{URL}{row.pk}/start/", follow=True)
    assert "已导入" in text(again)
    assert Resident.objects.count() == 3
