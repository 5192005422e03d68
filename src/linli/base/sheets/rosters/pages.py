"""A part with many lines on the community's desk: a page of them to fill in, then the next."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from linli.kernel.flow import InvalidStep, StepRefused
from linli.kernel.scope import Actor

from ...accounts.access import staff_only
from .. import queries
from ..actions.rows import hand_in_rows, save_rows
from ..flow import PART_FLOW
from ..models import Part, SheetState, Template
from ..pages import actor_with
from .cells import RowsForm
from .models import Row
from .preparing import prepare_part, read_again
from .reading import SIZE, columns_for, in_grids, lines_of, rows_of_part, screen_of, unfilled


def _page(request: HttpRequest, part: Part) -> tuple[Page[Row], dict[str, str]]:
    """Return the lines asked for, and the filters in force."""
    rows, asked = rows_of_part(part), {}
    grids = dict(queries.grids_of(part.area_code))
    if request.GET.get("grid") in grids:
        asked["grid"] = request.GET["grid"]
        rows = in_grids(rows, part, [asked["grid"]])
    if request.GET.get("blank") == "1":
        asked["blank"] = "1"
        rows = unfilled(rows, columns_for(part))
    return Paginator(rows, SIZE).get_page(request.GET.get("page")), asked


def _posted(request: HttpRequest, part: Part) -> list[Row]:
    """Return the lines that the page sent held, wherever they would stand now."""
    keys = {int(key) for key in request.POST.getlist("row") if key.isascii() and key.isdigit()}
    return list(rows_of_part(part).filter(pk__in=sorted(keys)[: 4 * SIZE]))


def fill_rows(request: HttpRequest, actor: Actor, part: Part, now: datetime) -> HttpResponse:
    """Show a page of lines; posted, keep them and go on to the next, or hand the part in."""
    if not part.ready:
        prepare_part(part.pk, actor=actor, now=now)
        part = queries.get_part(actor, part.pk)
    if request.method == "GET":
        return _show(request, actor, part)
    key, rows = request.POST.get("token") or None, _posted(request, part)
    data: QueryDict = request.POST
    try:
        if "hand_in" in data:
            hand_in_rows(part.pk, rows, actor=actor, now=now, data=data, key=key)
            messages.success(request, _("已上报。"))
            return redirect("sheets:tasks")
        form = save_rows(part.pk, rows, actor=actor, now=now, data=data, key=key)
    except InvalidStep as error:
        words = _("还不能上报：请看标红的栏目。其余的已经保存。")
        return _show(request, actor, part, error.form, rows, words, 422)
    except StepRefused as error:
        form = screen_of(part, rows).form(data)
        return _show(request, actor, part, form, rows, str(error), 409)
    if form.errors:
        words = _("填对的已经保存；请改标红的栏目。")
        return _show(request, actor, part, form, rows, words, 422)
    messages.success(request, _("已保存，可以以后接着填。"))
    return redirect(_address(request, part))


def _address(request: HttpRequest, part: Part) -> str:
    """Return where to go on: the next page where it was asked for."""
    params = request.GET.copy()
    if "next" in request.POST and params.get("blank") != "1":
        page = params.get("page", "1")
        params["page"] = str(int(page) + 1 if page.isascii() and page.isdigit() else 2)
    return f"{reverse('sheets:fill', args=[part.pk])}?{params.urlencode()}"


def _show(
    request: HttpRequest,
    actor: Actor,
    part: Part,
    form: RowsForm | Any = None,
    rows: list[Row] | None = None,
    reason: str = "",
    status: int = 200,
) -> HttpResponse:
    if request.method == "POST":
        part = queries.get_part(actor, part.pk)
    page, asked = _page(request, part)
    rows = list(page) if rows is None else rows
    steps = {step.name for step in PART_FLOW.available(part, actor)}
    writable = "save" in steps and part.sheet.state == SheetState.ADMITTED
    screen = screen_of(part, rows)
    if writable and form is None:
        form = screen.form()
    context = {
        "part": part, "sheet": part.sheet, "page": page, "asked": asked,
        "kept": "".join(f"{name}={value}&" for name, value in asked.items()),
        "columns": screen.columns, "grids": queries.grids_of(part.area_code),
        "lines": lines_of(screen, form if writable else None), "form": form,
        "writable": writable, "reason": reason, "late": part.late(timezone.localdate()),
        "template": Template.objects.filter(sheet=part.sheet_id).exists(),
        "token": uuid.uuid4().hex,
    }  # fmt: skip
    return render(request, "sheets/fill_rows.html", context, status=status)


@staff_only
@require_POST
def read(request: HttpRequest, part_id: int) -> HttpResponse:
    """Bring a part up to what the registers say now."""
    actor = actor_with(request, "sheets.fill")
    try:
        n = read_again(part_id, actor=actor, now=timezone.now())
    except StepRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("已按登记册重新取数，现在%(n)d行。") % {"n": n})
    return redirect("sheets:fill", part_id=part_id)
