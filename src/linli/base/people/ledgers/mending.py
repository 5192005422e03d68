"""Give the bad rows of a ledger back as a workbook to mend."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from linli.kernel.listing.export import plain

from .models import ImportFault
from .reading import Cell

MARK = PatternFill("solid", fgColor="FFE3B3")


def workbook(
    head: list[Cell], rows: Iterable[tuple[int, list[Cell]]], faults: Iterable[ImportFault]
) -> bytes:
    """Return the head and the bad rows as they stood, reasons in the first column.

    The cells concerned are coloured. Mended, the file can be uploaded as it is: its head is the
    same but for the first column, which means nothing to the import.
    """
    by_line: dict[int, list[ImportFault]] = defaultdict(list)
    for fault in faults:
        by_line[fault.line].append(fault)
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append([_("哪里不对"), *(plain(cell) for cell in head)])
    for line, cells in rows:
        found = by_line.get(line)
        if found:
            sheet.append(_row(sheet, cells, found, head))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _row(sheet: Any, cells: list[Cell], faults: list[ImportFault], head: list[Cell]) -> list[Any]:
    reasons = {fault.column: fault.reason for fault in faults}
    told = [
        f"{head[column]}{_('：')}{reason}" if 0 <= column < len(head) else reason
        for column, reason in reasons.items()
    ]
    made: list[Any] = [plain(_("；").join(told))]
    for column in range(max(len(cells), len(head))):
        one = WriteOnlyCell(sheet, plain(cells[column] if column < len(cells) else None))
        if column in reasons:
            one.fill = MARK
            one.comment = Comment(reasons[column], _("导入检查"))
        made.append(one)
    return made
