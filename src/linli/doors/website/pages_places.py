"""The sites of district, subdistricts and communities, and which one is mine."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from linli.base.areas.models import Area
from linli.base.areas.queries import by_code, community_choices, place_at
from linli.life.knowledge.queries import most_used
from linli.life.publishing import queries

from . import places

SHOWN = 8  # stories on the first page of a site
LEVELS = ("district", "subdistrict", "community")
COOKIE, YEAR = "place", 365 * 86400
COMMUNITY = 12  # digits of its code


def site_of(code: str) -> Area:
    """Return a place that has a site; raises Http404."""
    area = by_code(code)
    if area is None or area.level not in LEVELS:
        raise Http404
    return area


def mine(request: HttpRequest) -> Area | None:
    """Return the community this browser was told to be at home in."""
    code = request.COOKIES.get(COOKIE, "")
    area = by_code(code) if code.isdigit() and len(code) == COMMUNITY else None
    return area if area is not None and area.level == "community" else None


@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """List every site, by subdistrict."""
    words = request.GET.get("q", "").strip()[:40]
    groups = [
        (name, [(code, label) for code, label in rows if words in label])
        for name, rows in community_choices()
    ]
    context = {"groups": [group for group in groups if group[1]], "q": words, "mine": mine(request)}
    return render(request, "website/places.html", context)


@require_POST
def here(request: HttpRequest) -> HttpResponse:
    """Lead to the community in which a point lies; the point is not kept."""
    try:
        lon, lat = float(request.POST.get("lon", "")), float(request.POST.get("lat", ""))
    except ValueError:
        lon = lat = float("nan")
    area = place_at(lon, lat) if -180 <= lon <= 180 and -90 <= lat <= 90 else None
    if area is None:
        messages.error(request, _("这个位置不在本区，请从下面选。"))
        return redirect("website:places")
    return redirect("website:place", code=area.code[:COMMUNITY])


@require_safe
def place(request: HttpRequest, code: str) -> HttpResponse:
    """Show the site of a place: what is new, whom to ask, how matters stand."""
    area, now = site_of(code), timezone.now()
    rows = queries.at_place(queries.shown(now), code)
    building = request.GET.get("building", "")
    if building.isascii() and building.isdigit() and len(building) < 10:
        rows = rows.filter(story__told__building=int(building))
    is_community = area.level == "community"
    context: dict[str, Any] = {
        "area": area,
        "stories": list(rows[:SHOWN]),
        "buildings": queries.buildings_told(code, now) if is_community else [],
        "building": building,
        "figures": places.figures_of(area, now),
        "office": places.office_of(area),
        "grids": places.grids_of(area) if is_community else [],
        "below": [] if is_community else list(places.below(area)),
        "questions": most_used(timezone.localdate(now), 4),
        "mine": request.COOKIES.get(COOKIE) == code,
        "may_choose": is_community,
    }
    return render(request, "website/place.html", context)


@require_POST
def at_home(request: HttpRequest, code: str) -> HttpResponse:
    """Keep in this browser that this is the person's own community, or that it is not any more."""
    area = site_of(code)
    response = redirect("website:place", code=code)
    if request.POST.get("home") == "1" and area.level == "community":
        response.set_cookie(COOKIE, code, max_age=YEAR, httponly=True, samesite="Lax")
        messages.success(request, _("已记住，首页会显示%(name)s。") % {"name": area.short_name})
    else:
        response.delete_cookie(COOKIE)
        messages.success(request, _("首页不再显示这个社区。"))
    return response
