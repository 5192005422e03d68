"""Organisations on the desk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.kernel.flow import StepRefused
from linli.kernel.listing.respond import FormFilters, respond
from linli.kernel.scope import within
from linli.kernel.secrets.masks import mask_name, mask_phone

from ..accounts.access import staff_only
from . import actions, forms, queries
from .lists import ORGANISATIONS, changes_in_words, grid_name
from .models import Organisation
from .pages_homes import _saved
from .pages_people import SOURCE, _form, need, put_errors


@staff_only
@require_safe
def organisations(request: HttpRequest) -> HttpResponse:
    """List organisations by area, kind, name, initials or code."""
    actor = need(request, "people.view")
    rows = queries.visible_organisations(actor).filter(closed_on=None)
    rows = rows.select_related("area__parent__parent")
    form = forms.OrganisationFilterForm(request.GET, auto_id="filter_%s")

    def narrow(found: QuerySet[Organisation], clean: Mapping[str, Any]) -> QuerySet[Organisation]:
        if clean["q"].strip():
            asked = queries.find_organisations(actor, clean["q"])
            found = found.filter(pk__in=asked.values("pk"))
        if clean["area"]:
            found = found.filter(within([clean["area"].code]))
        return found.filter(kind=clean["kind"]) if clean["kind"] else found

    return respond(
        request, "people/organisations.html", ORGANISATIONS, rows,
        filters=FormFilters(form, rows, narrow), export="people.export",
        context={"may_edit": actor.can("people.edit")},
    )  # fmt: skip


@staff_only
@require_http_methods(["GET", "POST"])
def new_organisation(request: HttpRequest) -> HttpResponse:
    """Register an organisation."""
    actor = need(request, "people.edit")
    form = forms.NewOrganisationForm(
        request.POST or None, initial={"area": request.GET.get("area")}
    )
    if request.method == "POST" and form.is_valid():
        clean = form.cleaned_data
        try:
            row = actions.add_organisation(
                actor=actor, now=timezone.now(), area=clean["area"], source=SOURCE, values=clean
            )
        except ValidationError as error:
            put_errors(form, error)
        except StepRefused as error:
            form.add_error("area", str(error))
        else:
            messages.success(request, _("已登记。"))
            return redirect("people:organisation", pk=row.pk)
    return _form(request, form, _("登记单位"), _("登记"), "/desk/organisations/")


@staff_only
@require_safe
def organisation(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an organisation."""
    actor = need(request, "people.view")
    row = queries.get_organisation(actor, pk)
    may_edit = actor.can("people.edit", row.area_code)
    context = {
        "row": row,
        "grid": grid_name(row.area),
        "contact": row.contact if may_edit else mask_name(row.contact),
        "phone": row.phone if may_edit else mask_phone(row.phone),
        "changes": changes_in_words("organisation", row.pk),
        "may_edit": may_edit,
    }
    return render(request, "people/organisation.html", context)


@staff_only
@require_http_methods(["GET", "POST"])
def edit_organisation(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct an organisation."""
    actor = need(request, "people.edit")
    row = queries.get_organisation(actor, pk)
    names = forms.OrganisationForm.base_fields
    form = forms.OrganisationForm(
        request.POST or None, initial={name: getattr(row, name) for name in names}
    )
    posted = request.method == "POST" and form.is_valid()
    if posted and _saved(request, form, actions.edit_organisation, pk, actor):
        return redirect("people:organisation", pk=pk)
    return _form(request, form, _("更正单位"), _("保存"), f"/desk/organisations/{pk}/")


@staff_only
@require_POST
def close_organisation(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that an organisation left or closed today."""
    actor = need(request, "people.edit")
    queries.get_organisation(actor, pk)
    try:
        actions.close_organisation(pk, actor=actor, now=timezone.now(), on=timezone.localdate())
    except StepRefused as error:
        messages.error(request, str(error))
        return redirect("people:organisation", pk=pk)
    messages.success(request, _("已登记注销。"))
    return redirect("people:organisations")
