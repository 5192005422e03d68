"""The grids of a community as a GeoJSON file, out and in."""

from __future__ import annotations

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from shapely import set_precision
from shapely.errors import ShapelyError
from shapely.geometry import shape

from .actions import Heir
from .coordinates import convert
from .generate import PRECISION
from .importing import decode
from .models import Area, GridKind

MOST_GRIDS, LARGEST = 300, 5 * 1024 * 1024


def grids_geojson(community: Area) -> dict[str, Any]:
    """Return the grids in force with their full borders, in WGS 84."""
    rows = community.children.filter(valid_to=None, boundary__isnull=False).order_by("code")
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {
                    "id": grid.pk,
                    "code": grid.code,
                    "name": grid.name,
                    "kind": grid.grid_kind,
                    "households": grid.households,
                },
                "geometry": grid.boundary,
            }
            for grid in rows
        ],
    }


def read_grids(body: bytes, crs: str) -> list[Heir]:
    """Return the grids of a file: features with `name`, perhaps `kind` and `households`.

    Raises ValidationError with every bad feature by its number.
    """
    try:
        data = json.loads(decode(body[: LARGEST + 1]) or "") if len(body) <= LARGEST else {}
        features = data["features"]
        if not isinstance(features, list) or not 0 < len(features) <= MOST_GRIDS:
            raise ValueError
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ValidationError(
            _("不是可用的GeoJSON：应为FeatureCollection，1至300个要素，不超过5 MB。")
        ) from error
    heirs, bad = [], []
    for number, feature in enumerate(features, start=1):
        try:
            heirs.append(_heir(feature, crs))
        except (AttributeError, KeyError, TypeError, ValueError, IndexError, ShapelyError) as error:
            bad.append(
                _("第%(n)d个要素：%(why)s")
                % {"n": number, "why": str(error)[:120] or _("无法读取")}
            )
    if bad:
        raise ValidationError(bad[:20])
    return heirs


def _heir(feature: Any, crs: str) -> Heir:
    told = feature.get("properties") or {}
    name, kind = str(told.get("name") or "").strip(), str(told.get("kind") or "")
    if not name or len(name) > 80:
        raise ValueError(_("缺少名称，或名称超过80个字"))
    if kind not in {"", *GridKind.values}:
        raise ValueError(_("没有“%(kind)s”这种网格") % {"kind": kind[:20]})
    households = told.get("households")
    if households is not None and (type(households) is not int or not 0 <= households < 100_000):
        raise ValueError(_("户数应为整数"))
    geometry = convert(feature["geometry"]) if crs == "gcj02" else feature["geometry"]
    ground = shape(geometry)
    parts = list(getattr(ground, "geoms", [ground]))
    if ground.is_empty or len(parts) != 1 or parts[0].geom_type != "Polygon":
        raise ValueError(_("图形应为一块连成一片的Polygon"))
    tidy: Any = set_precision(parts[0], PRECISION)
    return Heir(name, tidy, "", kind or GridKind.ORDINARY, households)
