"""Units on the desk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from linli.kernel.listing.respond import FormFilters, respond

from . import actions, queries
from .access import staff_only
from .forms_desk import UnitFilterForm, UnitForm
from .lists import UNITS
from .models import Unit
from .pages_desk import need, put_errors


@require_http_methods(["GET", "POST"])
@staff_only
def units(request: HttpRequest) -> HttpResponse:
    """List the units within scope by code, and make a new one."""
    actor = need(request, "accounts.view")
    form = UnitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.create_unit(actor=actor, now=timezone.now(), **form.cleaned_data)
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("单位已建立。"))
            return redirect("accounts:units")
    rows = queries.visible_units(actor)
    found = FormFilters(UnitFilterForm(request.GET, auto_id="filter_%s"), rows, _narrow)
    context = {"form": form, "may_manage": actor.can("accounts.manage")}
    answer = respond(
        request, "accounts/desk/units.html", UNITS, rows, filters=found, export="accounts.view",
        context=context,
    )  # fmt: skip
    if form.errors:
        answer.status_code = 422
    return answer


def _narrow(rows: QuerySet[Unit], clean: Mapping[str, Any]) -> QuerySet[Unit]:
    if clean["kind"]:
        rows = rows.filter(kind=clean["kind"])
    return rows.filter(name__contains=clean["q"]) if clean["q"] else rows
