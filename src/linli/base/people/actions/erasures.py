"""Requests for erasure come in, are decided in time, and holds forbid them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from linli.kernel.flow import NotAllowed, Outcome, perform
from linli.kernel.ledger import actions as ledger
from linli.kernel.scope import Actor
from linli.kernel.worktime.reckon import add_working_days

from ..changes.recording import lock, note
from ..erasing.flow import ERASURE_FLOW
from ..erasing.models import ErasureDoor, ErasureRequest, ErasureState, Hold, Proof, Speaker
from ..models import Resident, ResidentState
from ..queries import get_resident, own_record
from .residents import require


@transaction.atomic
def ask_for_erasure(
    *,
    actor: Actor,
    now: datetime,
    resident_id: int | None = None,
    speaker: str = Speaker.SELF,
    proof: str = Proof.LOGIN,
    reason: str = "",
) -> ErasureRequest:
    """Take in a request: a resident's own, or at the desk from who showed a document.

    It is due within LINLI_ERASURE_DAYS working days: 15 by the rules on apps that collect personal
    data, and never more than the 30 days of GB/T 35273, 8.7. Raises Http404 outside the scope,
    NotAllowed, ValidationError where one waits already or the speaker does not fit.
    """
    if actor.kind == "resident":
        own = own_record(actor)
        if own is None:
            raise NotAllowed(_("登记册里没有与您关联的记录。"))
        pk, door, speaker, proof = own.pk, ErasureDoor.OWN, Speaker.SELF, Proof.LOGIN
    else:
        seen = get_resident(actor, resident_id or 0)
        require(actor, "people.rights", seen.area_code)
        pk, door = seen.pk, ErasureDoor.DESK
        if proof == Proof.LOGIN or proof not in Proof.values:
            raise ValidationError({"proof": _("请选择当面核验的证件。")})
    row = lock(Resident, pk, None, "resident")
    if (speaker == Speaker.KIN) != (row.state == ResidentState.DEAD):
        fault = _("近亲属只能在本人登记为已去世后申请，本人申请则相反。")
        raise ValidationError({"speaker": fault})
    if ErasureRequest.objects.filter(resident=row, state=ErasureState.RECEIVED).exists():
        raise ValidationError(_("已有一份删除申请在办理。"))
    request = ErasureRequest.objects.create(
        resident=row, account_id=actor.account_id if actor.kind == "resident" else None, door=door,
        speaker=speaker, proof=proof, reason=reason.strip(), asked_at=now,
        due_at=add_working_days(now, settings.ERASURE_DAYS, row.area_code),
        state=ErasureState.RECEIVED, version=1, area_code=row.area_code,
    )  # fmt: skip
    data = {"door": str(door), "speaker": str(speaker), "proof": str(proof)}
    ledger.append(
        subject_type=ERASURE_FLOW.name, subject_id=request.pk, verb="ask", actor=actor, at=now,
        area_code=request.area_code, data=data, seq=1,
    )  # fmt: skip
    return request


def take_erasure_step(
    step: str,
    request_id: int,
    *,
    actor: Actor,
    now: datetime,
    data: Mapping[str, Any] | None = None,
    expected: int | None = None,
) -> Outcome:
    """Erase, erase in part, refuse or withdraw; raises as `perform` does."""
    return perform(
        ERASURE_FLOW, step, request_id, actor=actor, now=now, data=data, expected=expected
    )


@transaction.atomic
def set_hold(resident_id: int, *, actor: Actor, now: datetime, reason: str) -> Hold:
    """Forbid the erasing of a resident's data while a suit, audit or inquiry needs it.

    Raises NotAllowed, ValidationError where one stands, no such record or no reason is given.
    """
    row = Resident.objects.select_for_update(of=("self",)).filter(pk=resident_id).first()
    if row is None or not actor.can("people.erase", row.area_code):
        raise ValidationError({"resident": _("没有这个档案号，或不在您负责的区域。")})
    if Hold.objects.filter(resident=row, ended_at=None).exists():
        raise ValidationError({"resident": _("这份档案已在保全。")})
    hold = Hold.objects.create(
        resident=row, reason=reason.strip(), set_at=now, by_id=actor.account_id
    )
    note(row, "resident", "hold", actor=actor, now=now, data={"hold": hold.pk})
    return hold


@transaction.atomic
def end_hold(hold_id: int, *, actor: Actor, now: datetime) -> None:
    """End a hold; nothing happens where it has ended. Raises NotAllowed outside the areas."""
    hold = Hold.objects.select_related("resident").get(pk=hold_id)
    require(actor, "people.erase", hold.resident.area_code)
    row = lock(Resident, hold.resident_id, None, "resident")
    if Hold.objects.filter(pk=hold_id, ended_at=None).update(ended_at=now):
        note(row, "resident", "end_hold", actor=actor, now=now, data={"hold": hold_id})
