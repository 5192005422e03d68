"""Open mediations move along when areas change; number, committee and mediator stay."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from linli.base.areas.models import Area
from linli.kernel.ledger import actions as ledger
from linli.kernel.scope import Actor

from .models import Mediation


def move_mediations(
    old: Area,
    new: Sequence[Area],
    _locate: Callable[[float, float], Area | None],
    now: datetime,
    actor: Actor,
) -> int:
    """Let whoever answers for the new place see what is open; return how many moved.

    A mediation goes where its case lies now; where the case was closed and stays, to the chief
    heir.
    """
    same = next((area for area in new if area.pk == old.pk), None)
    rows = Mediation.objects.select_for_update(of=("self",)).filter(
        area_code=old.code, ended_at=None
    )
    moved = 0
    for mediation in rows.select_related("case__area").order_by("pk"):
        area = mediation.case.area
        if area.pk == old.pk:
            area = same or new[0]
        if area.code == mediation.area_code:
            continue
        was, mediation.area_code = mediation.area_code, area.code
        mediation.version += 1
        mediation.save(update_fields=["area_code", "version"])
        ledger.append(
            subject_type="mediation", subject_id=mediation.pk, seq=mediation.version,
            verb="move_area", actor=actor, at=now, area_code=area.code, data={"was_area": was},
        )  # fmt: skip
        moved += 1
    return moved
