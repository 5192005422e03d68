"""Read areas: the tree, the way up, finding by name, code, initials or address, and boundaries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import shapely
from django.core.cache import cache
from django.db.models import Q, QuerySet
from django.db.models.functions import Length
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from shapely.geometry import mapping, shape

from linli.kernel.scope import Actor

from .changes.queries import past_codes, predecessor_of
from .coverage import Coverage, coverage
from .duties.queries import PostLine, board
from .locate import locate, locate_many
from .models import CODE_LENGTH, Area, BoundaryRevision, Level
from .resources.queries import Near, in_area, nearest

past_codes_of = past_codes  # for the modules above
nearest_resources = nearest
resources_in = in_area
duty_board = board
__all__ = ["Near", "PostLine"]
SIMPLIFY = {Level.DISTRICT: 1e-4, Level.SUBDISTRICT: 5e-5, Level.COMMUNITY: 2e-5, Level.GRID: 0.0}


@dataclass(frozen=True)
class Candidate:
    """A place an address may mean."""

    code: str
    name: str
    path: str
    lon: float | None
    lat: float | None


def in_force() -> QuerySet[Area]:
    """Return the areas that stand today, without their boundaries."""
    return Area.objects.filter(valid_to=None).defer("boundary")


def visible_areas(actor: Actor) -> QuerySet[Area]:
    """Return the areas the actor may see on the desk; fails closed."""
    if actor.kind == "system" or actor.can("areas.view"):
        return in_force()
    return Area.objects.none()


def get_area(actor: Actor, code: str) -> Area:
    """Return an area in force by its code; raises Http404 where there is none to be seen."""
    return get_object_or_404(visible_areas(actor).select_related("parent"), code=code)


def former_area(actor: Actor, code: str) -> Area | None:
    """Return the area that had this code once, where none has it now; None otherwise."""
    if not actor.can("areas.view") or by_code(code) is not None:
        return None
    return predecessor_of(code)


def by_code(code: str) -> Area | None:
    """Return the area in force with this code, or None."""
    return in_force().filter(code=code).first()


def district() -> Area | None:
    """Return the district."""
    return in_force().filter(level=Level.DISTRICT).order_by("code").first()


def children(area: Area) -> QuerySet[Area]:
    """Return the areas right below, by code."""
    return in_force().filter(parent=area).order_by("code")


def path_codes(code: str) -> list[str]:
    """Return the codes from the district down to this one."""
    return [code[:n] for n in sorted(CODE_LENGTH.values()) if n <= len(code)]


def path(code: str) -> list[Area]:
    """Return the areas from the district down to this one."""
    return list(in_force().filter(code__in=path_codes(code)).order_by("code"))


def path_name(code: str, names: dict[str, str]) -> str:
    """Return "街道 社区 网格" for a code, from names fetched beforehand."""
    return " ".join(names[part] for part in path_codes(code)[1:] if part in names)


def find(text: str, limit: int = 20, level: str = "") -> list[Area]:
    """Find areas by code, part of a name, or the start of pinyin or initials; best first."""
    wanted = "".join(text.split()).lower()
    if not wanted:
        return []
    condition = Q(name__icontains=wanted)
    if wanted.isascii() and wanted.isdigit():
        condition |= Q(code__startswith=wanted)
    elif wanted.isascii():
        condition = Q(keywords__startswith=wanted) | Q(keywords__contains=f" {wanted}")
    rows = in_force().filter(condition).select_related("parent")
    if level:
        rows = rows.filter(level=level)
    return list(rows.order_by(Length("code"), "code")[:limit])


def match_address(text: str, limit: int = 8) -> list[Candidate]:
    """Return the communities and building groups an address may mean, best first."""
    wanted = "".join(text.split())
    if len(wanted) < 2:
        return []
    rows = in_force().filter(level__in=(Level.COMMUNITY, Level.BUILDING))
    found = list(rows.filter(Q(name__icontains=wanted) | Q(address__icontains=wanted))[:limit])
    if not found:
        found = _by_parts(rows, wanted, limit)
    names = place_names({code for area in found for code in path_codes(area.code)})
    return [
        Candidate(area.code, area.name, path_name(area.code, names), area.lon, area.lat)
        for area in found
    ]


def _by_parts(rows: QuerySet[Area], wanted: str, limit: int) -> list[Area]:
    """Shorten the text from its end, then from its start, until something fits."""
    for length in range(len(wanted) - 1, 2, -1):
        for part in (wanted[:length], wanted[-length:]):
            found = list(rows.filter(name__icontains=part)[:limit])
            if found:
                return found
    return []


def place_names(codes: set[str]) -> dict[str, str]:
    """Return the names of the areas in force that have these codes."""
    return dict(in_force().filter(code__in=codes).values_list("code", "name"))


def revision() -> int:
    """Return the number that grows with every moved border."""
    row = BoundaryRevision.objects.first()
    return row.revision if row else 0


def boundaries_below(code: str) -> dict[str, Any]:
    """Return the boundaries of the areas right below `code` as a GeoJSON FeatureCollection."""
    key = f"areas:below:{code}:{revision()}"
    found: dict[str, Any] | None = cache.get(key)
    if found is None:
        rows = Area.objects.filter(parent__code=code, valid_to=None, boundary__isnull=False)
        found = _collection(rows.order_by("code"))
        cache.set(key, found, 600)
    return found


def boundary_of(code: str) -> dict[str, Any]:
    """Return one area's boundary as a FeatureCollection."""
    return _collection(Area.objects.filter(code=code, valid_to=None, boundary__isnull=False))


