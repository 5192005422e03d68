"""Sheets on the phone: what only somebody on the spot can see, line by line."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from linli.base.sheets.actions import save_rows
from linli.base.sheets.models import Part, Row
from linli.base.sheets.queries import parts_on_the_spot
from linli.base.sheets.rosters.reading import (
    columns_for,
    in_grids,
    lines_of,
    rows_of_part,
    screen_of,
    unfilled,
)
from linli.kernel.flow import StepRefused
from linli.kernel.scope import Actor

from .phone import actor_of, draw, for_phone

SIZE = 8  # lines of a screen


def _looker(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    if not actor.can("sheets.look"):
        raise PermissionDenied
    return actor


@for_phone
@require_safe
def sheets(request: HttpRequest) -> HttpResponse:
    """List the sheets that ask something of the worker's grids, the nearest day first."""
    actor, today = _looker(request), timezone.localdate()
    codes = actor.areas("sheets.look")
    rows = []
    for part in parts_on_the_spot(actor):
        lines = in_grids(rows_of_part(part), part, codes)
        left = unfilled(lines, columns_for(part, by_grid=True)).count()
        rows.append({"part": part, "left": left, "late": part.late(today)})
    return draw(request, "field/sheets.html", {"rows": rows})


def _part(actor: Actor, part_id: int) -> Part:
    found = parts_on_the_spot(actor).filter(pk=part_id).first()
    if found is None:
        raise Http404
    return found


@for_phone
@require_http_methods(["GET", "POST"])
def sheet(request: HttpRequest, part_id: int) -> HttpResponse:
    """Show some lines of a sheet to fill in; posted, keep them and show the next."""
    actor = _looker(request)
    part = _part(actor, part_id)
    if request.method == "GET":
        return _show(request, actor, part)
    keys = [int(key) for key in request.POST.getlist("row") if key.isascii() and key.isdigit()]
    rows = list(_near(actor, part).filter(pk__in=keys[: 4 * SIZE]))
    try:
        form = save_rows(
            part.pk, rows, actor=actor, now=timezone.now(), data=request.POST,
            key=request.POST.get("token") or None, on_the_spot=True,
        )  # fmt: skip
    except StepRefused as error:
        form = screen_of(part, rows).form(request.POST, by_grid=True)
        return _show(request, actor, part, form, rows, str(error), 409)
    if form.errors:
        words = _("填对的已经保存；请改标红的栏目。")
        return _show(request, actor, part, form, rows, words, 422)
    messages.success(request, _("已保存。"))
    whole = "?all=1" if request.GET.get("all") == "1" else ""
    return redirect(reverse("field:sheet", args=[part.pk]) + whole)


def _near(actor: Actor, part: Part) -> Any:
    return in_grids(rows_of_part(part), part, actor.areas("sheets.look"))


def _show(
    request: HttpRequest,
    actor: Actor,
    part: Part,
    form: Any = None,
    rows: list[Row] | None = None,
    reason: str = "",
    status: int = 200,
) -> HttpResponse:
    near, columns = _near(actor, part), columns_for(part, by_grid=True)
    whole = request.GET.get("all") == "1"
    wanted = near if whole else unfilled(near, columns)
    page = Paginator(wanted, SIZE).get_page(request.GET.get("page"))
    rows = list(page) if rows is None else rows
    screen = screen_of(part, rows)
    form = form or screen.form(by_grid=True)
    context = {
        "part": part, "sheet": part.sheet, "lines": lines_of(screen, form), "page": page,
        "whole": whole, "kept": "all=1&" if whole else "", "reason": reason,
        "late": part.late(timezone.localdate()), "token": uuid.uuid4().hex,
    }  # fmt: skip
    return draw(request, "field/sheet.html", context, status)
