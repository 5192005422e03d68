"""Seal every value anew under the key and cipher in use; stop and go on at any moment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from . import keys
from .cipher import MARKS, seal_bytes, unseal_bytes
from .models import KeyRotation
from .sealed import Sealed, sealed_apart, sealed_tables

BATCH = 500  # rows of one transaction
Report = Callable[[KeyRotation], None]


class StillNeeded(keys.KeyProblem):
    """Rows are sealed with the key that was to be retired."""


def prefix() -> bytes:
    """Return how a value begins that is sealed as new ones are."""
    return MARKS[settings.DATA_CIPHER] + keys.current()[0].encode() + b":"


def _condition(target: Sealed, *, stale: bool) -> str:
    """Return the SQL for rows with a value that does (stale: does not) begin with a prefix."""
    sign = "<>" if stale else "="
    parts = (
        f"(octet_length({name}) > 0 AND substring({name}, 1, octet_length(%s)) {sign} %s)"
        for name in map(connection.ops.quote_name, target.columns)
    )
    return " OR ".join(parts)


def _count(target: Sealed, start: bytes, *, stale: bool) -> int:
    values = [start] * (2 * len(target.columns))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM {target.table} "  # noqa: S608 - names of our own tables
            f"WHERE {_condition(target, stale=stale)}",
            values,
        )
        return int(cursor.fetchone()[0])


def rows_under(name: str) -> int:
    """Return how many rows hold a value sealed with this key, under any cipher."""
    starts = [mark + name.encode() + b":" for mark in MARKS.values()]
    found = sum(_count(one, start, stale=False) for one in sealed_tables() for start in starts)
    return found + sum(apart.count(name) for apart in sealed_apart())


def rows_left() -> int:
    """Return how many rows hold a value that is not sealed as new ones are."""
    start = prefix()
    found = sum(_count(one, start, stale=True) for one in sealed_tables())
    return found + sum(apart.count(None) for apart in sealed_apart())


def reseal_batch(target: Sealed, after: Any, start: bytes) -> tuple[int, Any]:
    """Seal the next rows of a table anew, in one transaction; return how many, and the last key.

    Rows that somebody is writing are left for a later round, so that nobody waits for this.
    """
    quote = connection.ops.quote_name
    names = [quote(name) for name in target.columns]
    condition, values = _condition(target, stale=True), [start] * (2 * len(names))
    beyond = "" if after is None else f"{quote(target.key)} > %s AND "
    with transaction.atomic(), connection.cursor() as cursor:
        found = f"SELECT {quote(target.key)}, {', '.join(names)} FROM {target.table}"  # noqa: S608
        cursor.execute(
            f"{found} WHERE {beyond}({condition}) ORDER BY 1 LIMIT {BATCH}"
            " FOR NO KEY UPDATE SKIP LOCKED",
            [*([] if after is None else [after]), *values],
        )
        rows = cursor.fetchall()
        fields = ", ".join(f"{name} = %s" for name in names)
        cursor.executemany(
            f"UPDATE {target.table} SET {fields} WHERE {quote(target.key)} = %s",  # noqa: S608
            [[*(_anew(value) for value in row[1:]), row[0]] for row in rows],
        )
    return len(rows), rows[-1][0] if rows else None


def _anew(value: Any) -> bytes | None:
    return None if value is None else seal_bytes(unseal_bytes(bytes(value)))


def open_rotation(*, now: datetime) -> KeyRotation:
    """Return the rotation that is under way to the key in use, begun where there is none."""
    name = keys.current()[0]
    found = KeyRotation.objects.filter(key_name=name, ended_at=None).order_by("-id").first()
    if found is None:
        found = KeyRotation.objects.create(
            key_name=name, started_at=now, moved_at=now, total=rows_left()
        )
    return found


def reseal(*, now: Callable[[], datetime], report: Report | None = None) -> KeyRotation:
    """Seal all that is left anew, batch by batch, and return the rotation, ended.

    Killed at any moment it loses at most one batch; called again it goes on. It ends once a
    whole round finds nothing, so that what was written meanwhile under the old key is taken too.
    Two at once do no harm.
    """
    row, start = open_rotation(now=now()), prefix()
    while True:
        moved = sum(apart.reseal() for apart in sealed_apart())
        for target in sealed_tables():
            after: Any = None
            while True:
                count, after = reseal_batch(target, after, start)
                if not count:
                    break
                moved += count
                _progress(row, count, target.table, now())
                if report:
                    report(row)
        if not moved and not rows_left():
            break
    row.ended_at = row.moved_at = now()
    row.place = ""
    row.save(update_fields=["ended_at", "moved_at", "place"])
    return row


def _progress(row: KeyRotation, count: int, table: str, now: datetime) -> None:
    row.done, row.place, row.moved_at = row.done + count, table, now
    row.save(update_fields=["done", "place", "moved_at"])


def retire(name: str) -> None:
    """Take a key out of the key file; raises StillNeeded while any row is sealed with it."""
    left = rows_under(name)
    if left:
        raise StillNeeded(
            f"{left} rows are still sealed with key {name!r}: run `linli keys reseal`"
        )
    keys.drop_key(name)
