"""The phone list: due call-backs, one after the other."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from linli.base.accounts.access import staff_only
from linli.kernel.flow import InvalidStep, SomeoneFaster, StepRefused
from linli.kernel.scope import Actor

from . import calls, holds
from .actions import take_task_step
from .flows import FLOWS
from .models import SubTask
from .timeline import task_items

FLOW = FLOWS["call_back"]


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not actor.can("cases.call_back"):
        raise PermissionDenied
    return actor


@staff_only
@require_safe
def call_list(request: HttpRequest) -> HttpResponse:
    """Show the call-backs to make, by clock."""
    context = {"rows": calls.calls_to_make(_actor(request)), "now": timezone.now()}
    return render(request, "cases/calls.html", context)


@staff_only
@require_POST
def next_call(request: HttpRequest) -> HttpResponse:
    """Open the next call; where there is none, show the list."""
    raw = request.POST.get("skip", "")
    skip = int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 19 else 0
    actor = _actor(request)
    if skip:
        holds.let_go(actor, skip)
    found = calls.next_call(actor, now=timezone.now(), skip=skip)
    if found is None:
        messages.info(request, _("没有要打的回访电话了。"))
        return redirect("cases:calls")
    return redirect("cases:call", task_id=found.pk)


@staff_only
@require_safe
def call(request: HttpRequest, task_id: int) -> HttpResponse:
    """Show one call: what was asked, what was answered, and what to ask."""
    actor = _actor(request)
    found = calls.get_call(actor, task_id)
    if found.is_open and not holds.keep(actor, found.pk, now=timezone.now()):
        messages.warning(request, _("另一位同事正打开这个回访，请先打下一个。"))
    return _render(request, found)


@staff_only
@require_POST
def answer(request: HttpRequest, task_id: int, name: str) -> HttpResponse:
    """Keep what the call learned and go on to the next; refused, show what was typed again."""
    actor = _actor(request)
    found = calls.get_call(actor, task_id)
    if name not in {step.name for step in FLOW.steps}:
        raise Http404
    raw = request.POST.get("version", "")
    try:
        take_task_step(
            name, found.pk, actor=actor, now=timezone.now(), data=request.POST,
            key=request.POST.get("token") or None,
            expected=int(raw) if raw.isascii() and raw.isdigit() else None,
        )  # fmt: skip
    except InvalidStep as error:
        return _render(request, found, (name, error.form, str(error)), 422)
    except StepRefused as error:
        maker = FLOW.step(name).form
        form = maker(request.POST) if maker else None
        status = 409 if isinstance(error, SomeoneFaster) else 422
        fresh = calls.get_call(actor, task_id)
        return _render(request, fresh, (name, form, str(error)), status)
    holds.let_go(actor, found.pk)
    messages.success(request, _("已记录，请打下一个。"))
    return next_call(request)


def _render(
    request: HttpRequest,
    found: SubTask,
    refused: tuple[str, forms.Form | None, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    rows: list[dict[str, Any]] = []
    for step in FLOW.available(found, _actor(request)):
        active = refused is not None and refused[0] == step.name
        form = refused[1] if refused and active else step.form() if step.form else None
        if form is not None:
            form.auto_id = f"id_{step.name}_%s"
        rows.append({"name": step.name, "label": step.label, "tone": step.tone, "form": form,
                     "active": active, "token": uuid.uuid4().hex})  # fmt: skip
    context = {
        "task": found,
        "case": found.case,
        "steps": rows,
        "items": task_items([found]),
        "reason": refused[2] if refused else "",
        "now": timezone.now(),
    }
    return render(request, "cases/call.html", context, status=status)
