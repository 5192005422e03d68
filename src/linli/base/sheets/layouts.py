"""The asker's own workbook: read its placeholders, say what is wrong with them, fill it in.

Pure work on a workbook: no database. A placeholder is a name between double braces, alone in a cell
or within its text.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.worksheet import Worksheet

from linli.kernel.listing.export import plain

LARGEST = 2 * 1024 * 1024  # bytes of the file
MOST_UNPACKED = 40 * 1024 * 1024  # bytes of what is in it
MOST_CELLS = 50_000
MOST_SHEETS = 10
LOOKS = ("font", "fill", "border", "alignment", "protection")
OLE, ZIP = b"\xd0\xcf\x11\xe0", b"PK\x03\x04"
PLACE = re.compile(r"[{｛]{2}\s*([^{}｛｝]+?)\s*[}｝]{2}")
SUM = re.compile(r"合计\s*[:：]\s*(.+)")
# What a formula may not do: run a program, fetch from elsewhere, read another file.
UNSAFE = re.compile(r"\||\[|WEBSERVICE|DDE|CALL\(|HYPERLINK", re.IGNORECASE)


class Unusable(ValueError):
    """The file cannot be taken; `str()` says why and what to do, in the user's language."""


@dataclass(frozen=True)
class Names:
    """What may stand between braces: of the whole sheet, of each row, and columns to be summed."""

    head: Sequence[str]
    row: Sequence[str]
    summed: Sequence[str]


@dataclass
class Values:
    """What is put in: the sheet's own values, a row for each community, and the sums."""

    head: Mapping[str, Any]
    rows: Sequence[Mapping[str, Any]]
    sums: Mapping[str, Any]


@dataclass
class Layout:
    """A worksheet's row that is repeated (None: none is)."""

    sheet: Worksheet
    row: int | None = None
    faults: list[str] = field(default_factory=list)


def open_layout(body: bytes) -> Workbook:
    """Open a template; raises Unusable, and nothing else, for what cannot be one."""
    if body[:4] == OLE:
        raise Unusable(_("这是旧版.xls或设了密码的文件，请另存为不设密码的.xlsx。"))
    if body[:4] != ZIP:
        raise Unusable(_("不是Excel工作簿，请上传.xlsx。"))
    if len(body) > LARGEST:
        raise Unusable(_("模板超过2 MB，请删去图片和多余的行再上传。"))
    broken = _("文件已损坏或不是Excel工作簿，请用表格软件另存为.xlsx再上传。")
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as parts:
            if sum(part.file_size for part in parts.infolist()) > MOST_UNPACKED:
                raise Unusable(_("模板里的内容太多，请删去多余的行再上传。"))
            if any("vbaProject" in name for name in parts.namelist()):
                raise Unusable(_("模板里有宏，请另存为不带宏的.xlsx再上传。"))
        book = load_workbook(io.BytesIO(body))
    except Unusable:
        raise
    except Exception as error:  # the reader fails in as many ways as there are damaged files
        raise Unusable(broken) from error
    if not book.worksheets:
        raise Unusable(broken)
    if len(book.worksheets) > MOST_SHEETS:
        raise Unusable(_("模板最多10个工作表。"))
    if sum(sheet.max_row * sheet.max_column for sheet in book.worksheets) > MOST_CELLS:
        raise Unusable(_("模板太大，请删去多余的空行空列再上传。"))
    return book


def check_layout(book: Workbook, names: Names) -> list[str]:
    """Return what is wrong with a template, each with its cell; nothing where it can be used."""
    layouts = [_read(sheet, names) for sheet in book.worksheets]
    faults = [fault for layout in layouts for fault in layout.faults]
    some = any(_places(cell) for layout in layouts for cell in _cells(layout.sheet))
    return faults if some else [_("模板里没有占位名称。请看下面的名称表。")]


def _cells(sheet: Worksheet) -> list[Cell]:
    return [cell for row in sheet.iter_rows() for cell in row if isinstance(cell, Cell)]


def _places(cell: Cell) -> list[str]:
    return PLACE.findall(cell.value) if isinstance(cell.value, str) else []


def _read(sheet: Worksheet, names: Names) -> Layout:
    layout = Layout(sheet)
    for cell in _cells(sheet):
        place = f"{sheet.title}!{cell.coordinate}"
        if cell.data_type == "f" and UNSAFE.search(str(cell.value)):
            layout.faults.append(
                _("%(place)s：这个公式会打开别的文件或网址，不能用。") % {"place": place}
            )
        for name in _places(cell):
            _check_place(layout, names, cell, place, name)
    return layout


