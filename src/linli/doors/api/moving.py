"""What becomes of keys when the area they hold in changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from linli.base.areas.models import Area
from linli.base.areas.moving import Locate
from linli.kernel.ledger import actions as ledger
from linli.kernel.scope import Actor

from .models import ApiKey


def move_keys(old: Area, new: Sequence[Area], locate: Locate, now: datetime, actor: Actor) -> int:
    """Let keys in force hold in the chief heir of an area; return how many."""
    del locate
    heir = new[0]
    if (heir.pk, heir.code) == (old.pk, old.code):
        return 0
    rows = list(ApiKey.objects.select_for_update().filter(area_id=old.pk, revoked_at=None))
    for row in rows:
        was, row.area, row.area_code = row.area_code, heir, heir.code
        row.save(update_fields=["area", "area_code"])
        ledger.append(
            subject_type="api_key", subject_id=row.pk, verb="move_area", actor=actor, at=now,
            area_code=heir.code, data={"was_area": was},
        )  # fmt: skip
    return len(rows)
