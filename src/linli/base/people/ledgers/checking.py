"""Check the rows of a ledger: each cell by itself, then the rows among each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple, Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.kernel.secrets.index import blind_index

from ..addresses import address_key, room_key
from ..identity import birth_date, is_male
from ..models import Gender
from ..twins import twin_index
from . import cleaning
from .reading import Cell

WHOLE_ROW = -1


PLAIN: dict[str, Callable[[Cell], Any]] = {
    "name": cleaning.name, "phone": cleaning.phone, "gender": cleaning.gender,
    "kind": cleaning.kind, "relation": cleaning.relation, "tags": cleaning.tags,
}  # fmt: skip
DATED: dict[str, Callable[[Cell, date], Any]] = {
    "id_number": cleaning.id_number, "born_on": cleaning.day,
}  # fmt: skip
BIRTH_DIFFERS = gettext_lazy("与身份证号中的出生日期不一致")
SEX_DIFFERS = gettext_lazy("与身份证号中的性别不一致")


@dataclass(frozen=True)
class Place:
    """A grid by what ledgers call it."""

    pk: int
    code: str


class HomeKey(NamedTuple):
    """The dwelling a line names: its address and what addresses are compared by, unit and room."""

    address: str
    key: str
    unit: str
    room: str
    room_key: str


@dataclass(slots=True)
class Row:
    """One line: its good values, and what is wrong with it (column, reason)."""

    line: int
    values: dict[str, Any] = field(default_factory=dict)
    faults: list[tuple[int, str]] = field(default_factory=list)
    id_index: str = ""
    twin_index: str = ""
    home: HomeKey | None = None


class Lined(Protocol):
    """What matching and writing ask of a line, all its values read or only those they need."""

    line: int
    values: dict[str, Any]
    faults: list[tuple[int, str]]
    id_index: str
    twin_index: str
    home: HomeKey | None


@dataclass(frozen=True)
class Checker:
    """Turns cells into values by a mapping; `grids` are names and codes of the area's grids."""

    mapping: Mapping[str, int]
    today: date
    grids: Mapping[str, Place]

    def row(self, line: int, cells: list[Cell]) -> Row:
        """Return the checked row."""
        row = Row(line)
        for name, column in self.mapping.items():
            cell = cells[column] if column < len(cells) else None
            if cell.__class__ is str:
                cell = cleaning.text_of(cell)  # once, whoever asks below
            if cell is None or cleaning.is_blank(cell):
                continue
            try:
                row.values[name] = self._value(name, cell)
            except cleaning.Bad as error:
                row.faults.append((column, str(error)))
        self._whole(row)
        return row

    def _value(self, name: str, cell: Cell) -> Any:
        if name in PLAIN:
            return PLAIN[name](cell)
        if name in DATED:
            return DATED[name](cell, self.today)
        text = cleaning.text_of(cell)
        if name == "grid":
            return self.grids.get(text) or self._grid(text)
        return text[:160]

    def _grid(self, text: str) -> Place:
        found = self.grids.get(address_key(text))
        if found is None:
            raise cleaning.Bad(_("本区域没有这个网格"))
        return found

    def _whole(self, row: Row) -> None:
        """Check what concerns several cells, and derive what follows."""
        values = row.values
        if "name" not in values and not any(c == self.mapping["name"] for c, _r in row.faults):
            row.faults.append((self.mapping["name"], _("没有姓名")))
        number = values.get("id_number")
        if number:
            self._agree(row, "born_on", birth_date(number), BIRTH_DIFFERS)
            sex = Gender.MALE if is_male(number) else Gender.FEMALE
            self._agree(row, "gender", sex, SEX_DIFFERS)
            row.id_index = blind_index(number)
        if values.get("room") and not (values.get("building") or values.get("address")):
            row.faults.append((self.mapping["room"], _("有房号，没有楼栋或地址")))
        row.twin_index = twin_index(values.get("name", ""), values.get("born_on"))
        row.home = _home(values)

    def _agree(self, row: Row, name: str, found: Any, reason: Promise) -> None:
        told = row.values.get(name)
        if told is not None and told != found:
            row.faults.append((self.mapping[name], str(reason)))
        row.values[name] = found


def _home(values: Mapping[str, Any]) -> HomeKey | None:
    address = values.get("address", "")
    building = values.get("building", "")
    whole = f"{address}{building}"
    if building and building.isdigit():
        whole = f"{address}{building}号楼"
    if not whole or not values.get("room"):
        return None
    unit, room, key = _room(values.get("unit", ""), values["room"])
    return HomeKey(whole[:160], _address_key(whole), unit, room, key)


_address_key = lru_cache(maxsize=20_000)(address_key)  # neighbours share their building's


@lru_cache(maxsize=20_000)
def _room(unit: str, room: str) -> tuple[str, str, str]:
    """Return unit, room and key as the register keeps them."""
    key = room_key(unit, room)
    if "-" in key:
        unit, _dash, room = key.partition("-")
        return unit[:8], room[:12], key
    return "", key[:12], key


def lines(rows: Iterable[list[Cell]], head_row: int) -> Iterator[tuple[int, list[Cell]]]:
    """Yield (line as the spreadsheet counts, cells) of the rows below the head that say something.

    A row that repeats the head, as printed ledgers do on every page, is left out.
    """
    head: list[str] = []
    for number, cells in enumerate(rows):
        if number == head_row:
            head = [cleaning.text_of(cell) for cell in cells]
        elif number > head_row and cells and cleaning.is_plain(cells[0]):
            if cells[:1] != head[:1] or not _repeats(head, cells):
                yield number + 1, cells
            continue
        if number <= head_row or all(map(cleaning.is_blank, cells)):
            continue
        if not _repeats(head, cells):
            yield number + 1, cells


def _repeats(head: list[str], cells: list[Cell]) -> bool:
    if len(cells) != len(head):
        return False
    return all(cleaning.text_of(cell) == text for cell, text in zip(cells, head, strict=True))


@dataclass
class Seen:
    """The numbers met so far in one file, to find those that stand in it twice."""

    lines: dict[str, int] = field(default_factory=dict)

    def twice(self, row: Lined, column: int) -> None:
        """Mark a row whose identity number stands in an earlier line."""
        if not row.id_index:
            return
        first = self.lines.setdefault(row.id_index, row.line)
        if first != row.line:
            reason = _("与第%(line)d行的身份证号相同") % {"line": first}
            row.faults.append((column, reason))
