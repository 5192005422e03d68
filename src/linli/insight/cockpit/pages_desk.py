"""The cockpit on the desk: numbers of an area, its map, and the rows beneath a number."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from linli.base.accounts.access import staff_only
from linli.base.indicators import actions as indicators
from linli.kernel.scope import Actor

from . import beneath, layers
from .panel import Panel, Row, panel_of, rows_of
from .periods import PERIODS, PeriodForm
from .scope import view_of

WALL_SECONDS, WALL_ROWS, WALL_AREAS = 60, 8, 10
SORTS = ("on_time", "acceptance", "response", "satisfaction", "resolution", "rework", "returns")


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


@staff_only
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Show the numbers of an area over a period."""
    actor, now = _actor(request), timezone.now()
    view = view_of(actor, request.GET.get("area", ""))
    form = PeriodForm(request.GET if "period" in request.GET else None)
    period = form.chosen(timezone.localdate(now))
    panel = panel_of(actor, view, period, now)
    sort, measure = request.GET.get("sort", ""), request.GET.get("measure", "")
    measure = measure if measure in layers.MEASURES else "on_time"
    query = {"period": period.key}
    if period.key == "custom":
        query |= {"start": str(period.start), "end": str(period.end)}
    context = {
        "view": view,
        "form": form,
        "period": period,
        "periods": PERIODS,
        "panel": panel,
        "parts": _sorted(panel.parts, sort),
        "sort": sort,
        "measure": measure,
        "measure_label": layers.MEASURES[measure],
        "measures": layers.MEASURES,
        "dates": [form["start"], form["end"]],
        "query": urlencode(query),
        "layer": _layer_address(view.area.code, measure, query),
        "chart": _chart(panel),
        "now": now,
    }
    return render(request, "cockpit/page.html", context)


@staff_only
@require_safe
def wall(request: HttpRequest) -> HttpResponse:
    """Show the numbers of an area large, for a screen on the wall that renews itself."""
    actor, now = _actor(request), timezone.now()
    view = view_of(actor, request.GET.get("area", ""))
    period = PeriodForm(None).chosen(timezone.localdate(now))
    panel = panel_of(actor, view, period, now)
    asked = {"area": view.area.code, "measure": "overdue", "period": period.key}
    context = {
        "view": view,
        "period": period,
        "panel": panel,
        "late": panel.late[:WALL_ROWS],
        "parts": sorted(panel.parts, key=lambda row: (-row.overdue, -row.open))[:WALL_AREAS],
        "layer": f"{reverse('cockpit:layer')}?{urlencode(asked)}",
        "seconds": WALL_SECONDS,
        "now": now,
    }
    return render(request, "cockpit/wall.html", context)


def _layer_address(area: str, measure: str, query: dict[str, str]) -> str:
    asked = {"area": area, "measure": measure, **query}
    return f"{reverse('cockpit:layer')}?{urlencode(asked)}"


def _sorted(rows: list[Row], sort: str) -> list[Row]:
    """Put the worst first; areas without a value stand last."""
    if sort == "overdue":
        return sorted(rows, key=lambda row: -row.overdue)
    if sort not in SORTS:
        return rows

    def worst(row: Row) -> tuple[bool, float]:
        cell = row.rates[sort]
        value = cell.rate.percent
        sign = 1 if cell.indicator.better == "up" else -1
        return (value is None, sign * (value or 0))

    return sorted(rows, key=worst)


def _chart(panel: Panel) -> dict[str, Any]:
    def line(name: str, place: int) -> dict[str, Any]:
        values = [point[place] for point in panel.trend]
        return {"name": name, "type": "line", "showSymbol": False, "data": values}

    return {
        "tooltip": {"trigger": "axis"},
        "legend": {"top": 0},
        "xAxis": {"type": "category", "data": [f"{point[0]:%m-%d}" for point in panel.trend]},
        "yAxis": {"type": "value", "minInterval": 1},
        "series": [line(_("登记"), 1), line(_("办结"), 2)],
    }


@staff_only
@require_safe
def layer(request: HttpRequest) -> HttpResponse:
    """Return the parts of an area as GeoJSON, coloured by a measure."""
    now = timezone.now()
    view = view_of(_actor(request), request.GET.get("area", ""))
    period = PeriodForm(request.GET).chosen(timezone.localdate(now))
    measure = request.GET.get("measure", "on_time")
    if measure not in layers.MEASURES:
        raise Http404
    total, parts, _measured = rows_of(view, period, now, [])
    query = request.GET.copy()
    query.pop("area", None)
    drawn = [row for row in parts if row.area.valid_to is None]  # on the map stands who stands
    found = layers.features(drawn or [total], measure, query.urlencode())
    return JsonResponse(found, content_type="application/geo+json")


@staff_only
@require_safe
def rows(request: HttpRequest) -> HttpResponse:
    """Show the ledger entries beneath a number."""
    view = view_of(_actor(request), request.GET.get("area", ""))
    names = request.GET.getlist("m")
    form = beneath.BeneathForm(request.GET)
    if beneath.verbs_of(names) is None or not form.is_valid():
        raise Http404
    data = form.cleaned_data
    found, after = beneath.page_of(names, view.area.code, data["start"], data["end"], data["after"])
    query = request.GET.copy()
    query["after"] = str(after)
    context = {
        "view": view,
        "title": beneath.title_of(names),
        "start": data["start"],
        "end": data["end"],
        "rows": found,
        "next": query.urlencode() if after else "",
    }
    return render(request, "cockpit/rows.html", context)


@staff_only
@require_POST
def refresh(request: HttpRequest) -> HttpResponse:
    """Count what is new in the ledger now, and go back to the page."""
    if not _actor(request).can("cockpit.view"):
        raise PermissionDenied
    indicators.fold(now=timezone.now())
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure())
    return redirect(target if safe else "cockpit:page")
