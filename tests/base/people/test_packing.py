"""Long ledgers are checked and sealed in other processes, with the same result."""

from __future__ import annotations

from datetime import date

import pytest

from linli.base.people.ledgers import checking, packing
from linli.base.people.ledgers.checking import Checker, Place
from linli.kernel.secrets.cipher import unseal

CHECKER = Checker(
    {"name": 0, "id_number": 1, "phone": 2, "grid": 3, "address": 4, "room": 5},
    date(2026, 3, 16),
    {"370705001001001": Place(7, "370705001001001")},
)


def lines(count: int):
    for n in range(count):
        phone = "13800" if n % 10 == 3 else f"199{n:08d}"
        yield n + 2, ["张三", "", phone, "370705001001001", f"幸福路{n // 4}号", f"{n % 4}01"]


def plain(row: packing.Packed):
    """Return what can be compared: a sealed value differs each time."""
    columns = row.columns.split("\t")
    opened = [unseal(bytes.fromhex(text[3:])) for text in columns[:2]] if row.columns else []
    return row.line, row.values, row.faults, row.twin_index, row.home, opened, columns[2:3]


@pytest.mark.parametrize("count", [9, 47])
def test_other_processes_find_the_same_in_the_same_order(monkeypatch, count):
    alone = [
        plain(row) for chunk in packing.packed(CHECKER, lines(count), sealed=True) for row in chunk
    ]
    monkeypatch.setattr(packing, "ALONE_UP_TO", 10)
    monkeypatch.setattr(packing, "CHUNK", 4)
    monkeypatch.setattr(packing, "AHEAD", 2)
    found = packing.packed(CHECKER, lines(count), sealed=True, processes=2)
    assert [plain(row) for chunk in found for row in chunk] == alone
    assert [line for line, *_rest in alone] == list(range(2, count + 2))
    assert sum(bool(one[2]) for one in alone) == len([n for n in range(count) if n % 10 == 3])


def test_all_values_of_a_line_can_be_had_again():
    (chunk,) = packing.packed(CHECKER, lines(1), sealed=False)
    assert chunk[0].columns == ""
    assert chunk[0].values == {"grid": Place(7, "370705001001001"), "name": "张三"}
    assert chunk[0].full().values["phone"] == "19900000000"


def test_blank_lines_and_repeated_heads_stay_out():
    head = ["姓名", "电话"]
    rows = [["台账"], head, ["张三", "1"], ["不详", ""], ["", None], ["姓 名", "电话"], head,
            ["姓名", "13"], ["姓名"], [], [3.0, "x"], ["无", "-"]]  # fmt: skip
    found = list(checking.lines([list(row) for row in rows], 1))
    assert found == [
        (3, ["张三", "1"]), (6, ["姓 名", "电话"]), (8, ["姓名", "13"]), (9, ["姓名"]),
        (11, [3.0, "x"]),
    ]  # fmt: skip
