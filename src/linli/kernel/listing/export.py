"""A list as a workbook: masked by permission, and with no cell that a spreadsheet would run."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook

from ..scope import Actor
from .paging import ordered
from .spec import Spec

MOST_ROWS = 50_000
RISKY = ("=", "+", "-", "@", "\t", "\r")


def plain(value: Any) -> Any:
    """Return a value as a cell may hold it; text that begins like a formula gets a quote before."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None)
    if isinstance(value, bool | int | float):
        return value
    text = "".join(char for char in str(value) if char >= " " or char in "\t\n")
    return f"'{text}" if text.startswith(RISKY) else text


def cells(spec: Spec, row: Any, actor: Actor) -> list[Any]:
    """Return the cells of a row as this viewer may take them away."""
    return [
        plain(column.masked(row) if column.hidden_from(actor) else column.text(row))
        for column in spec.columns
        if column.exported
    ]


def workbook(spec: Spec, rows: Iterable[Any], actor: Actor, name: str) -> HttpResponse:
    """Return the rows as an .xlsx download.

    At most MOST_ROWS leave; where there are more, the last line of the sheet says so.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append([plain(str(column.label)) for column in spec.columns if column.exported])
    for number, row in enumerate(rows):
        if number == MOST_ROWS:
            note = _("只导出了前%(most)d行，其余没有导出。请缩小筛选范围后再导出。")
            sheet.append([note % {"most": MOST_ROWS}])
            break
        sheet.append(cells(spec, row, actor))
    out = io.BytesIO()
    book.save(out)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    response = HttpResponse(out.getvalue(), content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response


def export(
    params: Mapping[str, str], spec: Spec, rows: QuerySet[Any], actor: Actor, name: str
) -> HttpResponse:
    """Return a list as a workbook in the order it is shown in; the caller checked permission."""
    found = ordered(rows, spec.order(params.get("sort", "")))[: MOST_ROWS + 1]
    return workbook(spec, found.iterator(chunk_size=2000), actor, name)
