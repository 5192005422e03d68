"""Read patrols: who may see which routes and rounds."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from linli.base.areas.models import Area
from linli.base.areas.queries import in_force
from linli.kernel.scope import Actor, within

from .links import reported
from .models import Round, RoundCheck, RoundState, Route, RoutePlan

SEEN = ("patrols.view", "patrols.walk")


def _areas(actor: Actor) -> Q:
    condition = Q(pk__in=[])
    for permission in SEEN:
        condition |= within(actor.areas(permission))
    return condition


def visible_rounds(actor: Actor) -> QuerySet[Round]:
    """Return the rounds of the areas the actor walks or looks after; fails closed."""
    if actor.kind == "system":
        return Round.objects.all()
    return Round.objects.filter(_areas(actor)) if actor.is_staff else Round.objects.none()


def visible_routes(actor: Actor) -> QuerySet[Route]:
    """Return the routes of the actor's areas; fails closed."""
    if not actor.is_staff:
        return Route.objects.none()
    return Route.objects.filter(_areas(actor)).select_related("area__parent")


def get_route(actor: Actor, route_id: int) -> Route:
    """Return a route the actor may plan; raises Http404 otherwise."""
    rows = Route.objects.filter(within(actor.areas("patrols.plan"))).select_related("area")
    return get_object_or_404(rows, pk=route_id)


def plan_of(route: Route) -> RoutePlan | None:
    """Return the plan in force."""
    return RoutePlan.objects.filter(route=route, number=route.version).first()


def get_round(actor: Actor, round_id: int) -> Round:
    """Return one round the actor may see, with its plan; raises Http404 otherwise."""
    rows = visible_rounds(actor).select_related("route__area__parent", "plan", "worker")
    return get_object_or_404(rows.defer("route__area__boundary"), pk=round_id)


def rounds_open(actor: Actor, day: date) -> list[Round]:
    """Return the rounds the actor can walk on a day, those that end first before the others."""
    rows = Round.objects.filter(
        within(actor.areas("patrols.walk")), state=RoundState.DUE, day__lte=day, until__gte=day
    )
    return list(_named(rows).order_by("until", "area_code", "pk")[:60])


def rounds_walked(actor: Actor, day: date) -> list[Round]:
    """Return the rounds the actor has handed in lately, the latest first."""
    rows = Round.objects.filter(worker_id=actor.account_id or 0, day__gte=day - timedelta(days=35))
    return list(_named(rows).order_by("-received_at")[:10])


def _named(rows: QuerySet[Round]) -> QuerySet[Round]:
    return rows.select_related("route__area__parent", "plan").defer(
        "route__area__boundary", "route__area__parent__boundary"
    )


def listed_rounds(actor: Actor) -> QuerySet[Round]:
    """Return what the list of rounds shows."""
    rows = visible_rounds(actor).select_related("route__area__parent", "worker")
    return rows.defer("route__area__boundary", "route__area__parent__boundary")


def grids_to_plan(actor: Actor) -> list[Area]:
    """Return the grids for which the actor may plan routes."""
    rows = in_force().filter(within(actor.areas("patrols.plan"), "code"), level="grid")
    return list(rows.select_related("parent").defer("parent__boundary").order_by("code"))


def checks_of(found: Round) -> list[dict[str, Any]]:
    """Return a round's points with what was found at each item, and the case that came of it."""
    rows = {(row.point, row.item): row for row in RoundCheck.objects.filter(round=found)}
    worker = found.worker_id or 0
    cases = reported((worker, row.report_key) for row in rows.values())
    return [
        {
            **place,
            "rows": [
                {
                    "text": text,
                    "check": (check := rows.get((number, item))),
                    "case": cases.get((worker, check.report_key)) if check else None,
                }
                for item, text in enumerate(place["items"])
            ],
        }
        for number, place in enumerate(found.plan.points)
    ]


def hand_in_form(found: Round, data: Any = None, initial: Any = None) -> Any:
    """Return the form with which a round is handed in (see `forms.HandInForm`)."""
    from .forms import HandInForm

    return HandInForm(data, subject=found, initial=initial)


def may_hand_in(actor: Actor, found: Round) -> bool:
    """Tell whether the actor can hand the round in now."""
    from .flow import ROUND_FLOW

    return any(step.name == "hand_in" for step in ROUND_FLOW.available(found, actor))
