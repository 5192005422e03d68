"""Reading a resident's record is an act of its own."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from linli.kernel.flow import GuardFailed
from linli.kernel.ledger import actions as ledger
from linli.kernel.scope import Actor

from ..changes.models import RecordLook
from ..models import Resident
from ..queries import get_resident
from .residents import require

REVEALED = ("phone", "id_number")
SHORTEST_REASON = 4  # characters
AGAIN_AFTER = timedelta(minutes=30)


def open_record(resident: Resident, *, actor: Actor, now: datetime) -> None:
    """Record that the actor opened a resident's page; within half an hour once."""
    recent = RecordLook.objects.filter(
        resident=resident, actor_id=actor.account_id, fields=[], at__gt=now - AGAIN_AFTER
    )
    if not recent.exists():
        _record(resident, actor=actor, now=now, fields=[], reason="")


def reveal(resident_id: int, field: str, *, actor: Actor, now: datetime, reason: str) -> str:
    """Return one masked field in the clear, and record who looked and why.

    Raises Http404 outside the actor's scope, NotAllowed, GuardFailed where no reason is given.
    """
    resident = get_resident(actor, resident_id)
    require(actor, "people.reveal", resident.area_code)
    if field not in REVEALED:
        raise ValueError(field)
    if len(reason.strip()) < SHORTEST_REASON:
        raise GuardFailed(_("请写明查看的原因（不少于4个字），例如“联系本人核对低保材料”。"))
    _record(resident, actor=actor, now=now, fields=[field], reason=reason.strip())
    return str(getattr(resident, field))


@transaction.atomic
def _record(
    resident: Resident, *, actor: Actor, now: datetime, fields: list[str], reason: str
) -> None:
    Resident.objects.select_for_update(of=("self",), no_key=True).get(pk=resident.pk)
    entry = ledger.append(
        subject_type="resident.look", subject_id=resident.pk, verb="reveal" if fields else "open",
        actor=actor, at=now, area_code=resident.area_code, data={"fields": fields},
    )  # fmt: skip
    RecordLook.objects.create(
        resident=resident, seq=entry.seq, actor_id=actor.account_id, at=now, fields=fields,
        reason=reason, area_code=resident.area_code,
    )  # fmt: skip
