"""The map: each part of the area coloured by one measure."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from linli.base.areas.models import Area

from .panel import Row

JADE, PERSIMMON, QUIET = "#1f7a68", "#b8450f", "#8a938f"
MEASURES = {
    "on_time": _("按期办结率"),
    "satisfaction": _("满意率"),
    "overdue": _("超期未办结"),
    "registered": _("登记数"),
}


def features(rows: list[Row], measure: str, query: str) -> dict[str, Any]:
    """Return GeoJSON of the parts; a missed target is persimmon, no data is grey."""
    shapes = Area.objects.filter(pk__in=[row.area.pk for row in rows]).exclude(boundary=None)
    boundaries = dict(shapes.values_list("pk", "boundary"))
    most = max((_count(row, measure) for row in rows), default=0) or 1
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": boundaries[row.area.pk],
                "properties": {
                    "name": row.area.short_name,
                    "text": _text(row, measure),
                    "href": f"{reverse('cockpit:page')}?area={row.area.code}&{query}",
                    "style": _style(row, measure, most),
                },
            }
            for row in rows
            if row.area.pk in boundaries
        ],
    }


def _count(row: Row, measure: str) -> int:
    return int(getattr(row, measure)) if measure in {"overdue", "registered"} else 0


def _text(row: Row, measure: str) -> str:
    cell = row.rates.get(measure)
    if cell is None:
        return str(_count(row, measure))
    return str(_("%(rate)s（%(part)s/%(whole)s）")) % {
        "rate": cell.rate.shown,
        "part": cell.rate.numerator,
        "whole": cell.rate.denominator,
    }


def _style(row: Row, measure: str, most: int) -> dict[str, Any]:
    cell = row.rates.get(measure)
    if cell is None:
        colour = PERSIMMON if measure == "overdue" else JADE
        return {
            "fillColor": colour,
            "fillOpacity": round(0.1 + 0.7 * _count(row, measure) / most, 2),
        }
    if cell.rate.percent is None:
        return {"fillColor": QUIET, "fillOpacity": 0.15}
    # The further from 100 % (or the nearer to it), the stronger the colour.
    if cell.missed:
        return {"fillColor": PERSIMMON, "fillOpacity": round(0.8 - cell.rate.percent / 200, 2)}
    return {"fillColor": JADE, "fillOpacity": round(0.2 + cell.rate.percent / 200, 2)}
