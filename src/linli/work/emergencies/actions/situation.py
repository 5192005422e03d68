"""Raise an emergency, take its steps, and see to those who do not answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from linli.base.areas.models import Area
from linli.kernel.flow import NotAllowed, Outcome, perform
from linli.kernel.ledger import actions as ledger
from linli.kernel.scope import SYSTEM, Actor

from .. import calling
from ..clocks import next_report
from ..flow import EMERGENCY_FLOW
from ..models import OPEN_STATES, Call, Emergency, EmergencyState


def raise_emergency(
    *, actor: Actor, now: datetime, key: str, area: Area, data: Mapping[str, Any]
) -> Emergency:
    """Raise an emergency, start its report clocks and call the units of the place.

    `key` makes a repeat harmless: the same key returns the same emergency. Raises NotAllowed
    where the actor has no permission at the place. `data` is RaiseForm's cleaned data.
    """
    if not actor.can("emergencies.raise", area.code):
        raise NotAllowed(_("该区域不在您的权限范围内。"))
    earlier = Emergency.objects.filter(key=key).first()
    if earlier is not None:
        return earlier
    emergency = Emergency(
        key=key, state=EmergencyState.RAISED, version=1, area=area, area_code=area.code,
        raised_by_id=actor.account_id, learned_at=now,
        **{
            name: data.get(name)
            for name in ("kind", "level", "title", "text", "happened_at", "lon", "lat")
        },
        **{name: data.get(name) or "" for name in ("address", "source", "case_number")},
    )  # fmt: skip
    emergency.owes, emergency.due_at = next_report(emergency)
    try:
        with transaction.atomic():
            emergency.save(force_insert=True)
            ledger.append(
                subject_type="emergency", subject_id=emergency.pk, verb="raise", actor=actor,
                at=now, area_code=area.code, seq=1,
                data={"to": emergency.state, "kind": emergency.kind, "level": emergency.level},
            )  # fmt: skip
            calling.call_all(emergency, now)
    except IntegrityError:
        return Emergency.objects.get(key=key)
    return emergency


def take_step(
    step: str,
    emergency_id: int,
    *,
    actor: Actor,
    now: datetime,
    data: Mapping[str, Any] | None = None,
    key: str | None = None,
    expected: int | None = None,
) -> Outcome:
    """Take a step of an emergency; errors as `kernel.flow.perform`."""
    return perform(
        EMERGENCY_FLOW, step, emergency_id, actor=actor, now=now, data=data, key=key,
        expected=expected,
    )  # fmt: skip


def pass_on_calls(*, now: datetime) -> int:
    """Call a deputy for everyone who did not answer in time; return how many calls were passed on.

    Harmless when repeated: a call is passed on once. Where a unit has nobody left, the situation
    page shows that nobody answers.
    """
    waiting = Call.objects.filter(
        answered_at=None, passed_on_at=None, due_at__lte=now, emergency__state__in=OPEN_STATES
    )
    passed = 0
    for pk in list(waiting.order_by("due_at").values_list("pk", flat=True)[:500]):
        with transaction.atomic():
            call = (
                Call.objects.select_for_update(of=("self",), skip_locked=True)
                .select_related("emergency__area", "unit", "account")
                .filter(pk=pk, answered_at=None, passed_on_at=None)
                .first()
            )
            if call is None:
                continue
            call.passed_on_at = now
            call.save(update_fields=["passed_on_at"])
            deputy = calling.pass_on(call, now)
            passed += 1
            Emergency.objects.select_for_update().get(pk=call.emergency_id)
            _note_pass_on(call, deputy, now)
    return passed


def _note_pass_on(call: Call, deputy: Call | None, now: datetime) -> None:
    emergency = Emergency.objects.get(pk=call.emergency_id)
    emergency.version += 1
    emergency.save(update_fields=["version"])
    ledger.append(
        subject_type="emergency", subject_id=emergency.pk, verb="pass_on", actor=SYSTEM, at=now,
        area_code=emergency.area_code, seq=emergency.version,
        data={"unit": call.unit_id, "from_person": call.account_id,
              "to_person": deputy.account_id if deputy else None},
    )  # fmt: skip


def remind_of_reports(*, now: datetime) -> int:
    """Remind the people called of reports that are overdue, once each; return how many."""
    late = Emergency.objects.filter(due_at__lte=now, state__in=OPEN_STATES).select_related("area")
    for emergency in late:
        with transaction.atomic():
            calling.remind(emergency, now)
    return len(late)
