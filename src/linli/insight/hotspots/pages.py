"""Hot spots on the desk: a day's list with its map, and one hot spot."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from linli.base.accounts.access import staff_only
from linli.kernel.flow import InvalidStep, SomeoneFaster, StepRefused
from linli.kernel.scope import Actor

from . import layers, queries
from .actions import mark_seen
from .flow import HOT_SPOT_FLOW
from .forms import DayForm, SeenForm
from .models import HotSpot, HotSpotDay


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not actor.can("hotspots.view"):
        raise PermissionDenied
    return actor


def cases_href(row: HotSpotDay) -> str:
    """Return the address of the list of the cases that were counted."""
    asked = {
        "category": row.spot.category.code,
        "area": row.spot.area_code,
        "registered_from": row.since,
        "registered_to": row.day,
    }
    return f"{reverse('cases:list')}?{urlencode(asked)}"


@staff_only
@require_safe
def day(request: HttpRequest) -> HttpResponse:
    """Show what a day's search found in the viewer's areas, the latest where none is named."""
    actor = _actor(request)
    form = DayForm(request.GET if request.GET.get("day") else None)
    wanted = form.cleaned_data.get("day") if form.is_valid() else None
    area = request.GET.get("area", "")[:18]
    run = queries.run_of(wanted)
    form.initial = {"day": run.day if run else None}
    rows = queries.of_day(actor, run.day, area) if run else []
    for row in rows:
        row.cases_href = cases_href(row)  # type: ignore[attr-defined]
    before, after = queries.neighbours(run) if run else (None, None)
    context = {
        "form": form,
        "run": run,
        "wanted": wanted,
        "rows": rows,
        "earlier": queries.earlier(actor, run.day) if run else [],
        "before": before,
        "after": after,
        "area": area,
        "layer": f"{reverse('hotspots:layer')}?{urlencode({'day': run.day, 'area': area})}"
        if run
        else "",
    }
    return render(request, "hotspots/list.html", context)


@staff_only
@require_safe
def layer(request: HttpRequest) -> HttpResponse:
    """Return a day's hot places as GeoJSON."""
    actor, form = _actor(request), DayForm(request.GET)
    run = queries.run_of(form.cleaned_data["day"]) if form.is_valid() else None
    if run is None:
        raise Http404
    found = layers.features(queries.of_day(actor, run.day, request.GET.get("area", "")[:18]))
    return JsonResponse(found, content_type="application/geo+json")


@staff_only
@require_safe
def spot(request: HttpRequest, spot_id: int) -> HttpResponse:
    """Show one hot spot: its counts, its cases, its place, and who looked into it."""
    return _render(request, queries.get_spot(_actor(request), spot_id))


@staff_only
@require_POST
def seen(request: HttpRequest, spot_id: int) -> HttpResponse:
    """Mark it as looked into; where that is refused, show the form as it was typed."""
    actor = _actor(request)
    found = queries.get_spot(actor, spot_id)
    raw = request.POST.get("version", "")
    try:
        mark_seen(
            found.pk,
            actor=actor,
            now=timezone.now(),
            data=request.POST,
            key=request.POST.get("token") or None,
            expected=int(raw) if raw.isascii() and raw.isdigit() else None,
        )
    except InvalidStep as error:
        return _render(request, found, error.form, str(error), 422)
    except StepRefused as error:
        fresh = queries.get_spot(actor, spot_id)
        status = 409 if isinstance(error, SomeoneFaster) else 422
        return _render(request, fresh, SeenForm(request.POST), str(error), status)
    messages.success(request, _("已标记为查看过。"))
    return redirect("hotspots:spot", spot_id=spot_id)


def _render(
    request: HttpRequest,
    found: HotSpot,
    form: forms.Form | None = None,
    reason: str = "",
    status: int = 200,
) -> HttpResponse:
    days = queries.days_of(found)
    for row in days:
        row.spot = found
    steps = HOT_SPOT_FLOW.available(found, _actor(request))
    context = {
        "spot": found,
        "days": days,
        "last": days[0],
        "cases_href": cases_href(days[0]),
        "chart": _chart(days[0]),
        "table": _table(days[0]),
        "p_words": _odds(days[0].p),
        "layer": reverse("areas:boundary", args=(found.area_code,)),
        "step": steps[0] if steps else None,
        "form": form or SeenForm(),
        "reason": reason,
        "token": uuid.uuid4().hex,
    }
    return render(request, "hotspots/spot.html", context, status=status)


def _names(row: HotSpotDay) -> list[str]:
    return [_("前%(n)d期") % {"n": n} for n in range(len(row.history), 0, -1)] + [_("本期")]


def _table(row: HotSpotDay) -> dict[str, Any]:
    """Return what the chart shows as a table."""
    return {
        "heads": [_("时段"), _("件数")],
        "rows": list(zip(_names(row), [*row.history, row.count], strict=True)),
    }


def _odds(p: float) -> str:
    """Return a small chance as people read it."""
    return _("%(n)s分之一") % {"n": f"{round(1 / max(p, 1e-9)):,}"}


def _chart(row: HotSpotDay) -> dict[str, Any]:
    """Return the windows as columns, the last one marked, with the expected count as a line."""
    counts, names = [*row.history, row.count], _names(row)
    line = {
        "silent": True,
        "symbol": "none",
        "data": [{"yAxis": round(row.expected, 2), "name": _("预期")}],
    }
    data: list[Any] = [*counts[:-1], {"value": counts[-1], "itemStyle": {"color": "#b8450f"}}]
    return {
        "tooltip": {"trigger": "axis"},
        "xAxis": {"type": "category", "data": names},
        "yAxis": {"type": "value", "minInterval": 1},
        "series": [{"name": _("件数"), "type": "bar", "data": data, "markLine": line}],
    }
