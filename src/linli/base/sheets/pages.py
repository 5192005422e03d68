"""Sheets on the asker's desk: the list, one sheet with its columns, and its steps."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.kernel.flow import InvalidStep, StepRefused, UnknownStep
from linli.kernel.listing.respond import FormFilters, respond
from linli.kernel.scope import Actor

from ..accounts.access import staff_only
from . import queries
from .actions import remove_column, save_column, save_sheet, take_step
from .cost import Cost, cost_of
from .flow import SHEET_FLOW, allows_sheet
from .forms import ColumnForm, RefuseForm, SheetFilterForm, SheetForm
from .known import known_elsewhere
from .lists import SHEETS, narrow
from .models import Column, Sheet, SheetState
from .rosters.known import source_of
from .rosters.rows import ONLY

SEEN = ("sheets.ask", "sheets.admit", "sheets.view")


def actor_with(request: HttpRequest, *permissions: str) -> Actor:
    """Return the actor, who holds one of the permissions somewhere; raises PermissionDenied."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not any(actor.can(permission) for permission in permissions):
        raise PermissionDenied
    return actor


@staff_only
@require_safe
def sheets(request: HttpRequest) -> HttpResponse:
    """List the sheets the person asks, admits or oversees; or hand them over as a workbook."""
    actor = actor_with(request, *SEEN)
    rows = queries.listed_sheets(actor)
    found = FormFilters(SheetFilterForm(request.GET, auto_id="filter_%s"), rows, narrow)
    context = {"may_ask": actor.can("sheets.ask"), "may_fill": actor.can("sheets.fill")}
    return respond(
        request, "sheets/sheets.html", SHEETS, rows, filters=found, export="sheets.export",
        context=context,
    )  # fmt: skip


@staff_only
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, sheet_id: int | None = None) -> HttpResponse:
    """Write the head of a sheet, new or a draft again."""
    actor, now = actor_with(request, "sheets.ask"), timezone.now()
    sheet = _own_draft(actor, sheet_id) if sheet_id else None
    more: dict[str, Any] = {"areas": queries.areas_to_ask(actor), "today": timezone.localdate(now)}
    if request.method == "GET":
        return _edit(request, SheetForm(initial=_head(sheet), **more), sheet)
    form = SheetForm(request.POST, **more)
    if not form.is_valid():
        return _edit(request, form, sheet, 422)
    try:
        saved = save_sheet(actor=actor, now=now, data=form.cleaned_data, sheet_id=sheet_id)
    except ValidationError as error:
        form.add_error(None, error)
        return _edit(request, form, sheet, 409)
    messages.success(request, _("已保存。"))
    return redirect("sheets:sheet", sheet_id=saved.pk)


def _edit(
    request: HttpRequest, form: SheetForm, sheet: Sheet | None, status: int = 200
) -> HttpResponse:
    return render(request, "sheets/edit.html", {"form": form, "sheet": sheet}, status=status)


def _head(sheet: Sheet | None) -> dict[str, Any]:
    if sheet is None:
        return {}
    return {
        "title": sheet.title, "area": sheet.area_code, "due": sheet.due,
        "purpose": sheet.purpose, "basis": sheet.basis, "rows": sheet.rows, "only": sheet.only,
    }  # fmt: skip


def _own_draft(actor: Actor, sheet_id: int) -> Sheet:
    sheet = queries.get_sheet(actor, sheet_id)
    if not allows_sheet(actor, "sheets.ask", sheet):
        raise PermissionDenied
    return sheet


