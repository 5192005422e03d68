"""The hash over a block of entries."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from .models import Entry

FIELDS = (
    "id", "subject_type", "subject_id", "seq", "verb", "actor_kind", "actor_id",
    "area_code", "at", "data", "key", "tx",
)  # fmt: skip


def block_digest(rows: QuerySet[Entry], previous: str) -> tuple[str, int]:
    """Return (SHA-256 over `previous` and the rows in order, number of rows)."""
    hasher = hashlib.sha256(previous.encode())
    count = 0
    for row in rows.values_list(*FIELDS).iterator(chunk_size=5000):
        record = list(row)
        record[8] = record[8].astimezone(UTC).isoformat()
        text = json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        hasher.update(text.encode())
        count += 1
    return hasher.hexdigest(), count
