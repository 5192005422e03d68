"""The list of cases with filters."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from linli.base.accounts.access import staff_only

from .filters import CaseFilter
from .queries import visible_cases, with_names

PAGE = 50


@staff_only
@require_GET
def cases(request: HttpRequest) -> HttpResponse:
    """Show the cases in the person's scope, filtered."""
    now = timezone.now()
    actor = request.actor  # type: ignore[attr-defined]
    found = CaseFilter(request.GET, queryset=visible_cases(actor), now=now)
    rows = list(with_names(found.qs).order_by("-id")[: PAGE + 1])
    context = {"rows": rows[:PAGE], "more": len(rows) > PAGE, "filter": found, "now": now}
    return render(request, "cases/list.html", context)
