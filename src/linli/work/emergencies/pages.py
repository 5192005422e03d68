"""Emergencies on the desk and on the phone: the list, the alarm, the situation page."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.base.accounts.access import staff_only
from linli.base.areas.queries import nearest_resources, resources_in
from linli.kernel.flow import InvalidStep, NotAllowed, SomeoneFaster, StepRefused
from linli.kernel.listing.respond import FormFilters, respond
from linli.kernel.scope import Actor

from .actions import raise_emergency, take_step
from .flow import EMERGENCY_FLOW
from .forms import RaiseForm
from .lists import PAST, PastFilterForm, narrow
from .models import Call, Emergency, Level
from .queries import get_emergency, open_emergencies, past_emergencies
from .timeline import story

# Steps with a place of their own on the page instead of a form in the row of steps.
PLACED = {"answer", "tick"}


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


@staff_only
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Show what goes on, by the report owed next, and what is over."""
    actor = _actor(request)
    context = {
        "going": open_emergencies(actor),
        "may_raise": actor.can("emergencies.raise"),
        "may_roster": actor.can("emergencies.roster"),
        "now": timezone.now(),
    }
    rows = past_emergencies(actor)
    found = FormFilters(PastFilterForm(request.GET, auto_id="filter_%s"), rows, narrow)
    return respond(
        request, "emergencies/index.html", PAST, rows, filters=found, export="emergencies.view",
        context=context,
    )  # fmt: skip


