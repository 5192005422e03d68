"""Read a workbook or text file into rows of cells, whatever its format and encoding."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook, PasswordError

LARGEST = 200 * 1024 * 1024  # bytes
MOST_COLUMNS = 200
OLE, ZIP = b"\xd0\xcf\x11\xe0", b"PK\x03\x04"

Cell = str | float | bool | date | datetime | time | timedelta | None


class Unreadable(ValueError):
    """The file cannot be read; `str()` says why and what to do, in the user's language."""


@contextmanager
def readable() -> Iterator[None]:
    """Turn whatever a damaged workbook makes the reader say into Unreadable."""
    damaged = _("文件已损坏或不是工作簿，请用表格软件打开后另存再导入。")
    try:
        yield
    except PasswordError:
        raise Unreadable(_("文件设了密码，请先去掉密码再导入。")) from None
    except (CalamineError, OSError, ValueError) as error:
        raise Unreadable(damaged) from error
    except BaseException as error:
        # The reader is compiled; where it gives up, it is with an exception of its own kind.
        if type(error).__name__ != "PanicException":
            raise
        raise Unreadable(damaged) from error


@dataclass(frozen=True)
class Book:
    """An opened file: the names of its sheets, and the rows of each."""

    sheets: tuple[str, ...]
    _source: Any

    def rows(self, sheet: str = "") -> Iterator[list[Cell]]:
        """Yield the rows of a sheet (the first where blank), merged cells filled in."""
        if isinstance(self._source, str):
            yield from _csv_rows(self._source)
            return
        with readable():
            yield from _sheet_rows(self._source.get_sheet_by_name(sheet or self.sheets[0]))


def _sheet_rows(found: Any) -> Iterator[list[Cell]]:
    # A merged head covers several columns, a merged first column several people of a household.
    merged = _merged(found)
    above: dict[tuple[int, int], Cell] = {}
    first_row, first_column = found.start or (0, 0)
    for number, row in enumerate(found.iter_rows()):
        cells = row[:MOST_COLUMNS]
        for column in range(len(cells)):
            corner = merged.get((first_row + number, first_column + column))
            if corner is None:
                continue
            if corner == (first_row + number, first_column + column):
                above[corner] = cells[column]
            else:
                cells[column] = above.get(corner, cells[column])
        yield cells


def _merged(sheet: Any) -> dict[tuple[int, int], tuple[int, int]]:
    """Return for each cell of a merged range its upper left cell; a range of millions is left."""
    found: dict[tuple[int, int], tuple[int, int]] = {}
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        if (bottom - top + 1) * (right - left + 1) > 100_000:
            continue
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                found[row, column] = (top, left)
    return found


def open_book(body: bytes) -> Book:
    """Open .xlsx, .xls, .ods or comma- or tab-separated text; raises Unreadable, nothing else."""
    if not body.strip():
        raise Unreadable(_("文件是空的。"))
    if len(body) > LARGEST:
        raise Unreadable(_("文件超过200 MB，请拆成几份再导入。"))
    if body[:4] in {OLE, ZIP}:
        return _workbook(body)
    return Book(("",), _text(body))


def _workbook(body: bytes) -> Book:
    with readable():
        book = CalamineWorkbook.from_filelike(io.BytesIO(body))
        names = tuple(book.sheet_names)
    if not names:
        raise Unreadable(_("工作簿里没有工作表。"))
    return Book(names, book)


def _text(body: bytes) -> str:
    """Return the text of a file in UTF-8, UTF-16 (with its mark) or GBK."""
    encodings = ["utf-8-sig", "gb18030"]
    if body[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        encodings.insert(0, "utf-16")
    for encoding in encodings:
        try:
            text = body.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Unreadable(_("认不出文件的编码。请存为.xlsx，或UTF-8、GBK编码的CSV。"))


def _csv_rows(text: str) -> Iterator[list[Cell]]:
    head = text[:4096].splitlines()[:1]
    delimiter = max(",\t;，", key=head[0].count) if head else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            message = _("第%(line)d行读不出来（引号没有成对，或一格太长）。")
            raise Unreadable(message % {"line": reader.line_num}) from error
        yield list(row[:MOST_COLUMNS])
