"""The front door."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from linli.base.areas.queries import district
from linli.life.publishing import queries

from .pages_places import mine


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show what someone can do here, what is new, and the person's own community."""
    now, own = timezone.now(), mine(request)
    rows = queries.shown(now)
    context = {
        "district": district(),
        "mine": own,
        "own": list(queries.at_place(rows, own.code)[:4]) if own else [],
        "news": [] if own else list(rows[:4]),
    }
    return render(request, "website/home.html", context)


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """Explain the site in plain words."""
    return render(request, "website/help.html", {"district": district()})
