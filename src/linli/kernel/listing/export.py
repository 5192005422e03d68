"""A list as a workbook: masked by permission, and with no cell that a spreadsheet would run."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from openpyxl import Workbook

from ..scope import Actor
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
    found = []
    for column in spec.columns:
        if not column.exported:
            continue
        value = column.text(row)
        allowed = not column.permission or actor.can(column.permission)
        if not allowed:
            value = column.mask(str(value)) if column.mask else "***"
        found.append(plain(value))
    return found


def workbook(spec: Spec, rows: Iterable[Any], actor: Actor, name: str) -> HttpResponse:
    """Return the rows as an .xlsx download; the caller has limited them to MOST_ROWS."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append([plain(str(column.label)) for column in spec.columns if column.exported])
    for row in rows:
        sheet.append(cells(spec, row, actor))
    out = io.BytesIO()
    book.save(out)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    response = HttpResponse(out.getvalue(), content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response
