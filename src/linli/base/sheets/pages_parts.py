"""Sheets on the community's desk: what it owes, and where it fills in."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from linli.kernel.flow import InvalidStep, StepRefused
from linli.kernel.scope import Actor

from ..accounts.access import staff_only
from . import queries
from .actions import hand_in_part, save_cells
from .filling import FillForm, shown
from .flow import PART_FLOW
from .models import Kind, Part, PartState, SheetState, Template
from .pages import actor_with
from .rosters.pages import fill_rows
from .sources import get_source

MOST_DONE = 40


@staff_only
@require_safe
def tasks(request: HttpRequest) -> HttpResponse:
    """List what the person's communities owe, the nearest day first, and what they answered."""
    actor = actor_with(request, "sheets.fill")
    today = timezone.localdate()
    rows = queries.tasks_of(actor)
    owed = list(
        rows.filter(sheet__state=SheetState.ADMITTED)
        .exclude(state__in=(PartState.HANDED_IN, PartState.ACCEPTED))
        .order_by("sheet__due", "area_code", "pk")[:200]
    )
    ids = [part.pk for part in owed]
    done = list(rows.exclude(pk__in=ids).order_by("-sheet__due", "area_code", "pk")[:MOST_DONE])
    context = {
        "owed": [{"part": part, "late": part.late(today)} for part in owed],
        "done": done,
        "today": today,
    }
    return render(request, "sheets/tasks.html", context)


@staff_only
@require_http_methods(["GET", "POST"])
def fill(request: HttpRequest, part_id: int) -> HttpResponse:
    """Fill in a community's part: what is known is shown and locked, the rest is typed."""
    actor, now = actor_with(request, "sheets.fill"), timezone.now()
    part = queries.get_part(actor, part_id)
    if not actor.can("sheets.fill", part.area_code):
        raise PermissionDenied
    if part.sheet.has_rows:
        return fill_rows(request, actor, part, now)
    if request.method == "GET":
        return _fill(request, actor, part, queries.fill_form(part, strict=False))
    return _answer(request, actor, part, now)


def _answer(request: HttpRequest, actor: Actor, part: Part, now: datetime) -> HttpResponse:
    key, hand_in = request.POST.get("token") or None, "hand_in" in request.POST
    try:
        if hand_in:
            hand_in_part(part.pk, actor=actor, now=now, data=request.POST, key=key)
            messages.success(request, _("已上报。"))
            return redirect("sheets:tasks")
        form = save_cells(part.pk, actor=actor, now=now, data=request.POST, key=key)
    except InvalidStep as error:
        words = _("还不能上报：请看标红的栏目。其余的已经保存。")
        return _fill(request, actor, part, error.form, words, 422)
    except StepRefused as error:
        form = queries.fill_form(part, request.POST, strict=False)
        return _fill(request, actor, part, form, str(error), 409)
    if form.errors:
        words = _("填对的已经保存；请改标红的栏目。")
        return _fill(request, actor, part, form, words, 422)
    messages.success(request, _("已保存，可以以后接着填。"))
    return redirect("sheets:fill", part_id=part.pk)


def _fill(
    request: HttpRequest,
    actor: Actor,
    part: Part,
    form: FillForm | Any,
    reason: str = "",
    status: int = 200,
) -> HttpResponse:
    part = queries.get_part(actor, part.pk)
    steps = {step.name for step in PART_FLOW.available(part, actor)}
    writable = "save" in steps and part.sheet.state == SheetState.ADMITTED
    context = {
        "part": part,
        "sheet": part.sheet,
        "rows": rows_of(part, form if writable else None),
        "writable": writable,
        "reason": reason,
        "late": part.late(timezone.localdate()),
        "template": Template.objects.filter(sheet=part.sheet_id).exists(),
        "token": uuid.uuid4().hex,
    }
    return render(request, "sheets/fill.html", context, status=status)


def rows_of(part: Part, form: FillForm | None) -> list[dict[str, Any]]:
    """Return the columns of a part in order, each with its cell, source, and input where typed."""
    cells = queries.cells_of(part)
    columns = queries.columns_of(part.sheet_id)
    grids = queries.grids_of(part.area_code) if any(c.kind == Kind.AREA for c in columns) else []
    rows = []
    for column in columns:
        cell = cells.get(column.pk)
        rows.append({
            "column": column,
            "cell": cell,
            "was": cell.value if cell else "",
            "value": shown(column, cell.value, grids) if cell else "",
            "source": get_source(cell.source) if cell and cell.source else None,
            "field": form[column.field] if form and column.field in form.fields else None,
        })  # fmt: skip
    return rows
