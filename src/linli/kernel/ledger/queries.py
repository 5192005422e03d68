"""Read the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection
from django.db.models import QuerySet

from .digest import block_digest
from .models import Entry, Seal


@dataclass(frozen=True)
class Fault:
    """A place where the ledger is not what was sealed."""

    seal_id: int
    message: str


# Transactions still running, less those of other databases on the same server: they cannot write
# here, and one of them left open for hours must not hold sealing and folding back. A transaction
# whose database is not known (it just ended, or was prepared) counts as ours. A snapshot does not
# name the transaction that took it, yet that one may still write too.
SETTLED = """
    WITH now AS MATERIALIZED (SELECT pg_current_snapshot() AS snap),
    running AS (SELECT pg_snapshot_xip(snap)::text::bigint AS xid FROM now),
    foreigners AS (
        SELECT l.transactionid::text::bigint AS low FROM pg_locks l
        JOIN pg_stat_activity a ON a.pid = l.pid
        WHERE l.locktype = 'transactionid' AND l.mode = 'ExclusiveLock' AND l.granted
        AND a.datid <> (SELECT oid FROM pg_database WHERE datname = current_database())
    )
    SELECT c.offset + least(
        pg_current_xact_id_if_assigned()::text::bigint,
        coalesce(
            (SELECT min(xid) FROM running
             WHERE (xid & 4294967295) NOT IN (SELECT low FROM foreigners)),
            (SELECT pg_snapshot_xmax(snap)::text::bigint FROM now)
        )
    ) FROM ledger_clock c WHERE c.id = 1
"""


def settled_before() -> int:
    """Return the transaction number below which no entry of this database can still appear."""
    with connection.cursor() as cursor:
        cursor.execute(SETTLED)
        return int(cursor.fetchone()[0])


def history(subject_type: str, subject_id: int) -> QuerySet[Entry]:
    """Return a subject's entries in order."""
    return Entry.objects.filter(subject_type=subject_type, subject_id=subject_id).order_by("seq")


def verify() -> Iterator[Fault]:
    """Yield every fault: blocks whose hash or count differs, gaps between blocks, lost numbers."""
    previous, edge = "", 0
    for seal in Seal.objects.order_by("id").iterator():
        if seal.from_tx != edge:
            yield Fault(seal.id, f"block starts at {seal.from_tx}, the one before ends at {edge}")
        rows = Entry.objects.filter(tx__gte=seal.from_tx, tx__lt=seal.to_tx).order_by("tx", "id")
        digest, count = block_digest(rows, previous)
        if count != seal.entries:
            yield Fault(seal.id, f"{seal.entries} entries were sealed, {count} are there")
        elif digest != seal.digest:
            yield Fault(seal.id, "an entry of this block was changed after it was sealed")
        previous, edge = seal.digest, seal.to_tx
    yield from _numbering()


def _numbering() -> Iterator[Fault]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT subject_type, subject_id FROM ledger_entry GROUP BY 1, 2"
            " HAVING max(seq) <> count(*) OR min(seq) <> 1 LIMIT 20"
        )
        for subject_type, subject_id in cursor.fetchall():
            yield Fault(0, f"{subject_type} {subject_id}: entries are missing from its numbering")
