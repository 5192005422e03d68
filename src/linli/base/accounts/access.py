"""Who may open a page at all; what they see on it is decided by scope."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache

View = Callable[..., HttpResponse]


def to_staff_login(request: HttpRequest) -> HttpResponse:
    """Ask staff to log in, and come back to this page."""
    return redirect(f"/staff/login/?{urlencode({'next': request.get_full_path()})}")


def staff_only(view: View) -> View:
    """Let staff in; send others to the staff log-in, and residents away with 403."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        actor = request.actor  # type: ignore[attr-defined]
        if actor.kind == "anonymous":
            return to_staff_login(request)
        if not actor.is_staff:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def residents_only(view: View) -> View:
    """Let residents in; send others to the residents' log-in.

    No browser keeps the page: residents also come from the terminals of a community's centre.
    """

    @wraps(view)
    @never_cache
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        actor = request.actor  # type: ignore[attr-defined]
        if actor.kind != "resident":
            query = urlencode({"next": request.get_full_path()})
            return redirect(f"{settings.LOGIN_URL}?{query}")
        return view(request, *args, **kwargs)

    return guarded
