"""The grid worker's phone: what waits, one case, and reporting from patrol."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.base.accounts.access import staff_only
from linli.base.areas.queries import by_code, place_at
from linli.kernel.scope import Actor
from linli.work.cases.actions import clean_files, register_case, settle_on_spot
from linli.work.cases.actions.attempts import StepResult, post_step
from linli.work.cases.models import Case, Category, Channel, Nature
from linli.work.cases.queries import get_by_number, step_rows, timeline_of, work_list

from .forms import PatrolForm


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


@staff_only
@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """List what waits for the worker, the most urgent first."""
    rows = work_list(_actor(request), "mine")
    return render(request, "field/today.html", {"rows": rows, "now": timezone.now()})


@staff_only
@require_safe
def case(request: HttpRequest, number: str) -> HttpResponse:
    """Show one case with large buttons for what can be done now."""
    return _show(request, get_by_number(_actor(request), number))


def _show(
    request: HttpRequest, found: Case, result: StepResult | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "case": found,
        "items": timeline_of(found, public=False),
        "steps": step_rows(found, _actor(request), result),
        "result": result,
        "now": timezone.now(),
    }
    return render(request, "field/case.html", context, status=status)


@staff_only
@require_POST
def step(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """Take a step; where it is refused, show the case again with what was typed."""
    found = get_by_number(_actor(request), number)
    result = post_step(request, found, name)
    if result.done:
        messages.success(request, _("“%(step)s”已完成。") % {"step": result.label})
        return redirect("field:case", number=number)
    fresh = get_by_number(_actor(request), number)
    return _show(request, fresh, result, 409 if result.overtaken else 422)


@staff_only
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Report an event from patrol, perhaps already put right."""
    actor = _actor(request)
    if not actor.can("cases.patrol"):
        raise PermissionDenied
    if request.method == "GET":
        form = PatrolForm(initial={"token": uuid.uuid4().hex})
        return _form(request, form)
    form = PatrolForm(request.POST)
    done = _register(request, actor, form) if form.is_valid() else None
    if done is None:
        return _form(request, form, status=422)
    messages.success(request, _("已上报，编号%(number)s。") % {"number": done.number})
    return redirect("field:case", number=done.number)


def _form(request: HttpRequest, form: PatrolForm, status: int = 200) -> HttpResponse:
    own = _actor(request).areas("cases.patrol")[0]
    layers = reverse("areas:below", args=(own[:12],))  # the grids of the worker's community
    return render(request, "field/new.html", {"form": form, "layers": layers}, status=status)


def _register(request: HttpRequest, actor: Actor, form: PatrolForm) -> Case | None:
    data = form.cleaned_data
    area = place_at(data["lon"], data["lat"]) if data["lon"] is not None else None
    if data["lon"] is None:
        area = by_code(actor.areas("cases.patrol")[0])
    if area is None or not actor.can("cases.patrol", area.code):
        form.add_error(None, _("这个位置不在您负责的网格内，请重新点选或不点（按您的网格登记）。"))
        return None
    try:
        files = clean_files(request.FILES.getlist("files"))
    except ValidationError as error:
        form.add_error(None, error)
        return None
    category: Category = data["category"]
    report: dict[str, Any] = {
        "intake_key": f"field-{data['token']}",
        "channel": Channel.PATROL,
        "nature": Nature.EVENT,
        "category": category,
        "title": data["text"].strip().splitlines()[0][:30],
        "text": data["text"],
        "area": area,
        "address": data["address"],
        "lon": data["lon"],
        "lat": data["lat"],
        "files": files,
    }
    now = timezone.now()
    if data["settled"]:
        return settle_on_spot(actor=actor, now=now, result=data["result"], **report).case
    return register_case(actor=actor, now=now, **report).case