def _collection(rows: QuerySet[Area]) -> dict[str, Any]:
    features = []
    for area in rows:
        polygon = shape(area.boundary or {})
        tolerance = SIMPLIFY.get(Level(area.level), 0.0)
        if tolerance:
            polygon = shapely.simplify(polygon, tolerance)
        features.append(
            {
                "type": "Feature",
                "properties": {"code": area.code, "name": area.short_name},
                "geometry": mapping(shapely.set_precision(polygon, 1e-6)),
            }
        )
    return {"type": "FeatureCollection", "features": features}


def coverage_of(area: Area) -> Coverage | None:
    """Return how the areas right below cover this one; None without boundaries."""
    whole = Area.objects.get(pk=area.pk).boundary
    parts = Area.objects.filter(parent=area, valid_to=None, boundary__isnull=False)
    shapes = [shape(boundary) for boundary in parts.values_list("boundary", flat=True) if boundary]
    return coverage(shape(whole), shapes) if whole and shapes else None


@dataclass(frozen=True)
class Resolved:
    """What the marks of a place come to: an area, or a problem with the field it concerns."""

    area: Area | None = None
    field: str = ""
    problem: str = ""
    candidates: tuple[Candidate, ...] = ()


def resolve_place(
    *,
    lon: float | None = None,
    lat: float | None = None,
    place_code: str = "",
    address: str = "",
    community_code: str = "",
) -> Resolved:
    """Return the area that a point, a chosen place, an address or a community stands for.

    A point goes before the rest; one outside the district is a problem, and an address is asked
    for. An address that fits several places comes back with the candidates to choose from.
    """
    if lon is not None and lat is not None:
        return _resolve_point(lon, lat)
    if place_code or community_code:
        area = by_code(place_code or community_code)
        if area is None:
            return Resolved(field="community", problem=_("没有这个地方，请重新选择。"))
        return Resolved(area=area)
    return _resolve_address(address)


def _resolve_address(address: str) -> Resolved:
    if not address.strip():
        problem = _("请在地图上点一下位置，或填写地址，或选择社区。")
        return Resolved(field="address", problem=problem)
    found = match_address(address)
    if len(found) == 1:
        return Resolved(area=by_code(found[0].code))
    if found:
        problem = _("这个地址可能是下面几处，请选择一处。")
        return Resolved(field="address", problem=problem, candidates=tuple(found))
    return Resolved(field="community", problem=_("没有找到这个地址，请选择所在社区。"))


def place_at(lon: float, lat: float) -> Area | None:
    """Return the grid at a point, or None outside the district."""
    place = locate(lon, lat)
    return None if place is None else in_force().get(pk=place.area_id)


def grid_codes_at(lons: list[float], lats: list[float]) -> set[str]:
    """Return the codes of the grids at some points; points outside the district count for none."""
    return {place.code for place in locate_many(lons, lats) if place is not None}


def _resolve_point(lon: float, lat: float) -> Resolved:
    area = place_at(lon, lat)
    if area is None:
        top = district()
        problem = _("您点的位置不在%(district)s范围内，请重新点选，或填写地址。") % {
            "district": top.name if top else ""
        }
        return Resolved(field="address", problem=problem)
    return Resolved(area=area)


def community_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the communities grouped by subdistrict, for a select box that needs no script."""
    groups: dict[str, list[tuple[str, str]]] = {}
    rows = in_force().filter(level=Level.COMMUNITY).select_related("parent").order_by("code")
    for area in rows.only("code", "name", "parent__name"):
        groups.setdefault(area.parent.name if area.parent else "", []).append(
            (area.code, area.name)
        )
    return list(groups.items())
