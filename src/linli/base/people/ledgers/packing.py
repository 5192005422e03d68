"""Seal and hash checked rows, in as many processes as there are cores."""

from __future__ import annotations

import gc
import os
import pickle
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context
from typing import Any

from linli.kernel.secrets.cipher import sealer
from linli.kernel.secrets.index import blind_index
from linli.kernel.secrets.words import blind_words

from .checking import Checker, HomeKey, Row
from .reading import Cell
from .starting import CHECKER, begin

CHUNK = 4000  # rows that travel between processes at once
ALONE_UP_TO = 20_000  # rows that one process checks faster than others start
AHEAD = 6  # chunks under way, so that memory stays bounded

Sealer = Callable[[str], bytes]
Line = tuple[int, list[Cell]]
# line, values that the writer needs, faults, id_index, twin_index, home, columns: plain, since
# thousands of them travel between processes.
Plain = tuple[int, dict[str, Any], list[tuple[int, str]], str, str, HomeKey | None, str]

# The columns of `Packed.columns`, in order.
COLUMNS = (
    "name", "phone", "phone_index", "id_number", "id_index", "twin_index", "born_on", "gender",
    "kind", "words",
)  # fmt: skip
# What whoever writes a new row still asks of it; all else stands in its columns.
ASKED = ("grid", "relation", "household", "tags")


class Packed:
    """A checked line: what matching and writing need, and its columns as COPY takes them.

    `columns` is blank for a line with faults, and where nothing is to be written. `full()` gives
    all of its values.
    """

    __slots__ = (
        "cells", "checker", "columns", "faults", "home", "id_index", "line", "twin_index", "values"
    )  # fmt: skip

    def __init__(self, plain: Plain, cells: list[Cell], checker: Checker) -> None:
        (
            self.line, self.values, self.faults, self.id_index, self.twin_index, self.home,
            self.columns,
        ) = plain  # fmt: skip
        self.cells, self.checker = cells, checker

    def full(self) -> Row:
        """Return the row with all its values, checked anew."""
        return self.checker.row(self.line, self.cells)


def _hex(blob: bytes) -> str:
    return "\\\\x" + blob.hex()


def pack(checker: Checker, chunk: list[Line], sealed: bool) -> list[Plain]:
    """Check a chunk of lines; seal the good ones where they are to be written."""
    seal = sealer() if sealed else None
    return [_plain(checker.row(line, cells), seal) for line, cells in chunk]


def _packed_there(chunk: list[Line], sealed: bool) -> list[Plain]:
    return pack(CHECKER[0], chunk, sealed)


def _plain(row: Row, seal: Sealer | None) -> Plain:
    values = row.values
    light = {name: values[name] for name in ASKED if name in values}
    if not row.twin_index:
        light["name"] = values.get("name", "")
    columns = _columns(row, seal) if seal and not row.faults else ""
    return row.line, light, row.faults, row.id_index, row.twin_index, row.home, columns


def _columns(row: Row, seal: Sealer) -> str:
    values = row.values
    name, phone = values["name"], values.get("phone", "")
    born_on = values.get("born_on")
    columns = (
        _hex(seal(name)), _hex(seal(phone)), blind_index(phone),
        _hex(seal(values.get("id_number", ""))),
        row.id_index, row.twin_index, born_on.isoformat() if born_on else "\\N",
        values.get("gender", ""), values.get("kind", "local"), blind_words(name),
    )  # fmt: skip
    return "\t".join(columns)


def packed(
    checker: Checker, rows: Iterator[Line], *, sealed: bool, processes: int | None = None
) -> Iterator[list[Packed]]:
    """Yield the checked rows in order, chunk by chunk; `sealed` ones bear the columns to write.

    A short file is checked here; a long one by `processes` others (as many as there are cores:
    this process and the database wait for each other often enough to leave room).
    """
    first = list(islice(rows, ALONE_UP_TO))
    if len(first) < ALONE_UP_TO:
        for at in range(0, len(first), CHUNK):
            chunk = first[at : at + CHUNK]
            yield _together(checker, chunk, pack(checker, chunk, sealed))
        return
    count = processes or os.cpu_count() or 1
    collected = gc.isenabled()
    gc.disable()  # rows hold no cycles, and looking for some takes a tenth of the time
    try:
        spawned = get_context("spawn")
        with ProcessPoolExecutor(count, spawned, begin, (pickle.dumps(checker),)) as pool:
            yield from _through(pool, checker, sealed, _chunks(first, rows))
    finally:
        if collected:
            gc.enable()


def _together(checker: Checker, chunk: list[Line], plain: list[Plain]) -> list[Packed]:
    return [Packed(one, cells, checker) for (_line, cells), one in zip(chunk, plain, strict=True)]


def _through(
    pool: ProcessPoolExecutor, checker: Checker, sealed: bool, chunks: Iterable[list[Line]]
) -> Iterator[list[Packed]]:
    waiting: list[tuple[list[Line], Future[list[Plain]]]] = []
    for chunk in chunks:
        waiting.append((chunk, pool.submit(_packed_there, chunk, sealed)))
        if len(waiting) > AHEAD:
            lines, future = waiting.pop(0)
            yield _together(checker, lines, future.result())
    for lines, future in waiting:
        yield _together(checker, lines, future.result())


def _chunks(first: list[Line], rest: Iterator[Line]) -> Iterator[list[Line]]:
    for at in range(0, len(first), CHUNK):
        yield first[at : at + CHUNK]
    while chunk := list(islice(rest, CHUNK)):
        yield chunk
