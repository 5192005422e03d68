"""Resources on the desk: the list, one with its map, placing, changing and closing."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.kernel.listing.respond import FormFilters, respond

from ..models import Resource
from ..pages import staff
from .actions import FIELDS, check_resource, close_resource, save_resource
from .forms import ResourceForm
from .lists import RESOURCES, ResourceFilterForm, is_overdue, narrow
from .queries import get_resource, visible_resources


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List the resources of the district, with filters and export."""
    actor = staff(request)
    rows = visible_resources(actor)
    found = FormFilters(ResourceFilterForm(request.GET, auto_id="filter_%s"), rows, narrow)
    return respond(
        request, "areas/resources.html", RESOURCES, rows, filters=found, export="areas.view",
        context={"may_post": actor.can("areas.post")},
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Place a new resource."""
    staff(request, "areas.post")
    return _edit(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def resource(request: HttpRequest, resource_id: int) -> HttpResponse:
    """Show one resource; those who place resources there may change it."""
    return _edit(request, get_resource(staff(request), resource_id))


def _edit(request: HttpRequest, row: Resource | None) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    may = row is None or actor.can("areas.post", row.area_code)
    if request.method == "POST":
        if not may:
            raise PermissionDenied
        form = ResourceForm(request.POST)
        if form.is_valid():
            try:
                saved = save_resource(
                    actor=actor, now=timezone.now(), data=form.cleaned_data, resource=row
                )
            except ValidationError as error:
                form.add_error(None, error)
            except PermissionDenied:
                form.add_error("lon", _("这个位置不在您的辖区内。"))
            else:
                messages.success(request, _("资源点已保存。"))
                return redirect("areas:resource", resource_id=saved.pk)
    else:
        known = {name: getattr(row, name) for name in FIELDS} if row else {}
        form = ResourceForm(initial=known)
    context = {"form": form, "resource": row, "may": may}
    context |= {"overdue": row is not None and is_overdue(row)}
    context |= {"lon": row.lon if row else None, "lat": row.lat if row else None}
    status = 422 if request.method == "POST" else 200
    return render(request, "areas/resource.html", context, status=status)


@require_POST
def check(request: HttpRequest, resource_id: int) -> HttpResponse:
    """Record that a resource was checked today."""
    actor = staff(request, "areas.post")
    row = get_resource(actor, resource_id)
    if not actor.can("areas.post", row.area_code):
        raise Http404
    try:
        check_resource(actor=actor, now=timezone.now(), resource=row)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("已记下今天检查过。"))
    return redirect("areas:resource", resource_id=resource_id)


@require_POST
def close(request: HttpRequest, resource_id: int) -> HttpResponse:
    """Take a resource out of use."""
    actor = staff(request, "areas.post")
    row = get_resource(actor, resource_id)
    if not actor.can("areas.post", row.area_code):
        raise Http404
    try:
        close_resource(actor=actor, now=timezone.now(), resource=row)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("资源点已停用。"))
    return redirect("areas:resources")
