"""Sub-tasks on the desk: what waits for me, opening one, one with its steps."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.base.accounts.access import staff_only
from linli.kernel.flow import InvalidStep, SomeoneFaster, StepRefused
from linli.kernel.listing.respond import respond
from linli.kernel.scope import Actor

from ..models import Case
from ..queries import get_by_number
from .actions import open_tasks, take_task_step
from .flows import FLOWS
from .lists import SPEC, TaskFilter
from .models import SubTask
from .opening import OPENINGS
from .queries import get_task, listed_tasks
from .timeline import task_items

TABS = {
    "mine": gettext_lazy("待我处理"),
    "asked": gettext_lazy("我单位发起"),
    "area": gettext_lazy("辖区全部"),
}


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


@staff_only
@require_safe
def tasks(request: HttpRequest) -> HttpResponse:
    """Show open sub-tasks by clock, filtered, in pages; or hand them over as a workbook."""
    which = request.GET.get("which", "mine")
    which = which if which in TABS else "mine"
    rows = listed_tasks(_actor(request), which)
    found = TaskFilter(request.GET, queryset=rows, now=timezone.now())
    return respond(
        request, "cases/tasks.html", SPEC, rows, filters=found, keep=("which",),
        export="cases.export", context={"which": which, "tabs": TABS},
    )  # fmt: skip


@staff_only
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """Open a sub-task on a case; where it is refused, show the form as it was typed."""
    case = get_by_number(_actor(request), number)
    opening = OPENINGS.get(kind)
    if opening is None:
        raise Http404
    maker: Any = opening.form
    if request.method == "GET":
        return _render_new(request, case, opening, maker(case=case), uuid.uuid4().hex)
    key = request.POST.get("token", "") or uuid.uuid4().hex
    try:
        opened = open_tasks(
            kind, case.pk, actor=_actor(request), now=timezone.now(), data=request.POST,
            key=key[:64],
        )  # fmt: skip
    except InvalidStep as error:
        return _render_new(request, case, opening, error.form, key, status=422)
    except StepRefused as error:
        form = maker(request.POST, case=case)
        return _render_new(request, case, opening, form, key, reason=str(error), status=409)
    messages.success(
        request,
        _("已发起%(kind)s，共%(n)d项。") % {"kind": opening.kind.label, "n": len(opened)},
    )
    return redirect("cases:detail", number=number)


def _render_new(
    request: HttpRequest,
    case: Case,
    opening: Any,
    form: forms.Form,
    key: str,
    reason: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {"case": case, "opening": opening, "form": form, "token": key, "reason": reason}
    return render(request, "cases/task_new.html", context, status=status)


@staff_only
@require_safe
def task(request: HttpRequest, task_id: int) -> HttpResponse:
    """Show one sub-task with its story and what can be done now."""
    return _render_task(request, get_task(_actor(request), task_id))


@staff_only
@require_POST
def step(request: HttpRequest, task_id: int, name: str) -> HttpResponse:
    """Take a step; where it is refused, show the sub-task again with what was typed."""
    found = get_task(_actor(request), task_id)
    flow = FLOWS[found.kind]
    if name not in {known.name for known in flow.steps}:
        raise Http404
    raw = request.POST.get("version", "")
    try:
        take_task_step(
            name, found.pk, actor=_actor(request), now=timezone.now(), data=request.POST,
            key=request.POST.get("token") or None,
            expected=int(raw) if raw.isascii() and raw.isdigit() else None,
        )  # fmt: skip
    except InvalidStep as error:
        return _render_task(request, found, (name, error.form, str(error)), 422)
    except StepRefused as error:
        fresh = get_task(_actor(request), task_id)
        maker = flow.step(name).form
        form = maker(request.POST) if maker else None
        status = 409 if isinstance(error, SomeoneFaster) else 422
        return _render_task(request, fresh, (name, form, str(error)), status)
    messages.success(request, _("“%(step)s”已完成。") % {"step": flow.step(name).label})
    return redirect("cases:task", task_id=task_id)


def _render_task(
    request: HttpRequest,
    found: SubTask,
    refused: tuple[str, forms.Form | None, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    rows = []
    for known in FLOWS[found.kind].available(found, _actor(request)):
        active = refused is not None and refused[0] == known.name
        form = refused[1] if refused and active else known.form() if known.form else None
        if form is not None:
            form.auto_id = f"id_{known.name}_%s"
        rows.append({"name": known.name, "label": known.label, "tone": known.tone, "form": form,
                     "active": active, "token": uuid.uuid4().hex})  # fmt: skip
    shown = any(row["active"] for row in rows)
    context = {
        "task": found,
        "case": found.case,
        "steps": rows,
        "items": task_items([found]),
        "reason": refused[2] if refused else "",
        "lost": refused[1] if refused and not shown else None,
        "now": timezone.now(),
    }
    return render(request, "cases/task.html", context, status=status)
