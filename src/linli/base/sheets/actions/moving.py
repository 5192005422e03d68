"""Sheets and parts move along when areas change; what is over stays where it was asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from linli.kernel.ledger import actions as ledger
from linli.kernel.scope import Actor

from ...areas.models import Area
from ..models import WRITABLE, Part, Sheet, SheetState

Locate = Callable[[float, float], Area | None]
OVER = (SheetState.CLOSED, SheetState.WITHDRAWN)


def move_sheets(
    old: Area,
    new: Sequence[Area],
    locate: Locate,  # noqa: ARG001 - a sheet stands at no point
    now: datetime,
    actor: Actor,
) -> int:
    """Move sheets that are not over, and parts not yet handed in, to the chief heir.

    Merged communities answer for each of their former ones: the figures filled in are theirs.
    """
    heir = new[0]
    rows: list[tuple[str, Any]] = [
        ("sheet", row) for row in Sheet.objects.filter(area=old).exclude(state__in=OVER)
    ]
    rows += [("sheet_part", row) for row in Part.objects.filter(area=old, state__in=WRITABLE)]
    moved = 0
    for name, row in rows:
        if row.area_id == heir.pk and row.area_code == heir.code:
            continue
        row.area, row.area_code, row.version = heir, heir.code, row.version + 1
        row.save(update_fields=["area", "area_code", "version"])
        ledger.append(
            subject_type=name, subject_id=row.pk, verb="move_area", actor=actor, at=now,
            area_code=heir.code, seq=row.version, data={"was_area": old.code},
        )  # fmt: skip
        moved += 1
    return moved
