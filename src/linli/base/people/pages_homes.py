"""Buildings and dwellings on the desk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.kernel.flow import StepRefused
from linli.kernel.listing.respond import FormFilters, respond
from linli.kernel.scope import Actor, within

from ..accounts.access import staff_only
from . import actions, forms, queries
from .addresses import address_key
from .lists import BUILDINGS, changes_in_words, field_words, grid_name
from .models import Building, Dwelling, Tenure
from .pages_people import SOURCE, _form, need, put_errors

OPEN_DWELLINGS = Count("dwellings", filter=Q(dwellings__closed_on=None))
MOST_ROOMS = 600  # a page of one building


@staff_only
@require_safe
def buildings(request: HttpRequest) -> HttpResponse:
    """List buildings by area, use, name or address."""
    actor = need(request, "people.view")
    rows = (
        queries.visible_buildings(actor)
        .filter(closed_on=None)
        .select_related("area__parent__parent")
    )
    rows = rows.annotate(dwelling_count=OPEN_DWELLINGS)
    form = forms.BuildingFilterForm(request.GET, auto_id="filter_%s")
    return respond(
        request, "people/buildings.html", BUILDINGS, rows,
        filters=FormFilters(form, rows, _narrow), export="people.export",
        context={"may_edit": actor.can("people.edit")},
    )  # fmt: skip


def _narrow(rows: QuerySet[Building], clean: Mapping[str, Any]) -> QuerySet[Building]:
    if clean["q"].strip():
        key = address_key(clean["q"])
        rows = rows.filter(Q(key__contains=key) | Q(name__icontains=clean["q"].strip()))
    if clean["area"]:
        rows = rows.filter(within([clean["area"].code]))
    return rows.filter(kind=clean["kind"]) if clean["kind"] else rows


@staff_only
@require_http_methods(["GET", "POST"])
def new_building(request: HttpRequest) -> HttpResponse:
    """Register a building."""
    actor = need(request, "people.edit")
    form = forms.NewBuildingForm(request.POST or None, initial={"area": request.GET.get("area")})
    if request.method == "POST" and form.is_valid():
        clean = form.cleaned_data
        try:
            row = actions.add_building(
                actor=actor, now=timezone.now(), area=clean["area"], source=SOURCE, values=clean
            )
        except ValidationError as error:
            put_errors(form, error)
        except StepRefused as error:
            form.add_error("area", str(error))
        else:
            messages.success(request, _("已登记。"))
            return redirect("people:building", pk=row.pk)
    return _form(request, form, _("登记楼栋"), _("登记"), "/desk/buildings/")


@staff_only
@require_safe
def building(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a building with its dwellings, who lives there, and its organisations."""
    actor = need(request, "people.view")
    row = queries.get_building(actor, pk)
    homes = Dwelling.objects.filter(building=row, closed_on=None).annotate(
        people=Count(
            "households__members",
            filter=Q(households__closed_on=None, households__members__to_on=None),
        )
    )
    context = {
        "row": row,
        "grid": grid_name(row.area),
        "homes": homes.order_by("unit", "room", "pk")[:MOST_ROOMS],
        "organisations": row.organisations.filter(closed_on=None).order_by("name"),
        "changes": changes_in_words("building", row.pk),
        "may_edit": actor.can("people.edit", row.area_code),
    }
    return render(request, "people/building.html", context)


