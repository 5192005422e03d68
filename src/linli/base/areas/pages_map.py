"""The map editor of a community's grids, its files, and the report of coverage."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from shapely.geometry import shape

from linli.kernel.scope import Actor

from . import actions, queries, reporting
from .actions import Act, Refused
from .editing import layout_token
from .faults import as_geojson
from .forms_map import TOOLS, EditForm
from .layout_files import LARGEST, grids_geojson, read_grids
from .models import Area, Level
from .pages import staff


def _community(actor: Actor, code: str) -> Area:
    area = queries.get_area(actor, code)
    if area.level != Level.COMMUNITY:
        raise Http404
    return area


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """Edit the grids of a community on the map; what would break the tiling is shown there."""
    actor = staff(request)
    if not actor.can("areas.edit", code):
        raise PermissionDenied
    community = _community(actor, code)
    if request.method != "POST":
        first = {"token": layout_token(community), "tool": "split"}
        return _page(request, community, EditForm(community, initial=first))
    now = timezone.now()
    if request.POST.get("tool") == "import":
        return _import(request, actor, community, now)
    form = EditForm(community, request.POST)
    if not form.is_valid():
        return _page(request, community, form, status=422)
    try:
        act = _carry_out(actor, community, form, now)
    except ValidationError as error:
        _put(form, error)
        return _page(request, community, form, error, 422)
    return _done(request, community, act)


def _carry_out(actor: Actor, community: Area, form: EditForm, now: datetime) -> Act:
    told = form.cleaned_data
    common: dict[str, Any] = {
        "actor": actor, "now": now, "community": community,
        "token": told["token"], "note": told["note"],
    }  # fmt: skip
    if told["tool"] == "merge":
        return actions.merge_grids(grids=list(told["grids"]), name=told["name"], **common)
    if told["tool"] == "border":
        return actions.move_border(moves=form.moves, **common)
    if told["tool"] == "draw":
        more = {"name": told["name"], "grid_kind": told["grid_kind"] or "ordinary"}
        return actions.draw_grid(ring=form.ring, **more, **common)
    grid = told["grids"].first() or _crossed(community, form)
    return actions.split_grid(grid=grid, line=form.line, names=[told["name"]], **common)


def _crossed(community: Area, form: EditForm) -> Area:
    """Return the grid that most of the line lies in."""
    rows = community.children.filter(valid_to=None, boundary__isnull=False).order_by("code")
    found = [(shape(grid.boundary or {}).intersection(form.line).length, grid) for grid in rows]
    length, grid = max(found, key=lambda pair: pair[0], default=(0.0, None))
    if grid is None or not length:
        raise ValidationError({"points": _("这条线没有穿过任何网格。")})
    return grid


def _import(request: HttpRequest, actor: Actor, community: Area, now: datetime) -> HttpResponse:
    upload, token = request.FILES.get("file"), request.POST.get("token", "")
    form = EditForm(community, initial={"token": token, "tool": "split"})
    try:
        if upload is None or not upload.size or upload.size > LARGEST:
            raise ValidationError(_("请选择GeoJSON文件，不超过5 MB。"))
        grids = read_grids(upload.read(), request.POST.get("crs", ""))
        act = actions.adopt_layout(
            actor=actor, now=now, community=community, token=token, grids=grids,
            note=_("导入GeoJSON"),
        )  # fmt: skip
    except ValidationError as error:
        return _page(request, community, form, error, 422)
    return _done(request, community, act)


def _put(form: EditForm, error: ValidationError) -> None:
    """Put what an act refused at its field; what is about the map stands above it."""
    for field, errors in getattr(error, "error_dict", {}).items():
        form.add_error(field if field in form.fields else None, errors)


def _done(request: HttpRequest, community: Area, act: Act) -> HttpResponse:
    moved = sum(act.moved.values())
    messages.success(
        request,
        _("已保存。新网格%(made)d个；随之移交的工单、人员等%(moved)d项。")
        % {"made": len(act.made), "moved": moved},
    )
    return redirect("areas:edit", code=community.code)


def _page(
    request: HttpRequest, community: Area, form: EditForm,
    error: ValidationError | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    at_fields = hasattr(error, "error_dict")
    context = {
        "area": community,
        "path": queries.path(community.code),
        "form": form,
        "tools": TOOLS,
        "grids": list(queries.children(community)),
        "chosen": set(form.data.getlist("grids")) if hasattr(form.data, "getlist") else set(),
        "refused": error.messages if error and not at_fields else [],
        "faults": as_geojson(error.faults) if isinstance(error, Refused) else None,
        "report": queries.coverage_of(community),
        "token": form["token"].value(),
    }
    return render(request, "areas/edit.html", context, status=status)


@require_safe
def grids_file(request: HttpRequest, code: str) -> HttpResponse:
    """Return a community's grids in full, for the editor or, with `file=1`, as a download."""
    community = _community(staff(request), code)
    data = grids_geojson(community)
    response = JsonResponse(data, content_type="application/geo+json")
    if request.GET.get("file"):
        response["Content-Disposition"] = f'attachment; filename="grids-{code}.geojson"'
    return response


@require_safe
def coverage_report(request: HttpRequest) -> HttpResponse:
    """Show how the grids of each community cover it, the worst first, with a map of the faults."""
    actor = staff(request)
    top = queries.district()
    code = request.GET.get("area", "") or (top.code if top else "")
    area = queries.get_area(actor, code)
    rows = reporting.coverage_rows(area.code)
    context = {
        "area": area,
        "rows": rows,
        "complete": sum(row.complete for row in rows),
        "gap": sum(row.gap_m2 for row in rows),
        "overlap": sum(row.overlap_m2 for row in rows),
        "subdistricts": list(queries.children(top)) if top else [],
        "top": top,
    }
    return render(request, "areas/coverage.html", context)
