"""Places on pages: the tree with its map, one area, importing, and boundaries for maps."""

from __future__ import annotations

import copy
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from linli.kernel.scope import Actor

from . import queries
from .actions import import_boundaries, import_divisions
from .changes import queries as changes
from .codes import level_of
from .importing import LARGEST
from .models import Area, Level
from .reporting import coverage_marks

# What takes part in changes; above it nothing has ancestors.
CHANGING = {Level.COMMUNITY, Level.GRID}

# Whose outlines anyone may see: the community posts its grids on its wall. Only code, name and
# line are in them. What lies in a grid (buildings), and households, stays with staff.
OUTLINED = frozenset({Level.DISTRICT, Level.SUBDISTRICT, Level.COMMUNITY, Level.GRID})


def staff(request: HttpRequest, permission: str = "areas.view") -> Actor:
    """Return who asks; raises PermissionDenied without the permission anywhere."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not actor.can(permission):
        raise PermissionDenied
    return actor


@require_safe
def tree(request: HttpRequest) -> HttpResponse:
    """Show the district's tree beside its map, or what a search finds."""
    actor = staff(request)
    top = queries.district()
    if top is None:
        return render(request, "areas/empty.html")
    wanted = request.GET.get("q", "")[:80]
    if wanted.strip():
        found, former = queries.find(wanted), changes.find_former(wanted)
        names = {area.parent.code: area.parent.name for area in found if area.parent}
        return render(
            request,
            "areas/found.html",
            {"found": found, "former": former, "q": wanted, "names": names, "top": top},
        )
    return _area(request, actor, top.code)


@require_safe
def detail(request: HttpRequest, code: str) -> HttpResponse:
    """Show one area: where it stands in the tree, what is below it, its map and coverage."""
    return _area(request, staff(request), code)


def _area(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    former = queries.former_area(actor, code)
    if former is not None:
        return _former(request, former, code)
    area = queries.get_area(actor, code)
    report = queries.coverage_of(area) if area.level == Level.COMMUNITY else None
    below = list(queries.children(area))
    context = {
        "area": area,
        "path": queries.path(area.code),
        "children": below,
        "below_level": below[0].get_level_display() if below else "",
        "report": report,
        "may_edit": area.level == Level.COMMUNITY and actor.can("areas.edit", area.code),
        "marks": f"/areas/{code}/coverage.geojson" if report and not report.complete else "",
        "covered": f"{report.ratio * 100:.2f}%" if report else "",
        "generated": Area.objects.filter(pk=area.pk, boundary_generated=True).exists(),
        "layers": f"/areas/{code}/below.geojson" if below else f"/areas/{code}/boundary.geojson",
    }
    context["posts"] = queries.duty_board(queries.path_codes(code), timezone.localdate())[code]
    context["phones"] = actor.can("areas.phones")
    context["ancestors"] = changes.ancestors_of(area) if area.level in CHANGING else []
    context["may_change"] = area.level in CHANGING and actor.can(
        "areas.edit" if area.level == Level.GRID else "areas.succeed", area.code
    )
    return render(request, "areas/detail.html", context)


def _former(request: HttpRequest, area: Area, code: str) -> HttpResponse:
    """Show an area that ended, or had this code once: what it came from and what became of it."""
    context = {
        "area": area,
        "code": code,
        "standing": changes.standing_after(area.pk),
        "ancestors": changes.ancestors_of(area),
        "successors": changes.successors_of(area),
    }
    return render(request, "areas/former.html", context)


@require_safe
def coverage_layers(request: HttpRequest, code: str) -> HttpResponse:
    """Return gaps and overlaps at or below an area as GeoJSON."""
    area = queries.get_area(staff(request), code)
    return JsonResponse(coverage_marks(area.code), content_type="application/geo+json")


@require_safe
def outline(request: HttpRequest) -> HttpResponse:
    """Return the district's outline for every map; it is public."""
    top = queries.district()
    return _geojson(request, queries.boundary_of(top.code) if top else None)


@require_safe
def below(request: HttpRequest, code: str) -> HttpResponse:
    """Return the boundaries right below an area; down to grids they are public."""
    if level_of(code) not in OUTLINED or level_of(code) == Level.GRID:
        staff(request)
    data = copy.deepcopy(queries.boundaries_below(code))  # the cached one stays as it is
    linked = request.actor.is_staff  # type: ignore[attr-defined]
    for part in data["features"] if linked else []:
        part["properties"]["href"] = f"/desk/areas/{part['properties']['code']}/"
    return _geojson(request, data)


@require_safe
def boundary(request: HttpRequest, code: str) -> HttpResponse:
    """Return one area's boundary; down to grids it is public."""
    if level_of(code) not in OUTLINED:
        staff(request)
    return _geojson(request, queries.boundary_of(code))


def _geojson(request: HttpRequest, data: dict[str, Any] | None) -> HttpResponse:
    if data is None:
        raise Http404
    tag = f'"{queries.revision()}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponse(status=304)
    response = JsonResponse(data, content_type="application/geo+json")
    response["ETag"] = tag
    response["Cache-Control"] = "private, max-age=60"
    return response


@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """Return places that an address may mean, as a fragment of radio buttons."""
    found = queries.match_address(request.GET.get("address", "")[:80])
    return render(request, "areas/suggest.html", {"found": found})


@require_http_methods(["GET", "POST"])
def importing(request: HttpRequest) -> HttpResponse:
    """Import divisions or boundaries; bad rows are shown in a table and nothing is written."""
    actor = staff(request, "areas.manage")
    context: dict[str, Any] = {"kind": request.POST.get("kind", "divisions")}
    status = 200
    if request.method == "POST":
        upload = request.FILES.get("file")
        if upload is None or not upload.size:
            context["fault"] = _("请选择要导入的文件。")
        elif upload.size > LARGEST:
            context["fault"] = _("文件超过50 MB。")
        else:
            now, body = timezone.now(), upload.read()
            if context["kind"] == "boundaries":
                crs = "gcj02" if request.POST.get("crs") == "gcj02" else "wgs84"
                context["result"] = import_boundaries(body, actor=actor, now=now, crs=crs)
            else:
                context["result"] = import_divisions(body, actor=actor, now=now)
        result = context.get("result")
        status = 200 if result and result.ok else 422
    return render(request, "areas/import.html", context, status=status)