@staff_only
@require_http_methods(["GET", "POST"])
def edit_building(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a building."""
    actor = need(request, "people.edit")
    row = queries.get_building(actor, pk)
    names = forms.BuildingForm.base_fields
    form = forms.BuildingForm(
        request.POST or None, initial={name: getattr(row, name) for name in names}
    )
    posted = request.method == "POST" and form.is_valid()
    if posted and _saved(request, form, actions.edit_building, pk, actor):
        return redirect("people:building", pk=pk)
    return _form(request, form, _("更正楼栋"), _("保存"), f"/desk/buildings/{pk}/")


def _saved(request: HttpRequest, form: Any, action: Any, pk: int, actor: Actor) -> bool:
    values = dict(form.cleaned_data)
    expected = values.pop("version")
    try:
        changed = action(
            pk, actor=actor, now=timezone.now(), values=values, source=SOURCE, expected=expected
        )
    except ValidationError as error:
        put_errors(form, error)
    except StepRefused as error:
        form.add_error(None, str(error))
    else:
        done = _("已更正：%(fields)s。") % {"fields": field_words(changed)}
        messages.success(request, done if changed else _("内容没有变化。"))
        return True
    return False


@staff_only
@require_http_methods(["GET", "POST"])
def new_dwelling(request: HttpRequest, pk: int) -> HttpResponse:
    """Register a dwelling of a building."""
    actor = need(request, "people.edit")
    row = queries.get_building(actor, pk)
    form = forms.DwellingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("unit", "room", "use", "surface")}
        try:
            home = actions.add_dwelling(
                pk, actor=actor, now=timezone.now(), source=SOURCE, values=values
            )
        except ValidationError as error:
            put_errors(form, error)
        except StepRefused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("已登记。"))
            return redirect("people:dwelling", pk=home.pk)
    title = _("%(building)s：登记住房") % {"building": row.name}
    return _form(request, form, title, _("登记"), f"/desk/buildings/{pk}/")


@staff_only
@require_safe
def dwelling(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a dwelling: who lives there, who owns or rents it, and who did before."""
    actor = need(request, "people.view")
    row = queries.get_dwelling(actor, pk)
    context = {
        "row": row,
        "households": queries.households_of(row),
        "tenures": queries.tenures_of(dwelling=row),
        "changes": changes_in_words("dwelling", row.pk),
        "may_edit": actor.can("people.edit", row.area_code),
    }
    return render(request, "people/dwelling.html", context)


@staff_only
@require_http_methods(["GET", "POST"])
def edit_dwelling(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a dwelling."""
    actor = need(request, "people.edit")
    row = queries.get_dwelling(actor, pk)
    names = forms.DwellingForm.base_fields
    form = forms.DwellingForm(
        request.POST or None, initial={name: getattr(row, name) for name in names}
    )
    posted = request.method == "POST" and form.is_valid()
    if posted and _saved(request, form, actions.edit_dwelling, pk, actor):
        return redirect("people:dwelling", pk=pk)
    return _form(request, form, _("更正住房"), _("保存"), f"/desk/dwellings/{pk}/")


@staff_only
@require_http_methods(["GET", "POST"])
def tenure(request: HttpRequest, pk: int) -> HttpResponse:
    """Record an owner or tenant, found by their number in the register."""
    actor = need(request, "people.edit")
    queries.get_dwelling(actor, pk)
    form = forms.TenureForm(request.POST or None, initial={"on": timezone.localdate()})
    if request.method == "POST" and form.is_valid() and _holds(form, pk, actor):
        messages.success(request, _("已登记。"))
        return redirect("people:dwelling", pk=pk)
    return _form(request, form, _("登记产权人或承租人"), _("登记"), f"/desk/dwellings/{pk}/")


def _holds(form: forms.TenureForm, pk: int, actor: Actor) -> bool:
    clean = form.cleaned_data
    number = "".join(clean["holder"].split()).upper()
    body = queries.visible_organisations(actor).filter(code=number, closed_on=None).first()
    person = None if body else queries.find_by_id_number(actor, number).first()
    if body is None and person is None:
        form.add_error("holder", _("登记册里没有找到这个号码，请先登记。"))
        return False
    try:
        actions.set_tenure(
            pk, actor=actor, now=timezone.now(), kind=clean["kind"], on=clean["on"],
            resident=person, organisation=body,
        )  # fmt: skip
    except ValidationError as error:
        put_errors(form, error)
    except StepRefused as error:
        form.add_error(None, str(error))
    else:
        return True
    return False


@staff_only
@require_POST
def end_tenure(request: HttpRequest, pk: int, tenure_id: int) -> HttpResponse:
    """End an ownership or tenancy today."""
    actor = need(request, "people.edit")
    row = queries.get_dwelling(actor, pk)
    found = get_object_or_404(Tenure, pk=tenure_id, dwelling=row)
    try:
        actions.end_tenure(found.pk, actor=actor, now=timezone.now(), on=timezone.localdate())
    except (StepRefused, ValidationError) as error:
        text = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
        messages.error(request, text)
    else:
        messages.success(request, _("已登记结束。"))
    return redirect("people:dwelling", pk=pk)
