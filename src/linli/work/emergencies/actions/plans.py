"""Write plans and the duty roster."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from linli.kernel.ledger import actions as ledger
from linli.kernel.scope import Actor, within

from ..models import Duty, EmergencyPlan, PlanMeasure
from ..queries import get_plan, get_shift


def save_plan(
    *,
    actor: Actor,
    now: datetime,
    head: Mapping[str, Any],
    measures: Sequence[Mapping[str, Any]],
    plan_id: int | None = None,
) -> EmergencyPlan:
    """Write a new plan, or a new version of one; emergencies under way keep the measures they have.

    Raises PermissionDenied outside the actor's areas, ValidationError where the area has a plan
    of this name or there is no measure.
    """
    area = head["area_code"]
    if not actor.can("emergencies.plan", area.code):
        raise PermissionDenied
    if not measures:
        raise ValidationError(_("预案至少要有一条措施。"))
    plan = get_plan(actor, plan_id) if plan_id else EmergencyPlan(version=0)
    plan.name, plan.kind, plan.active = head["name"], head["kind"], head["active"]
    plan.area, plan.area_code = area, area.code
    plan.version += 1
    try:
        with transaction.atomic():
            plan.save()
            plan.measures.all().delete()
            PlanMeasure.objects.bulk_create(
                PlanMeasure(plan=plan, order=order, **measure)
                for order, measure in enumerate(measures, start=1)
            )
            ledger.append(
                subject_type="emergencies.plan", subject_id=plan.pk, verb="save", actor=actor,
                at=now, area_code=area.code, seq=plan.version, data={"measures": len(measures)},
            )  # fmt: skip
    except IntegrityError as error:
        raise ValidationError({"name": _("该区域已有同名预案。")}) from error
    return plan


def save_shift(*, actor: Actor, now: datetime, data: Mapping[str, Any]) -> Duty:
    """Put a person on the roster of a unit.

    Raises PermissionDenied outside the actor's areas, ValidationError where the person's shifts
    would overlap.
    """
    unit, who = data["unit"], data["account"]
    if not actor.can("emergencies.roster", unit.area_code):
        raise PermissionDenied
    with transaction.atomic():
        type(who).objects.select_for_update().get(pk=who.pk)
        overlapping = Duty.objects.filter(
            account=who, starts_at__lt=data["ends_at"], ends_at__gt=data["starts_at"]
        )
        if overlapping.exists():
            raise ValidationError({"account": _("此人在这段时间已有值班。")})
        shift = Duty.objects.create(
            unit=unit, area_code=unit.area_code, account=who, role=data["role"],
            starts_at=data["starts_at"], ends_at=data["ends_at"],
        )  # fmt: skip
        _write("add", shift, actor, now)
    return shift


def remove_shift(*, actor: Actor, now: datetime, shift_id: int) -> None:
    """Take a shift off the roster; Http404 outside the actor's areas."""
    with transaction.atomic():
        shift = get_shift(actor, shift_id)
        _write("remove", shift, actor, now)
        shift.delete()


def copy_roster(*, actor: Actor, now: datetime, start: datetime) -> int:
    """Copy the week before `start` to the week from `start`; return how many shifts are new.

    Only units within the actor's areas; shifts that would overlap another of the same person
    are left out.
    """
    week = timedelta(days=7)
    rows = Duty.objects.filter(
        within(actor.areas("emergencies.roster")),
        starts_at__gte=start - week, starts_at__lt=start,
    ).select_related("unit", "account")  # fmt: skip
    made = 0
    for row in rows:
        data = {"unit": row.unit, "account": row.account, "role": row.role,
                "starts_at": row.starts_at + week, "ends_at": row.ends_at + week}  # fmt: skip
        try:
            save_shift(actor=actor, now=now, data=data)
            made += 1
        except ValidationError:
            continue
    return made


def _write(verb: str, shift: Duty, actor: Actor, now: datetime) -> None:
    ledger.append(
        subject_type="emergencies.duty", subject_id=shift.pk, verb=verb, actor=actor, at=now,
        area_code=shift.area_code, data={"unit": shift.unit_id, "person": shift.account_id},
    )  # fmt: skip
