"""The front door."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from linli.base.areas.queries import district


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show what someone can do here."""
    return render(request, "website/home.html", {"district": district()})


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """Explain the site in plain words."""
    return render(request, "website/help.html", {"district": district()})
