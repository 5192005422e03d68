"""Emergencies that go on, plans and rosters move along when areas change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from linli.base.accounts.models import Unit
from linli.base.areas.models import Area
from linli.base.areas.moving import Locate
from linli.kernel.ledger import actions as ledger
from linli.kernel.scope import Actor

from .models import OPEN_STATES, Duty, Emergency, EmergencyPlan, EmergencyState, PlanMeasure


def _same(old: Area, new: Sequence[Area]) -> Area | None:
    return next((area for area in new if area.pk == old.pk), None)


def _in_place_of(unit: Unit, area: Area) -> Unit:
    """Return the unit that took in another's work; itself where it still works."""
    if unit.active:
        return unit
    rows = Unit.objects.filter(kind=unit.kind, line=unit.line, active=True)
    near = [area.code[:size] for size in (15, 12, 9) if size <= len(area.code)]
    return rows.filter(area_code__in=near).order_by("-area_code").first() or unit


def move_emergencies(
    old: Area, new: Sequence[Area], locate: Locate, now: datetime, actor: Actor
) -> int:
    """Move what goes on or still waits for its review by its point, else to the chief heir.

    Clocks, calls and measures go on; a measure of a unit that was taken in goes to the other.
    """
    moved, chief = 0, _same(old, new) or new[0]
    waiting = (*OPEN_STATES, EmergencyState.ENDED)
    rows = Emergency.objects.select_for_update(of=("self",)).filter(area=old, state__in=waiting)
    for row in rows.order_by("pk"):
        inside = None
        if row.lon is not None and row.lat is not None:
            inside = locate(row.lon, row.lat)
        area, was = inside or chief, row.area_code
        if (area.pk, area.code) == (row.area_id, was):
            continue
        row.area, row.area_code, row.version = area, area.code, row.version + 1
        row.save(update_fields=["area", "area_code", "version"])
        for measure in row.measures.filter(done_at=None).select_related("unit"):
            measure.unit = _in_place_of(measure.unit, area)
            measure.save(update_fields=["unit"])
        data = {"was_area": was, "state": row.state}
        ledger.append(
            subject_type="emergency", subject_id=row.pk, seq=row.version, verb="move_area",
            actor=actor, at=now, area_code=area.code, data=data,
        )  # fmt: skip
        moved += 1
    return moved


def move_plans(old: Area, new: Sequence[Area], _locate: Locate, now: datetime, actor: Actor) -> int:
    """Let plans in force for an area be in force for every heir, each with its measures."""
    same = _same(old, new)
    rows = EmergencyPlan.objects.select_for_update().filter(area=old, active=True)
    if same is not None:
        return rows.update(area_code=same.code) if same.code != old.code else 0
    plans = list(rows.order_by("pk"))
    for plan in plans:
        measures = list(plan.measures.select_related("unit"))
        for area in new:
            _prepare(plan, measures, area)
        plan.active = False
        plan.version += 1
        plan.save(update_fields=["active", "version"])
        data: dict[str, Any] = {"heirs": [area.code for area in new]}
        ledger.append(
            subject_type="emergency.plan", subject_id=plan.pk, verb="move_area", actor=actor,
            at=now, area_code=plan.area_code, data=data,
        )  # fmt: skip
    return len(plans)


def _prepare(plan: EmergencyPlan, measures: Sequence[PlanMeasure], area: Area) -> None:
    made, fresh = EmergencyPlan.objects.get_or_create(
        area=area, name=plan.name, defaults={"area_code": area.code, "kind": plan.kind}
    )
    if not fresh:
        return
    PlanMeasure.objects.bulk_create(
        PlanMeasure(
            plan=made, order=row.order, text=row.text, minutes=row.minutes,
            unit_kind=row.unit_kind, unit=_in_place_of(row.unit, area) if row.unit else None,
        )
        for row in measures
    )  # fmt: skip


def move_shifts(
    old: Area, new: Sequence[Area], _locate: Locate, now: datetime, _actor: Actor
) -> int:
    """Let shifts that run or are to come follow their unit, or their person's unit of now."""
    chief, moved = _same(old, new) or new[0], 0
    rows = Duty.objects.select_for_update(of=("self",)).filter(area_code=old.code, ends_at__gt=now)
    for duty in rows.select_related("unit", "account__unit"):
        unit = duty.unit if duty.unit.active else duty.account.unit or duty.unit
        code = unit.area_code if unit.active else chief.code
        if (unit.pk, code) == (duty.unit_id, duty.area_code):
            continue
        duty.unit, duty.area_code = unit, code
        duty.save(update_fields=["unit", "area_code"])
        moved += 1
    return moved
