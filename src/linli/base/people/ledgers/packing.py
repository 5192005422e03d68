"""Seal and hash checked rows, in as many processes as there are cores."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from itertools import islice
from multiprocessing import get_context
from typing import Any

from linli.kernel.secrets.cipher import seal
from linli.kernel.secrets.index import blind_index
from linli.kernel.secrets.words import blind_words

from .checking import Checker, Row
from .reading import Cell

CHUNK = 4000  # rows that travel between processes at once
ALONE_UP_TO = 20_000  # rows that one process checks faster than others start
AHEAD = 6  # chunks under way, so that memory stays bounded


@dataclass
class Packed:
    """A checked row with its sealed columns as COPY takes them; blank for a bad one."""

    row: Row
    columns: str = ""


# The columns of `Packed.columns`, in order.
COLUMNS = (
    "name", "phone", "phone_index", "id_number", "id_index", "twin_index", "born_on", "gender",
    "kind", "words",
)  # fmt: skip


def _sealed(text: str) -> str:
    return "\\\\x" + seal(text).hex()


def pack(checker: Checker, chunk: list[tuple[int, list[Cell]]]) -> list[Packed]:
    """Check a chunk of lines and seal the good ones."""
    return [_packed(checker.row(line, cells)) for line, cells in chunk]


def _packed(row: Row) -> Packed:
    if row.faults:
        return Packed(row)
    values = row.values
    name, phone = values["name"], values.get("phone", "")
    born_on = values.get("born_on")
    columns = (
        _sealed(name), _sealed(phone), blind_index(phone), _sealed(values.get("id_number", "")),
        row.id_index, row.twin_index, born_on.isoformat() if born_on else "\\N",
        values.get("gender", ""), values.get("kind", "local"), blind_words(name),
    )  # fmt: skip
    return Packed(row, "\t".join(columns))


def _begin() -> None:
    """Set Django up in a process of its own; it never opens the database."""
    import django

    django.setup()


def packed(
    checker: Checker, rows: Iterator[tuple[int, list[Cell]]], *, processes: int | None = None
) -> Iterator[list[Packed]]:
    """Yield the checked rows in order, chunk by chunk.

    A short file is checked here; a long one by `processes` others (all cores but one, and at
    least one: this process writes meanwhile).
    """
    first = list(islice(rows, ALONE_UP_TO))
    if len(first) < ALONE_UP_TO:
        for at in range(0, len(first), CHUNK):
            yield pack(checker, first[at : at + CHUNK])
        return
    count = processes or max(1, (os.cpu_count() or 2) - 1)
    with ProcessPoolExecutor(count, get_context("spawn"), _begin) as pool:
        yield from _through(pool, checker, first, rows)


def _through(
    pool: ProcessPoolExecutor,
    checker: Checker,
    first: list[tuple[int, list[Cell]]],
    rest: Iterable[tuple[int, list[Cell]]],
) -> Iterator[list[Packed]]:
    waiting: list[Future[list[Packed]]] = []
    for chunk in _chunks(first, iter(rest)):
        waiting.append(pool.submit(pack, checker, chunk))
        if len(waiting) > AHEAD:
            yield waiting.pop(0).result()
    for future in waiting:
        yield future.result()


def _chunks(first: list[Any], rest: Iterator[Any]) -> Iterator[list[Any]]:
    for at in range(0, len(first), CHUNK):
        yield first[at : at + CHUNK]
    while chunk := list(islice(rest, CHUNK)):
        yield chunk
