"""A new key for the blind index: every index is made anew in one transaction, or none is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from .cipher import unseal_bytes
from .index import blind_index
from .index_keys import begin_next, fingerprint, index_key, next_key, using
from .keys import KeyProblem
from .models import IndexKey

BATCH = 5000  # rows read, made anew and written at a time
Made = Mapping[str, str]
Report = Callable[[str, int], None]


@dataclass(frozen=True)
class Indexed:
    """A table with indexes, what they are made from, and how.

    `sealed` and `plain` are the columns read; `make` gets their values in that order (sealed ones
    opened) and returns the index columns.
    """

    table: str
    sealed: tuple[str, ...]
    make: Callable[..., Made]
    plain: tuple[str, ...] = ()
    key: str = "id"

    @classmethod
    def of_phone(cls, table: str, column: str) -> Indexed:
        """Return a table whose `phone_index` is made from one sealed column."""
        return cls(table, (column,), lambda phone: {"phone_index": blind_index(phone)})


_INDEXED: dict[str, Indexed] = {}
_PASSING: set[str] = set()


def register_index(indexed: Indexed) -> None:
    """Plug in a table whose indexes are made from its own columns; a duplicate raises."""
    if indexed.table in _INDEXED:
        raise RuntimeError(f"the indexes of {indexed.table} stand twice")
    _INDEXED[indexed.table] = indexed


def register_passing(table: str) -> None:
    """Plug in a table of indexes that last some minutes; it is emptied."""
    _PASSING.add(table)


def known_tables() -> set[str]:
    """Return every table that a new key takes care of."""
    return {*_INDEXED, *_PASSING}


def agree(*, now: datetime) -> None:
    """Make sure that the key in use made what is stored, and note it down the first time.

    Raises KeyProblem with what to do where it did not.
    """
    row = IndexKey.objects.first()
    if row is None:
        IndexKey.objects.get_or_create(
            pk=1, defaults={"fingerprint": fingerprint(index_key()), "since": now}
        )
    elif row.fingerprint != fingerprint(index_key()):
        raise KeyProblem(
            "the blind index was made with another key: nobody would be found by phone or number. "
            "Set the key it was made with; after a change cut short, run `linli keys reindex`"
        )


def reindex(*, now: datetime, report: Report | None = None) -> int:
    """Make every index anew with a fresh key and use that from now on; return how many rows.

    All of it is one transaction: killed at any moment, the old key and its indexes stand, or the
    new ones do, and a second run finishes. Nothing else may be connected to the database.
    Raises KeyProblem where something is, or the key is not in a file.
    """
    fresh = next_key()
    row = IndexKey.objects.first()
    if row is not None and row.fingerprint == fingerprint(fresh):
        begin_next()  # the run before this one was cut short after its work was done
        return 0
    agree(now=now)
    _alone()
    done = 0
    with transaction.atomic(), using(fresh):
        _lock()
        for indexed in _INDEXED.values():
            for count in _anew(indexed):
                done += count
                if report:
                    report(indexed.table, done)
        _empty()
        IndexKey.objects.update_or_create(
            pk=1, defaults={"fingerprint": fingerprint(fresh), "since": now}
        )
    begin_next()
    return done


def _alone() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        others = int(cursor.fetchone()[0])
    if others:
        raise KeyProblem(f"stop the site first: {others} other connections use the database")


def _lock() -> None:
    with connection.cursor() as cursor:
        for table in sorted(known_tables()):
            cursor.execute(f"LOCK TABLE {_name(table)} IN EXCLUSIVE MODE")


def _name(text: str) -> str:
    return connection.ops.quote_name(text)


def _anew(indexed: Indexed) -> Iterator[int]:
    """Write a table's indexes anew, batch by batch; yield how many rows each took.

    A blank one stays blank. One whose text is gone stays as it was, and finds nobody.
    """
    after: Any = None
    made_of = ", ".join(map(_name, (indexed.key, *indexed.sealed, *indexed.plain)))
    columns = _index_columns(indexed)
    old = ", ".join(map(_name, columns))
    while True:
        beyond = "" if after is None else f"WHERE {_name(indexed.key)} > %s"
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {made_of}, {old} FROM {_name(indexed.table)} {beyond}"  # noqa: S608
                f" ORDER BY {_name(indexed.key)} LIMIT {BATCH}",
                [] if after is None else [after],
            )
            rows = cursor.fetchall()
        if not rows:
            return
        after = rows[-1][0]
        fresh = []
        for row in rows:
            made, before = indexed.make(*_opened(row[1:], indexed)), row[-len(columns) :]
            kept = (
                made[n] if old and made[n] else old for n, old in zip(columns, before, strict=True)
            )
            fresh.append((row[0], *kept))
        _write(indexed, columns, fresh)
        yield len(rows)


def _index_columns(indexed: Indexed) -> list[str]:
    blank = ["" for _ in indexed.sealed] + [None for _ in indexed.plain]
    return list(indexed.make(*blank))


def _opened(values: Sequence[Any], indexed: Indexed) -> list[Any]:
    count = len(indexed.sealed)
    texts = [unseal_bytes(bytes(value)).decode() if value else "" for value in values[:count]]
    return [*texts, *values[count : count + len(indexed.plain)]]


def _write(indexed: Indexed, columns: list[str], rows: list[tuple[Any, ...]]) -> None:
    """Write a batch by way of a table of its own: many times faster than a row at a time."""
    names = ", ".join(map(_name, columns))
    sets = ", ".join(
        f"{_name(name)} = fresh.{_name(name)}{'::tsvector' if name == 'words' else ''}"
        for name in columns
    )
    fields = ", ".join(f"{_name(name)} text" for name in columns)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS fresh_index")
        cursor.execute(f"CREATE TEMP TABLE fresh_index (row_key bigint, {fields}) ON COMMIT DROP")
        with cursor.copy(f"COPY fresh_index (row_key, {names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(
            f"UPDATE {_name(indexed.table)} AS old SET {sets} FROM fresh_index AS fresh"  # noqa: S608
            f" WHERE old.{_name(indexed.key)} = fresh.row_key"
        )


def _empty() -> None:
    with connection.cursor() as cursor:
        for table in sorted(_PASSING):
            cursor.execute(f"DELETE FROM {_name(table)}")  # noqa: S608
