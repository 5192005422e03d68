"""The grid worker's phone: what waits, one case, and reporting from patrol."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.base.sheets.queries import sheets_waiting
from linli.kernel.flow import StepRefused
from linli.kernel.scope import Actor
from linli.work.cases.actions import may_look, reveal_contact
from linli.work.cases.actions.attempts import StepResult, post_step
from linli.work.cases.models import Case
from linli.work.cases.queries import (
    get_by_number,
    step_rows,
    steps_after,
    tasks_waiting,
    timeline_of,
    work_list,
)
from linli.work.patrols.queries import rounds_open

from .forms import PatrolForm
from .intake import report_event
from .pages_queue import is_spoken
from .phone import actor_of, draw, for_phone
from .places import community_of

# What the address of the form may bring along, from a round say.
ASKED = ("category", "place", "address", "text", "lon", "lat")


@for_phone
@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """List what waits for the worker: the overdue first, then by deadline."""
    actor, now = actor_of(request), timezone.now()
    context = {
        "rows": work_list(actor, "mine"),
        "tasks": tasks_waiting(actor),
        "rounds": rounds_open(actor, timezone.localdate(now)),
        "sheets": sheets_waiting(actor),
        "layers": _layers(actor),
        "now": now,
    }
    return draw(request, "field/today.html", context)


@for_phone
@require_safe
def case(request: HttpRequest, number: str) -> HttpResponse:
    """Show one case with large buttons for what can be done now."""
    return _show(request, get_by_number(actor_of(request), number))


def _show(
    request: HttpRequest, found: Case, result: StepResult | None = None, status: int = 200
) -> HttpResponse:
    actor = actor_of(request)
    steps = step_rows(found, actor, result)
    signing = any(row["name"] == "sign_in" for row in steps)
    context = {
        "case": found,
        "items": timeline_of(found, public=False),
        "steps": steps,
        "ahead": steps_after(found, actor, "sign_in") if signing else [],
        "may_call": _has_phone(found) and may_look(actor, found),
        "result": result,
        "now": timezone.now(),
    }
    return draw(request, "field/case.html", context, status)


def _has_phone(found: Case) -> bool:
    return not found.protected and bool(found.phone_index or found.reporter_id)


@for_phone
@require_POST
def step(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """Take a step; where it is refused, show the case again with what was typed."""
    found = get_by_number(actor_of(request), number)
    result = post_step(request, found, name)
    if result.done:
        messages.success(request, _("“%(step)s”已完成。") % {"step": result.label})
        return redirect("field:case", number=number)
    fresh = get_by_number(actor_of(request), number)
    return _show(request, fresh, result, 409 if result.overtaken else 422)


@for_phone
@require_POST
def call(request: HttpRequest, number: str) -> HttpResponse:
    """Give the reporter's number for a call about the case; the look is recorded as any other."""
    found = get_by_number(actor_of(request), number)
    wants_data = request.headers.get("Accept", "") == "application/json"
    reason = _("办理中电话联系反映人")
    try:
        contact = reveal_contact(
            found.pk, actor=actor_of(request), now=timezone.now(), reason=reason
        )
    except StepRefused as error:
        if wants_data:
            return JsonResponse({"reason": str(error)}, status=422)
        messages.error(request, str(error))
        return redirect("field:case", number=number)
    if wants_data:
        return JsonResponse({"phone": contact.phone})
    return draw(request, "field/call.html", {"case": found, "contact": contact})


@for_phone
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Report an event from patrol, perhaps already put right."""
    actor = actor_of(request)
    if not actor.can("cases.patrol"):
        raise PermissionDenied
    if request.method == "GET":
        asked = {name: request.GET.get(name, "") for name in ASKED}
        return _form(request, PatrolForm(initial={"token": uuid.uuid4().hex, **asked}, actor=actor))
    uploads = request.FILES.getlist("files")
    form = PatrolForm(request.POST, actor=actor, spoken=is_spoken(uploads))
    done = None
    if form.is_valid():
        done = report_event(actor=actor, now=timezone.now(), form=form, uploads=uploads)
    if done is None:
        return _form(request, form, status=422)
    messages.success(request, _("已上报，编号%(number)s。") % {"number": done.case.number})
    return redirect("field:case", number=done.case.number)


def _form(request: HttpRequest, form: PatrolForm, status: int = 200) -> HttpResponse:
    layers = _layers(actor_of(request))
    return draw(request, "field/new.html", {"form": form, "layers": layers}, status)


def _layers(actor: Actor) -> str:
    """Return where the grids of the person's community are drawn."""
    code = community_of(actor)
    return reverse("areas:below", args=(code,)) if code else ""