def _check_place(layout: Layout, names: Names, cell: Cell, place: str, name: str) -> None:
    asked = SUM.fullmatch(name)
    if asked:
        if asked[1] not in names.summed:
            words = _("%(place)s：没有叫“%(name)s”的数字栏目，不能合计。")
            layout.faults.append(words % {"place": place, "name": asked[1]})
        return
    if name in names.row:
        if layout.row not in {None, cell.row}:
            words = _("%(place)s：逐行填的占位要放在同一行（第%(row)d行）。")
            layout.faults.append(words % {"place": place, "row": layout.row})
        layout.row = layout.row or cell.row
    elif name not in names.head:
        words = _("%(place)s：没有叫“%(name)s”的内容。")
        layout.faults.append(words % {"place": place, "name": name})


def fill_layout(book: Workbook, names: Names, values: Values) -> bytes:
    """Return the workbook filled in: the row of placeholders once for each row of values."""
    for sheet in book.worksheets:
        layout = _read(sheet, names)
        if layout.row is not None:
            _repeat(sheet, layout.row, len(values.rows))
            for number, row in enumerate(values.rows):
                _put_row(sheet, layout.row + number, row, values)
        for cell in _cells(sheet):
            if _places(cell):
                _put(cell, values.head, values.sums)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _put_row(sheet: Worksheet, number: int, row: Mapping[str, Any], values: Values) -> None:
    for cell in sheet[number]:
        if isinstance(cell, Cell) and _places(cell):
            _put(cell, {**values.head, **row}, values.sums)


def _put(cell: Cell, known: Mapping[str, Any], sums: Mapping[str, Any]) -> None:
    """Put values in a cell's placeholders; a number that stands alone stays a number."""
    text = str(cell.value)

    def value_of(name: str) -> Any:
        asked = SUM.fullmatch(name)
        return sums.get(asked[1], "") if asked else known.get(name, "")

    alone = PLACE.fullmatch(text.strip())
    if alone:
        found = value_of(alone[1])
        cell.value = float(found) if isinstance(found, Decimal) else plain(found)
    else:
        cell.value = plain(PLACE.sub(lambda match: _shown(value_of(match[1])), text))
    if isinstance(cell.value, str):
        cell.data_type = "s"  # whatever it begins with, it is words


def _shown(value: Any) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _repeat(sheet: Worksheet, row: int, count: int) -> None:
    """Make room below a row and copy it, its style, height and merged cells."""
    more = max(count, 1) - 1
    merged = [found.bounds for found in sheet.merged_cells.ranges]
    last, width = sheet.max_row, sheet.max_column
    within = [box for box in merged if box[1] == row == box[3]]
    below = [box for box in merged if box[1] > row]
    for box in (*within, *below) if more else ():
        sheet.unmerge_cells(
            start_column=box[0], start_row=box[1], end_column=box[2], end_row=box[3]
        )
    heights = {number: sheet.row_dimensions[number].height for number in range(row, last + 1)}
    if more and last > row:
        sheet.move_range(
            f"A{row + 1}:{sheet.cell(last, width).coordinate}", rows=more, translate=True
        )
    for number in range(1, more + 1):
        for column in range(1, width + 1):
            _copy(sheet.cell(row, column), sheet.cell(row + number, column))
        sheet.row_dimensions[row + number].height = heights[row]
    for number in range(row + 1, last + 1) if more else ():
        sheet.row_dimensions[number + more].height = heights[number]
    for left, _top, right, _bottom in within if more else ():
        for number in range(more + 1):
            sheet.merge_cells(
                start_column=left, end_column=right, start_row=row + number, end_row=row + number
            )
    for left, top, right, bottom in below if more else ():
        sheet.merge_cells(
            start_column=left, end_column=right, start_row=top + more, end_row=bottom + more
        )
    if count == 0:
        for cell in sheet[row]:
            if isinstance(cell, Cell) and _places(cell):
                cell.value = None


def _copy(source: Cell | MergedCell, target: Cell | MergedCell) -> None:
    if isinstance(target, Cell) and isinstance(source, Cell):
        target.value = source.value
        target.number_format = source.number_format
        for name in LOOKS:
            setattr(target, name, copy(getattr(source, name)))


def starter(names: Names, asked: Sequence[str]) -> bytes:
    """Return a small template to begin with: title, head, the row of placeholders, the sums."""
    book = Workbook()
    sheet = book.active or book.create_sheet()
    columns = ["序号", "社区", *asked]
    sheet.title = "汇总"
    sheet["A1"] = "{{表名}}"
    sheet["A1"].font = Font(size=16, bold=True)
    sheet["A1"].alignment = Alignment(horizontal="center")
    sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=max(len(columns), 2))
    sheet["A2"] = "截止日期：{{截止日期}}　收表单位：{{收表单位}}"
    for number, name in enumerate(columns, start=1):
        sheet.cell(3, number, plain(name)).font = Font(bold=True)
        sheet.cell(4, number, f"{{{{{name}}}}}")
        if name in names.summed:
            sheet.cell(5, number, f"{{{{合计:{name}}}}}")
    sheet["A5"] = "合计"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
