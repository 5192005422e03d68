"""The append-only table of every act of consequence, and the seals over it."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models

STAMP = """
    IF NEW.tx IS NULL THEN
        SELECT c.offset + pg_current_xact_id()::text::bigint INTO NEW.tx
        FROM ledger_clock c WHERE c.id = 1;
    END IF;
    RETURN NEW;
"""

FORBID_TRUNCATE = "RAISE EXCEPTION 'the ledger is append-only';"


class Clock(models.Model):
    """One row: what to add to PostgreSQL's transaction number so that it only ever grows.

    A restored database starts to count transactions anew; `linli restore` lifts the offset.
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    offset = models.BigIntegerField(default=0)

    class Meta:
        db_table = "ledger_clock"
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(id=1), name="ledger_clock_one_row")
        ]


class Entry(models.Model):
    """One act: what was done to which subject, by whom, where and when.

    `data` never holds personal text; that stands in rows which can be redacted.
    `tx` is the number of the transaction that wrote the row: rows below the oldest running
    transaction can no longer be joined by late ones, which is what sealing and folding rely on.
    """

    id = models.BigAutoField(primary_key=True)
    subject_type = models.CharField(max_length=32)
    subject_id = models.BigIntegerField()
    seq = models.PositiveIntegerField()
    verb = models.CharField(max_length=48)
    actor_kind = models.CharField(max_length=12)
    actor_id = models.BigIntegerField(null=True)
    area_code = models.CharField(max_length=18, db_collation="C", blank=True, default="")
    at = models.DateTimeField()
    data = models.JSONField(default=dict)
    key = models.CharField(max_length=64, null=True)  # noqa: DJ001 - NULL keeps it out of the index
    tx = models.BigIntegerField(null=True)

    class Meta:
        db_table = "ledger_entry"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["subject_type", "subject_id", "seq"], name="ledger_entry_seq"
            ),
            models.UniqueConstraint(
                fields=["subject_type", "subject_id", "key"],
                condition=models.Q(key__isnull=False),
                name="ledger_entry_key",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["tx", "id"], name="ledger_entry_tx"),
            models.Index(fields=["area_code", "at"], name="ledger_entry_area_at"),
            models.Index(fields=["actor_id", "at"], name="ledger_entry_actor_at"),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="ledger_entry_stamp",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=STAMP,
            ),
            pgtrigger.Protect(
                name="ledger_entry_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            ),
            pgtrigger.Trigger(
                name="ledger_entry_no_truncate",
                operation=pgtrigger.Truncate,
                when=pgtrigger.Before,
                level=pgtrigger.Statement,
                func=FORBID_TRUNCATE,
            ),
        ]


class Seal(models.Model):
    """A hash over one block of entries (`from_tx` <= tx < `to_tx`) and over the seal before it."""

    id = models.BigAutoField(primary_key=True)
    from_tx = models.BigIntegerField()
    to_tx = models.BigIntegerField()
    entries = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()

    class Meta:
        db_table = "ledger_seal"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["from_tx"], name="ledger_seal_from")
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(
                name="ledger_seal_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            ),
        ]
