"""Read emergencies: who may see which, and what the situation page needs."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.shortcuts import get_object_or_404

from linli.base.accounts.models import Unit
from linli.kernel.scope import Actor, within

from .models import OPEN_STATES, Call, Duty, Emergency, EmergencyPlan


def visible_emergencies(actor: Actor) -> QuerySet[Emergency]:
    """Return the emergencies the actor may see: of their areas, and those they were called to,
    and those a measure of which their unit holds."""
    if actor.kind == "system":
        return Emergency.objects.all()
    if actor.kind != "staff":
        return Emergency.objects.none()
    called = Call.objects.filter(account_id=actor.account_id or 0).values("emergency_id")
    held = Emergency.objects.filter(measures__unit_id__in=actor.unit_ids).values("pk")
    return Emergency.objects.filter(
        within(actor.areas("emergencies.view")) | Q(pk__in=called) | Q(pk__in=held)
    )


def get_emergency(actor: Actor, emergency_id: int) -> Emergency:
    """Return one emergency the actor may see; raises Http404 otherwise."""
    rows = visible_emergencies(actor).select_related("area", "plan", "raised_by")
    return get_object_or_404(rows, pk=emergency_id)


def listed(actor: Actor) -> QuerySet[Emergency]:
    """Return what the list shows, with how many were called and how many answered."""
    return (
        visible_emergencies(actor)
        .select_related("area")
        .defer("text", "area__boundary")
        .annotate(
            called=Count("calls", distinct=True),
            answered=Count("calls", filter=Q(calls__answered_at__isnull=False), distinct=True),
        )
    )


def open_emergencies(actor: Actor) -> list[Emergency]:
    """Return those that still go on, the next report owed first."""
    return list(listed(actor).filter(state__in=OPEN_STATES).order_by("due_at", "pk")[:50])


def past_emergencies(actor: Actor) -> QuerySet[Emergency]:
    """Return those that are over."""
    return (
        listed(actor)
        .exclude(state__in=OPEN_STATES)
        .select_related("area__parent")
        .defer("area__parent__boundary", "text", "area__boundary")
    )


def visible_plans(actor: Actor) -> QuerySet[EmergencyPlan]:
    """Return the plans of the actor's areas and of those above them."""
    if actor.kind != "staff":
        return EmergencyPlan.objects.none()
    codes = actor.areas("emergencies.view")
    above = [code[:length] for code in codes for length in (6, 9, 12) if length <= len(code)]
    rows = EmergencyPlan.objects.filter(within(codes) | Q(area_code__in=above))
    return rows.select_related("area")


def get_plan(actor: Actor, plan_id: int) -> EmergencyPlan:
    """Return a plan the actor may change; raises Http404 otherwise."""
    rows = EmergencyPlan.objects.filter(within(actor.areas("emergencies.plan")))
    return get_object_or_404(rows.select_related("area"), pk=plan_id)


def roster_units(actor: Actor) -> QuerySet[Unit]:
    """Return the units whose roster the actor keeps."""
    kinds = ("district", "subdistrict", "community")
    return Unit.objects.filter(
        within(actor.areas("emergencies.roster")), active=True, kind__in=kinds
    ).order_by("area_code", "pk")


def roster(actor: Actor, start: datetime, days: int = 7) -> list[Duty]:
    """Return the shifts of the actor's areas that touch the days from `start`."""
    rows = Duty.objects.filter(
        within(actor.areas("emergencies.view")),
        starts_at__lt=start + timedelta(days=days), ends_at__gt=start,
    )  # fmt: skip
    return list(rows.select_related("unit", "account").order_by("starts_at", "unit_id")[:500])


def get_shift(actor: Actor, shift_id: int) -> Duty:
    """Return a shift the actor may change; raises Http404 otherwise."""
    rows = Duty.objects.filter(within(actor.areas("emergencies.roster"))).select_related(
        "unit", "account"
    )
    return get_object_or_404(rows, pk=shift_id)


def who_for_measures() -> list[tuple[str, Any]]:
    """Return who can be given a measure: a level of the place, or a department."""
    from linli.base.accounts.models import UnitKind

    levels = [(kind.value, kind.label) for kind in UnitKind if kind != UnitKind.DEPARTMENT]
    units = Unit.objects.filter(kind=UnitKind.DEPARTMENT, active=True).order_by("pk")
    return [
        ("", "—"),
        *levels,
        *((f"unit:{pk}", name) for pk, name in units.values_list("pk", "name")),
    ]
