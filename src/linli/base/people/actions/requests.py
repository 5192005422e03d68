"""Residents ask for corrections of their own record; the community decides."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from linli.kernel.flow import NotAllowed, Outcome, perform
from linli.kernel.ledger import actions as ledger
from linli.kernel.scope import Actor

from ..changes.deciding import ASKABLE, pack
from ..changes.flow import REQUEST_FLOW
from ..models import ChangeRequest, RequestState
from ..queries import own_record

DECIDE_WITHIN = timedelta(days=15)  # the Personal Information Protection Law says "in time"


@transaction.atomic
def ask_for_change(
    *, actor: Actor, now: datetime, values: Mapping[str, Any], reason: str
) -> ChangeRequest:
    """Ask that one's own record be corrected; only fields that differ are asked for.

    Raises NotAllowed where the actor has no record, ValidationError where nothing differs or a
    request is waiting already.
    """
    record = own_record(actor)
    if record is None or actor.account_id is None:
        raise NotAllowed(_("登记册里还没有您的记录，请到社区办理登记。"))
    record = type(record).objects.select_for_update(of=("self",)).get(pk=record.pk)
    if ChangeRequest.objects.filter(resident=record, state=RequestState.ASKED).exists():
        raise ValidationError(_("您已有一份申请在审核，可以先撤回再重新申请。"))
    wanted = {
        name: values[name]
        for name in ASKABLE
        if name in values
        and values[name] not in {None, ""}
        and values[name] != getattr(record, name)
    }
    if not wanted:
        raise ValidationError(_("填写的内容与登记的一样，没有需要更正的。"))
    row = ChangeRequest.objects.create(
        resident=record, account_id=actor.account_id, wanted=pack(wanted), fields=sorted(wanted),
        reason=reason.strip(), asked_at=now, due_at=now + DECIDE_WITHIN, state=RequestState.ASKED,
        version=1, area_code=record.area_code,
    )  # fmt: skip
    ledger.append(
        subject_type=REQUEST_FLOW.name, subject_id=row.pk, verb="ask", actor=actor, at=now,
        area_code=row.area_code, data={"fields": row.fields}, seq=1,
    )  # fmt: skip
    return row


def take_request_step(
    step: str,
    request_id: int,
    *,
    actor: Actor,
    now: datetime,
    data: Mapping[str, Any] | None = None,
    expected: int | None = None,
) -> Outcome:
    """Approve, decline or withdraw a request; raises as `perform` does."""
    return perform(
        REQUEST_FLOW, step, request_id, actor=actor, now=now, data=data, expected=expected
    )
