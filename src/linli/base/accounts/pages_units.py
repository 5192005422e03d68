"""Units on the desk."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from . import actions, queries
from .access import staff_only
from .forms_desk import UnitForm
from .models import UnitKind
from .pages_desk import PAGE, need, put_errors


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
    kind, words = request.GET.get("kind", ""), request.GET.get("q", "").strip()
    rows = queries.visible_units(actor).filter(code__gt=request.GET.get("after", "")[:32])
    if kind in UnitKind.values:
        rows = rows.filter(kind=kind)
    if words:
        rows = rows.filter(name__contains=words)
    found = list(rows.order_by("code")[: PAGE + 1])
    query = request.GET.copy()
    query["after"] = found[PAGE - 1].code if len(found) > PAGE else ""
    context = {
        "form": form,
        "rows": found[:PAGE],
        "more": query.urlencode() if len(found) > PAGE else "",
        "kinds": UnitKind.choices,
        "kind": kind,
        "words": words,
        "may_manage": actor.can("accounts.manage"),
    }
    status = 422 if form.errors else 200
    return render(request, "accounts/desk/units.html", context, status=status)
