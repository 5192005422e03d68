"""How good the suggestions are, and what people chose instead."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from linli.base.accounts.access import staff_only
from linli.kernel.scope import Actor

from .queries import newest_trainings, recent_lessons


@staff_only
@require_safe
def learned(request: HttpRequest) -> HttpResponse:
    """Show the accuracy of the newest trainings and the latest overrides the actor may see."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not actor.can("cases.dispatch"):
        raise PermissionDenied
    context = {"trainings": newest_trainings(), "lessons": recent_lessons(actor)}
    return render(request, "cases/suggest/learned.html", context)
