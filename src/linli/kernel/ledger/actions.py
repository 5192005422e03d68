"""Write the ledger: append an entry, seal what can no longer change."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Max

from ..bulk import copy_rows
from ..scope import Actor
from .digest import block_digest
from .models import Entry, Seal
from .queries import settled_before


def append(
    *,
    subject_type: str,
    subject_id: int,
    verb: str,
    actor: Actor,
    at: datetime,
    area_code: str = "",
    data: dict[str, Any] | None = None,
    key: str | None = None,
    seq: int | None = None,
) -> Entry:
    """Append one entry inside the caller's transaction and return it.

    `seq` is the subject's running number; where it is None the next one is looked up, for which
    the caller must hold the subject's row lock. A repeated `key` of a subject raises
    IntegrityError. `data` must hold no personal text.
    """
    if seq is None:
        last = Entry.objects.filter(subject_type=subject_type, subject_id=subject_id).aggregate(
            last=Max("seq")
        )["last"]
        seq = (last or 0) + 1
    return Entry.objects.create(
        subject_type=subject_type,
        subject_id=subject_id,
        seq=seq,
        verb=verb,
        actor_kind=actor.kind,
        actor_id=actor.account_id,
        area_code=area_code,
        at=at,
        data=data or {},
        key=key,
    )


def append_many(entries: Iterable[Entry]) -> int:
    """Append unsaved entries by COPY, in the order given, and return how many.

    The caller has numbered them (`seq`) and answers for their subjects being new or locked.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        # Unset, each row's triggers would stumble over the missing setting and recover from it.
        cursor.execute("SELECT set_config('pgtrigger.ignore', '{}', true)")
        cursor.execute("SELECT c.offset + pg_current_xact_id()::text::bigint FROM ledger_clock c")
        tx = cursor.fetchone()[0]
        return copy_rows(Entry, (_stamped(entry, tx) for entry in entries), leave_out=("id",))


def _stamped(entry: Entry, tx: int) -> Entry:
    entry.tx = tx
    return entry


def seal(*, now: datetime) -> Seal | None:
    """Seal all settled entries since the last seal as one block; None where there are none."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('ledger.seal'))")
        last = Seal.objects.order_by("-id").first()
        from_tx = last.to_tx if last else 0
        to_tx = settled_before()
        rows = Entry.objects.filter(tx__gte=from_tx, tx__lt=to_tx).order_by("tx", "id")
        digest, count = block_digest(rows, last.digest if last else "")
        if not count:
            return None
        return Seal.objects.create(
            from_tx=from_tx, to_tx=to_tx, entries=count, digest=digest, sealed_at=now
        )


def append_new(
    subject_type: str, verb: str, rows: Iterable[Any], *, actor: Actor, at: datetime
) -> None:
    """Append the first entry of many new subjects (with `pk`, perhaps `area_code` or `code`)."""
    Entry.objects.bulk_create(
        (
            Entry(
                subject_type=subject_type,
                subject_id=row.pk,
                seq=1,
                verb=verb,
                actor_kind=actor.kind,
                actor_id=actor.account_id,
                area_code=getattr(row, "area_code", None) or getattr(row, "code", "")[:18],
                at=at,
                data={},
            )
            for row in rows
        ),
        batch_size=4000,
    )


def lift_clock() -> int:
    """Make transaction numbers go on above every recorded one; return the offset.

    A restored database counts its transactions anew. Call it once after a restore, before any
    new entry: sealing and folding rely on numbers that only grow.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            'UPDATE ledger_clock SET "offset" = greatest("offset", coalesce('
            "(SELECT max(tx) FROM ledger_entry), 0) + 1 - pg_current_xact_id()::text::bigint)"
            ' WHERE id = 1 RETURNING "offset"'
        )
        return int(cursor.fetchone()[0])


def append_free(
    *, subject_type: str, verb: str, actor: Actor, at: datetime, data: dict[str, Any] | None = None
) -> Entry:
    """Append an act that has no row of its own (an export, say); its subject is the actor.

    Entries of one actor are numbered under a lock, so two at once both stand.
    """
    with transaction.atomic():
        subject = actor.account_id or 0
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(hashtext(%s), %s)", [subject_type, subject]
            )
        return append(
            subject_type=subject_type,
            subject_id=subject,
            verb=verb,
            actor=actor,
            at=at,
            data=data,
        )
