"""Patrols on the desk: the list of rounds with those missed, one round, routes."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import formset_factory
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from linli.base.accounts.access import staff_only
from linli.kernel.flow import InvalidStep, StepRefused
from linli.kernel.listing.respond import FormFilters, respond
from linli.kernel.scope import Actor

from . import queries
from .actions import excuse_round, save_route
from .flow import ROUND_FLOW
from .forms import ExcuseForm, PointForm, RoundFilterForm, RouteForm
from .links import category_choices
from .lists import ROUNDS, narrow
from .models import Route

PointSet = formset_factory(PointForm, extra=0, max_num=60, absolute_max=80)
BLANK_LINES = 4


def _actor(request: HttpRequest, permission: str) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not actor.can(permission):
        raise PermissionDenied
    return actor


@staff_only
@require_safe
def rounds(request: HttpRequest) -> HttpResponse:
    """List rounds, filtered by state and day; or hand them over as a workbook."""
    actor = _actor(request, "patrols.view")
    rows = queries.listed_rounds(actor)
    found = FormFilters(RoundFilterForm(request.GET, auto_id="filter_%s"), rows, narrow)
    context = {"may_plan": actor.can("patrols.plan")}
    return respond(
        request, "patrols/rounds.html", ROUNDS, rows, filters=found, export="patrols.export",
        context=context,
    )  # fmt: skip


@staff_only
@require_http_methods(["GET", "POST"])
def one_round(request: HttpRequest, round_id: int) -> HttpResponse:
    """Show one round with what was found; a community worker may excuse it."""
    actor = _actor(request, "patrols.view")
    found = queries.get_round(actor, round_id)
    form, reason, status = ExcuseForm(), "", 200
    if request.method == "POST":
        try:
            excuse_round(
                round_id, actor=actor, now=timezone.now(), data=request.POST,
                key=request.POST.get("token") or None,
            )  # fmt: skip
        except InvalidStep as error:
            form, status = error.form, 422  # type: ignore[assignment]
        except StepRefused as error:
            form, reason, status = ExcuseForm(request.POST), str(error), 409
        else:
            messages.success(request, _("已记为免巡。"))
            return redirect("patrols:round", round_id=round_id)
        found = queries.get_round(actor, round_id)
    steps = {step.name for step in ROUND_FLOW.available(found, actor)}
    context = {
        "round": found,
        "points": queries.checks_of(found),
        "form": form if "excuse" in steps else None,
        "reason": reason,
        "token": uuid.uuid4().hex,
    }
    return render(request, "patrols/round.html", context, status=status)


@staff_only
@require_safe
def routes(request: HttpRequest) -> HttpResponse:
    """Show the routes of the person's areas by grid."""
    actor = _actor(request, "patrols.view")
    rows = list(queries.visible_routes(actor).order_by("area_code", "name")[:300])
    context = {"routes": rows, "may_plan": actor.can("patrols.plan")}
    return render(request, "patrols/routes.html", context)


@staff_only
@require_http_methods(["GET", "POST"])
def route(request: HttpRequest, route_id: int | None = None) -> HttpResponse:
    """Write a route, new or again."""
    actor = _actor(request, "patrols.plan")
    found = queries.get_route(actor, route_id) if route_id else None
    grids, categories = queries.grids_to_plan(actor), category_choices()
    if request.method == "GET":
        form, lines = _blank(found, grids, categories)
        return _route(request, form, lines, found)
    form = RouteForm(request.POST, grids=grids)
    lines = PointSet(request.POST, form_kwargs={"categories": categories})
    if form.is_valid() and lines.is_valid():
        try:
            save_route(
                actor=actor, now=timezone.now(), head=form.cleaned_data,
                points=_points(lines.cleaned_data), route_id=route_id,
            )  # fmt: skip
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("路线已保存。"))
            return redirect("patrols:routes")
    return _route(request, form, lines, found, status=422)


def _route(
    request: HttpRequest, form: RouteForm, lines: Any, found: Route | None, status: int = 200
) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    community = (found.area_code if found else actor.areas("patrols.plan")[0])[:12]
    context = {"form": form, "lines": lines, "route": found, "community": community}
    return render(request, "patrols/route.html", context, status=status)


def _blank(found: Route | None, grids: Any, categories: Any) -> tuple[RouteForm, Any]:
    rows: list[dict[str, Any]] = []
    initial: dict[str, Any] = {"active": True}
    if found is not None:
        initial = {
            "name": found.name, "area": found.area_code, "rhythm": found.rhythm,
            "active": found.active,
        }  # fmt: skip
        plan = queries.plan_of(found)
        rows = [
            {**place, "order": number, "items": "\n".join(place["items"])}
            for number, place in enumerate(plan.points if plan else [], start=1)
        ]
    rows += [{"order": len(rows) + number + 1} for number in range(BLANK_LINES)]
    lines = PointSet(initial=rows, form_kwargs={"categories": categories})
    return RouteForm(initial=initial, grids=grids), lines


def _points(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    named = [line for line in lines if line.get("name")]
    named.sort(key=lambda line: line.get("order") or 99)
    return [
        {name: line.get(name) for name in ("name", "lon", "lat", "category", "items")}
        for line in named
    ]
