"""The map: the places that are hot."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from linli.base.areas.models import Area

from .models import HotSpotDay

PERSIMMON = "#b8450f"


def features(rows: Iterable[HotSpotDay]) -> dict[str, Any]:
    """Return GeoJSON of the hot places, each once, with its hot spots in words.

    Communities come first, so that the grids in them are drawn above and can be touched.
    """
    places: dict[int, list[HotSpotDay]] = {}
    for row in rows:
        places.setdefault(row.spot.area_id, []).append(row)
    shapes = Area.objects.filter(pk__in=places).exclude(boundary=None)
    found = shapes.order_by("level", "code").values_list("pk", "boundary")
    return {
        "type": "FeatureCollection",
        "features": [_feature(places[pk], boundary) for pk, boundary in found],
    }


def _feature(rows: list[HotSpotDay], boundary: Any) -> dict[str, Any]:
    first = rows[0].spot
    words = [
        _("%(name)s %(count)d件（预期%(expected).1f）")
        % {"name": row.spot.category.name, "count": row.count, "expected": row.expected}
        for row in rows
    ]
    return {
        "type": "Feature",
        "geometry": boundary,
        "properties": {
            "name": first.area.full_name,
            "text": "；".join(words),
            "href": reverse("hotspots:spot", args=(first.pk,)),
            "style": {"color": PERSIMMON, "fillColor": PERSIMMON, "fillOpacity": 0.5},
        },
    }