@staff_only
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Raise an emergency; what a case knows already comes along in the address."""
    actor, now = _actor(request), timezone.now()
    if not actor.can("emergencies.raise"):
        raise PermissionDenied
    if request.method == "GET":
        given = {
            name: request.GET.get(name, "")[:200]
            for name in ("title", "text", "area_code", "address", "lon", "lat", "case_number")
        }
        moment = timezone.localtime(now).strftime("%Y-%m-%dT%H:%M")
        form = RaiseForm(initial=given | {"key": uuid.uuid4().hex, "happened_at": moment})
        return render(request, "emergencies/new.html", {"form": form})
    form = RaiseForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            made = raise_emergency(
                actor=actor, now=now, key=data["key"], area=data["area_code"], data=data
            )
            return redirect("emergencies:situation", emergency_id=made.pk)
        except NotAllowed as error:
            form.add_error("area_code", str(error))
    return render(request, "emergencies/new.html", {"form": form}, status=422)


@staff_only
@require_safe
def situation(request: HttpRequest, emergency_id: int) -> HttpResponse:
    """Show one emergency: what is to be done, who answered, what was reported."""
    return _render(request, get_emergency(_actor(request), emergency_id))


@staff_only
@require_safe
def resources(request: HttpRequest, emergency_id: int) -> HttpResponse:
    """Show what help stands nearby, and what the community has grid by grid."""
    actor = _actor(request)
    found = get_emergency(actor, emergency_id)
    lon, lat = found.lon, found.lat
    if lon is None or lat is None:
        lon, lat = found.area.lon, found.area.lat
    near = [] if lon is None or lat is None else nearest_resources(actor, lon, lat)
    context = {"near": near, "rows": resources_in(actor, found.area_code[:12])}
    return render(request, "emergencies/resources.html", context)


@staff_only
@require_POST
def step(request: HttpRequest, emergency_id: int, name: str) -> HttpResponse:
    """Take a step; where it is refused, show the page again with what was typed."""
    found = get_emergency(_actor(request), emergency_id)
    if name not in {known.name for known in EMERGENCY_FLOW.steps}:
        raise Http404
    raw = request.POST.get("version", "")
    try:
        take_step(
            name, found.pk, actor=_actor(request), now=timezone.now(), data=request.POST,
            key=request.POST.get("token") or None,
            expected=int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 10 else None,
        )  # fmt: skip
    except InvalidStep as error:
        return _render(request, found, (name, error.form, str(error)), 422)
    except StepRefused as error:
        fresh = get_emergency(_actor(request), emergency_id)
        maker: Any = EMERGENCY_FLOW.step(name).form
        form = _form(maker, fresh, request.POST) if maker else None
        status = 409 if isinstance(error, SomeoneFaster) else 422
        return _render(request, fresh, (name, form, str(error)), status)
    messages.success(request, _("“%(step)s”已完成。") % {"step": EMERGENCY_FLOW.step(name).label})
    return redirect("emergencies:situation", emergency_id=emergency_id)


def _form(maker: Any, emergency: Emergency, data: Any = None) -> forms.Form:
    more = {"subject": emergency} if getattr(maker, "wants_subject", False) else {}
    form: forms.Form = maker(data, **more) if data is not None else maker(**more)
    return form


Refused = tuple[str, forms.Form | None, str]


def _render(
    request: HttpRequest, emergency: Emergency, refused: Refused | None = None, status: int = 200
) -> HttpResponse:
    actor, now = _actor(request), timezone.now()
    rows = _rows(emergency, actor, refused)
    shown = any(row["active"] for row in rows)
    measures = list(emergency.measures.select_related("unit", "done_by").order_by("due_at", "pk"))
    for measure in measures:
        measure.mine = measure.done_at is None and emergency.state == "responding" and (  # type: ignore[attr-defined]
            measure.unit_id in actor.unit_ids
            or actor.can("emergencies.command", emergency.area_code)
        )  # fmt: skip
    calls = list(emergency.calls.select_related("account", "unit").order_by("pk"))
    context = {
        "emergency": emergency,
        "level": Level(emergency.level).label,
        "steps": rows,
        "measures": measures,
        "done": sum(measure.done_at is not None for measure in measures),
        "calls": calls,
        "answered": sum(call.answered_at is not None for call in calls),
        "mine": emergency.is_open and any(_waits_for(call, actor) for call in calls),
        "reports": list(emergency.reports.select_related("author").order_by("number")),
        "items": story(emergency, {row.pk: row.text for row in measures}),
        "token": uuid.uuid4().hex,
        "reason": refused[2] if refused and not shown else "",
        "lost": refused[1] if refused and not shown else None,
        "now": now,
    }
    return render(request, "emergencies/situation.html", context, status=status)


def _waits_for(call: Call, actor: Actor) -> bool:
    return call.account_id == actor.account_id and call.answered_at is None


def _rows(emergency: Emergency, actor: Actor, refused: Refused | None) -> list[dict[str, Any]]:
    rows = []
    for known in EMERGENCY_FLOW.available(emergency, actor):
        if known.name in PLACED or _is_past(known.name, emergency):
            continue
        active = refused is not None and refused[0] == known.name
        form = refused[1] if refused and active else None
        if form is None and known.form is not None:
            form = _form(known.form, emergency)
        if form is not None:
            form.auto_id = f"id_{known.name}_%s"
        rows.append({"name": known.name, "label": known.label, "tone": known.tone, "form": form,
                     "active": active, "reason": refused[2] if refused and active else "",
                     "token": uuid.uuid4().hex})  # fmt: skip
    return rows


def _is_past(name: str, emergency: Emergency) -> bool:
    """Tell whether a guard would refuse the step for good, or for now."""
    return (
        (name == "phone_report" and emergency.phoned_at is not None)
        or (name == "written_report" and emergency.written_at is not None)
        or (name in {"follow_up", "stand_down"} and emergency.written_at is None)
    )


@staff_only
@require_safe
def report(request: HttpRequest, emergency_id: int, number: int) -> HttpResponse:
    """Show one report as it goes out, to be printed."""
    emergency = get_emergency(_actor(request), emergency_id)
    found = get_object_or_404(emergency.reports.select_related("author"), number=number)
    context = {"emergency": emergency, "report": found, "level": Level(emergency.level).label}
    return render(request, "emergencies/report.html", context)
