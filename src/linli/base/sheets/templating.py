"""What a sheet's template may name, and what is put in its places."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from ..areas.queries import place_names
from . import queries
from .filling import shown
from .layouts import Names, Values, check_layout, fill_layout, open_layout
from .models import SUMMED, Column, Kind, Part, PartState, Sheet
from .progress import DONE
from .rosters.reading import rows_of_part

SUBDISTRICT = 9  # digits of its code
HEAD = ("表名", "用途", "依据", "截止日期", "收表单位", "范围", "导出日期", "社区数", "已上报数")
ROW = ("序号", "社区", "街道", "状态", "上报时间", "填报人")


def asked_of(sheet: Sheet) -> list[Column]:
    """Return the columns that have cells."""
    return queries.asked_columns(queries.columns_of(sheet.pk))


def names_of(columns: Iterable[Column]) -> Names:
    """Return what may stand between braces for a sheet with these columns."""
    rows = list(columns)
    titles = [column.title for column in rows]
    summed = [column.title for column in rows if column.kind in SUMMED]
    return Names(HEAD, (*ROW, *titles), summed)


def faults_of(body: bytes, sheet: Sheet) -> list[str]:
    """Return what is wrong with a template for this sheet; raises Unusable as `open_layout`."""
    return check_layout(open_layout(body), names_of(asked_of(sheet)))


def filled(sheet: Sheet, body: bytes, parts: QuerySet[Part], today: date) -> bytes:
    """Return the template filled with these parts; raises Unusable where it cannot be read.

    Only what was handed in is summed; what a community still types stands in its row all the same.
    """
    columns = asked_of(sheet)
    grids = any(column.kind == Kind.AREA for column in columns)
    rows = list(parts.select_related("area", "worker").defer("area__boundary").prefetch_related(
        "values").order_by("asked_code"))  # fmt: skip
    above = place_names({part.asked_code[:SUBDISTRICT] for part in rows})
    sums: dict[str, Decimal] = {column.title: Decimal() for column in columns}
    lines: list[dict[str, Any]] = []
    for part in rows:
        places = queries.grids_of(part.area_code) if grids else []
        for cells in _cells_of(sheet, part):
            line = _about(len(lines) + 1, part, above)
            for column in columns:
                value = _value(column, cells.get(column.pk, ""), places)
                line[column.title] = value
                if isinstance(value, Decimal) and part.state in DONE:
                    sums[column.title] += value
            lines.append(line)
    head = _head(sheet, rows, today)
    book = open_layout(body)
    return fill_layout(book, names_of(columns), Values(head, lines, sums))


def _cells_of(sheet: Sheet, part: Part) -> Iterable[dict[int, str]]:
    """Yield the values of each line of a part, which has one where nothing else was asked."""
    if not sheet.has_rows:
        yield {cell.column_id: cell.value for cell in part.values.all()}
        return
    for row in rows_of_part(part).prefetch_related("cells"):
        yield {cell.column_id: cell.value for cell in row.cells.all()}


def _head(sheet: Sheet, rows: list[Part], today: date) -> dict[str, Any]:
    values = (
        sheet.title, sheet.purpose, sheet.basis, f"{sheet.due}", str(sheet.unit or sheet.asker),
        sheet.area.short_name, f"{today}", Decimal(len(rows)),
        Decimal(sum(part.state in DONE for part in rows)),
    )  # fmt: skip
    return dict(zip(HEAD, values, strict=True))


def _about(number: int, part: Part, above: dict[str, str]) -> dict[str, Any]:
    code = part.asked_code[:SUBDISTRICT]
    at = timezone.localtime(part.handed_in_at) if part.handed_in_at else None
    values = (
        Decimal(number), part.area.short_name, above.get(code, code),
        str(PartState(part.state).label), f"{at:%Y-%m-%d %H:%M}" if at else "",
        str(part.worker) if part.worker and part.handed_in_at else "",
    )  # fmt: skip
    return dict(zip(ROW, values, strict=True))


def _value(column: Column, value: str, grids: Any) -> Any:
    if column.kind in SUMMED and value:
        try:
            return Decimal(value)
        except InvalidOperation:
            return value
    return shown(column, value, grids)
