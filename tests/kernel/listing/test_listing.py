"""Lists: pages that visit each row once, cursors that cannot be bent, exports that cannot run."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from factories import START, make_area
from linli.base.areas.models import Area
from linli.kernel.listing import cursor
from linli.kernel.listing.export import cells, plain, workbook
from linli.kernel.listing.paging import page
from linli.kernel.listing.spec import Column, Order, Spec
from linli.kernel.scope import ANONYMOUS

ORDERS = (
    Order("name", "名称", "name"),
    Order("fall", "名称倒序", "name", descending=True),
    Order("lon", "经度", "lon", nullable=True),
    Order("lonfall", "经度倒序", "lon", descending=True, nullable=True),
    Order("valid", "启用", "valid_from"),
)
SPEC = Spec(
    "areas",
    (
        Column("name", "名称", lambda area: area.name),
        Column(
            "secret", "秘密", lambda area: "19000001234", permission="no.one", mask=lambda v: v[:3]
        ),
    ),
    ORDERS,
    size=3,
)


@pytest.fixture
def rows(db):
    top = make_area("370705")
    Area.objects.bulk_create(
        Area(
            level="subdistrict", code=f"370705{number:03d}", name=f"名{number % 4}", parent=top,
            lon=None if number % 3 == 0 else float(number % 5), valid_from=START,
        )
        for number in range(1, 20)
    )  # fmt: skip
    return Area.objects.all()


@pytest.mark.parametrize("order", [order.key for order in ORDERS])
def test_each_row_once_forwards_and_back(rows, order):
    seen, params, last = [], {"sort": order}, None
    for _ in range(20):
        last = page(params, SPEC, rows)
        seen += [row.pk for row in last.rows]
        if not last.next:
            break
        params = {"sort": order, "page": last.next}
    assert sorted(seen) == sorted(rows.values_list("pk", flat=True))
    assert len(seen) == 20
    back = [row.pk for row in last.rows]
    while last.previous:
        last = page({"sort": order, "page": last.previous}, SPEC, rows)
        back = [row.pk for row in last.rows] + back
    assert back == seen


@pytest.mark.parametrize("text", ["x", "____", "W10", "bnVsbA", "WyJmYWxsIiwidiIsIngiLDEsMF0"])
def test_a_bent_cursor_gives_the_first_page_and_says_so(rows, text):
    first = page({}, SPEC, rows)
    bent = page({"page": text}, SPEC, rows)
    assert bent.refused
    assert [row.pk for row in bent.rows] == [row.pk for row in first.rows]


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader_of_cursors(text):
    try:
        cursor.decode(text, "name")
    except cursor.BadCursor:
        return


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1"])
def test_no_cell_runs(text):
    assert plain(text).startswith("'")
    assert plain("平常") == "平常"


def test_export_masks_what_the_viewer_may_not_see(rows):
    assert cells(SPEC, rows[0], ANONYMOUS)[1] == "190"
    answer = workbook(SPEC, rows, ANONYMOUS, "areas")
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert [cell.value for cell in sheet[1]] == ["名称", "秘密"]
    assert sheet.max_row == 21
