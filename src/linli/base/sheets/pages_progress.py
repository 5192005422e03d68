"""The asker's view of a sheet under way: how far each community is, its answer, the sums."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from linli.kernel.flow import InvalidStep, StepRefused
from linli.kernel.listing.respond import FormFilters, respond
from linli.kernel.scope import Actor

from ..accounts.access import staff_only
from . import queries
from .actions import judge_part
from .flow import PART_FLOW
from .forms import PartFilterForm, SendBackForm
from .lists import narrow_parts, narrow_rows, progress_spec, rows_spec
from .models import Column, Row, Sheet, SheetState, Template
from .pages import SEEN, actor_with
from .pages_parts import rows_of
from .progress import counts, parts_of, roll_up, summed
from .rosters.reading import SIZE, lines_of, rows_of_part, screen_of
from .rosters.rows import row_labels

SHOWN = {SheetState.ADMITTED, SheetState.CLOSED}


@staff_only
@require_safe
def progress(request: HttpRequest, sheet_id: int) -> HttpResponse:
    """Show how far each community is; or hand the answers over as a workbook."""
    actor, today = actor_with(request, *SEEN), timezone.localdate()
    sheet = queries.get_sheet(actor, sheet_id)
    if sheet.state not in SHOWN:
        raise Http404
    columns = queries.asked_columns(queries.columns_of(sheet_id))
    leaving = request.GET.get("export") == "xlsx"
    if leaving and not actor.can("sheets.export", sheet.area_code):
        raise PermissionDenied
    if leaving and sheet.has_rows:
        return _lines_leave(request, sheet, columns)
    rows = parts_of(sheet)
    if leaving:
        rows = rows.prefetch_related("values")
    found = FormFilters(PartFilterForm(request.GET, auto_id="filter_%s"), rows, narrow_parts)
    return respond(
        request, "sheets/progress.html", progress_spec(columns if leaving else (), today), rows,
        filters=found, export="sheets.export",
        context={
            "sheet": sheet, "counts": counts(sheet, today), "sums": bool(summed(columns)),
            "own": queries.is_asker(actor, sheet) and actor.can("sheets.ask"),
            "template": Template.objects.filter(sheet=sheet).exists(),
        },
    )  # fmt: skip


def _lines_leave(request: HttpRequest, sheet: Sheet, columns: list[Column]) -> HttpResponse:
    rows = Row.objects.filter(part__sheet=sheet).select_related("part__area")
    rows = rows.defer("part__area__boundary").prefetch_related("cells")
    labels = row_labels(sheet.rows, list(rows.order_by().values_list("ref", flat=True)))
    found = FormFilters(PartFilterForm(request.GET, auto_id="filter_%s"), rows, narrow_rows)
    return respond(
        request, "sheets/progress.html", rows_spec(sheet, columns, labels), rows,
        filters=found, export="sheets.export",
    )  # fmt: skip


@staff_only
@require_safe
def totals(request: HttpRequest, sheet_id: int) -> HttpResponse:
    """Show the sums: of the whole, of each subdistrict, of each community."""
    actor = actor_with(request, *SEEN)
    sheet = queries.get_sheet(actor, sheet_id)
    if sheet.state not in SHOWN:
        raise Http404
    columns = summed(queries.columns_of(sheet_id))
    context = {"sheet": sheet, "columns": columns, "lines": roll_up(sheet, columns)}
    return render(request, "sheets/totals.html", context)


@staff_only
@require_safe
def part(request: HttpRequest, part_id: int) -> HttpResponse:
    """Show one community's answer, to be accepted or sent back."""
    return _part(request, actor_with(request, *SEEN), part_id)


def _part(
    request: HttpRequest,
    actor: Actor,
    part_id: int,
    *,
    form: Any = None,
    reason: str = "",
    status: int = 200,
) -> HttpResponse:
    found = queries.get_part(actor, part_id)
    if not queries.visible_sheets(actor).filter(pk=found.sheet_id).exists():
        raise Http404
    open_sheet = found.sheet.state == SheetState.ADMITTED
    steps = {step.name for step in PART_FLOW.available(found, actor)} if open_sheet else set()
    back: Form | None = (form or SendBackForm()) if "send_back" in steps else None
    many = found.sheet.has_rows
    page = Paginator(rows_of_part(found), SIZE).get_page(request.GET.get("page")) if many else None
    screen = screen_of(found, list(page)) if page else None
    context = {
        "part": found,
        "sheet": found.sheet,
        "rows": [] if many else rows_of(found, None),
        "lines": lines_of(screen, None, links=False) if screen else [],
        "columns": screen.columns if screen else [],
        "page": page,
        "kept": "",
        "accept": "accept" in steps,
        "form": back,
        "reason": reason,
        "late": found.late(timezone.localdate()),
        "token": uuid.uuid4().hex,
    }
    return render(request, "sheets/part.html", context, status=status)


@staff_only
@require_POST
def judge(request: HttpRequest, part_id: int, name: str) -> HttpResponse:
    """Accept a part or send it back."""
    actor = actor_with(request, "sheets.ask")
    if name not in {"accept", "send_back"}:
        raise Http404
    try:
        done = judge_part(
            name, part_id, actor=actor, now=timezone.now(), data=request.POST,
            key=request.POST.get("token") or None,
        )  # fmt: skip
    except InvalidStep as error:
        return _part(request, actor, part_id, form=error.form, status=422)
    except StepRefused as error:
        form = SendBackForm(request.POST) if name == "send_back" else None
        return _part(request, actor, part_id, form=form, reason=str(error), status=409)
    messages.success(request, _("已完成“%(step)s”。") % {"step": PART_FLOW.step(name).label})
    return redirect("sheets:progress", sheet_id=done.subject.sheet_id)