@staff_only
@require_http_methods(["GET", "POST"])
def column(request: HttpRequest, sheet_id: int, column_id: int | None = None) -> HttpResponse:
    """Write one column of a draft, new or again."""
    actor, now = actor_with(request, "sheets.ask"), timezone.now()
    sheet = _own_draft(actor, sheet_id)
    columns = queries.columns_of(sheet_id)
    found = next((row for row in columns if row.pk == column_id), None)
    if column_id is not None and found is None:
        raise Http404
    context = {"sheet": sheet, "column": found}
    if request.method == "GET":
        last = columns[-1].order if columns else 0
        initial = _column(found, min(last + 1, 99))
        form = ColumnForm(initial=initial, rows=sheet.rows)
        return render(request, "sheets/column.html", context | {"form": form})
    form, status = ColumnForm(request.POST, rows=sheet.rows), 422
    if form.is_valid():
        try:
            data = form.cleaned_data
            save_column(sheet_id, actor=actor, now=now, data=data, column_id=column_id)
        except ValidationError as error:
            form.add_error(None, error)
            status = 409
        else:
            messages.success(request, _("栏目已保存。"))
            again = "another" in request.POST
            return redirect("sheets:column_new" if again else "sheets:sheet", sheet_id=sheet_id)
    return render(request, "sheets/column.html", context | {"form": form}, status=status)


def _column(found: Column | None, order: int) -> dict[str, Any]:
    if found is None:
        return {"order": order, "required": True}
    names = ("order", "title", "source", "kind", "help", "required", "by_grid")
    return {name: getattr(found, name) for name in names} | {"choices": "\n".join(found.choices)}


@staff_only
@require_POST
def drop_column(request: HttpRequest, sheet_id: int, column_id: int) -> HttpResponse:
    """Take a column out of a draft."""
    actor = actor_with(request, "sheets.ask")
    try:
        remove_column(sheet_id, column_id, actor=actor, now=timezone.now())
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("栏目已删去。"))
    return redirect("sheets:sheet", sheet_id=sheet_id)


@staff_only
@require_safe
def sheet(request: HttpRequest, sheet_id: int) -> HttpResponse:
    """Show one sheet: what it asks, what is known of it, what can be done."""
    return show_sheet(request, actor_with(request, *SEEN), sheet_id)


def _cost(sheet: Sheet, columns: list[Column]) -> Cost:
    communities = len(queries.communities_of(sheet.area_code))
    return cost_of(sheet, columns, communities, timezone.localdate())


def show_sheet(
    request: HttpRequest,
    actor: Actor,
    sheet_id: int,
    *,
    form: Form | None = None,
    reason: str = "",
    status: int = 200,
) -> HttpResponse:
    """Render one sheet; `form` is the refusal as typed, `reason` why a step was not taken."""
    found = queries.get_sheet(actor, sheet_id)
    columns = queries.columns_of(sheet_id)
    steps = SHEET_FLOW.available(found, actor)
    pending = found.state in {SheetState.DRAFT, SheetState.SUBMITTED}
    known = {row.column.pk: row for row in known_elsewhere(found, columns)} if pending else {}
    context = {
        "sheet": found,
        "only": ONLY.get(found.only) if found.only else "",
        "rows": [
            {"column": row, "source": source_of(row), "known": known.get(row.pk)} for row in columns
        ],
        "known_count": len(known),
        "steps": [step for step in steps if step.name != "refuse"],
        "refuse": (form or RefuseForm()) if any(s.name == "refuse" for s in steps) else None,
        "editable": found.state == SheetState.DRAFT and any(s.name == "submit" for s in steps),
        "cost": _cost(found, columns) if columns else None,
        "own": queries.is_asker(actor, found) and actor.can("sheets.ask"),
        "under_way": found.state in {SheetState.ADMITTED, SheetState.CLOSED},
        "reason": reason,
        "token": uuid.uuid4().hex,
    }
    return render(request, "sheets/sheet.html", context, status=status)


@staff_only
@require_POST
def step(request: HttpRequest, sheet_id: int, name: str) -> HttpResponse:
    """Take a step of a sheet."""
    actor = actor_with(request, "sheets.ask", "sheets.admit")
    try:
        take_step(
            name, sheet_id, actor=actor, now=timezone.now(), data=request.POST,
            key=request.POST.get("token") or None,
        )  # fmt: skip
    except UnknownStep as error:
        raise Http404 from error
    except InvalidStep as error:
        return show_sheet(request, actor, sheet_id, form=error.form, status=422)
    except StepRefused as error:
        return show_sheet(request, actor, sheet_id, reason=str(error), status=409)
    messages.success(request, _("已完成“%(step)s”。") % {"step": SHEET_FLOW.step(name).label})
    return redirect("sheets:sheet", sheet_id=sheet_id)
