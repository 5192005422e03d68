"""The board "who answers for this door": from an address or a point to people and numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from ..areas.models import CODE_LENGTH, Area, Level
from ..areas.queries import Resolved, district, nearest_resources, resolve_place
from .access import staff_only
from .answering import tiers_of


class DoorForm(forms.Form):
    """The marks of a door."""

    address = forms.CharField(required=False, max_length=80)
    lon = forms.FloatField(required=False, min_value=-180, max_value=180)
    lat = forms.FloatField(required=False, min_value=-90, max_value=90)
    place = forms.RegexField(r"^\d{9,18}$", required=False)


def _point(area: Area | None, told: Mapping[str, Any]) -> tuple[float, float] | None:
    """Return the (lon, lat) told, else that of the place found."""
    lon, lat = told.get("lon"), told.get("lat")
    if (lon is None or lat is None) and area is not None:
        lon, lat = area.lon, area.lat
    return None if lon is None or lat is None else (lon, lat)


def _layers(area: Area | None) -> str:
    """Return what the map draws: the grids around the place found, else the subdistricts."""
    if area is not None and len(area.code) >= CODE_LENGTH[Level.COMMUNITY]:
        return reverse("areas:below", args=(area.code[: CODE_LENGTH[Level.COMMUNITY]],))
    top = district()
    return reverse("areas:below", args=(top.code,)) if top else ""


@staff_only
@require_safe
def door(request: HttpRequest) -> HttpResponse:
    """Show who answers for a door at three tiers, with phone numbers for those who may call."""
    actor = request.actor  # type: ignore[attr-defined]
    if not actor.can("areas.view"):
        raise PermissionDenied
    form = DoorForm(request.GET)
    told = form.cleaned_data if form.is_valid() else {}
    asked = any(request.GET.get(name) for name in form.fields)
    found = Resolved()
    if asked:
        found = resolve_place(
            lon=told.get("lon"), lat=told.get("lat"), place_code=told.get("place", ""),
            address=told.get("address", ""),
        )  # fmt: skip
    point = _point(found.area, told)
    context = {
        "near": nearest_resources(actor, *point) if point and found.area else [],
        "layers": _layers(found.area),
        "asked": asked,
        "address": request.GET.get("address", "")[:80],
        "lon": point[0] if point else None,
        "lat": point[1] if point else None,
        "found": found,
        "tiers": tiers_of(found.area, timezone.localdate()) if found.area else [],
        "phones": actor.can("areas.phones"),
    }
    return render(request, "accounts/desk/door.html", context)
