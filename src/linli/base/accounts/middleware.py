"""Put the actor on each request, and end idle sessions of staff."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from .queries import actor_of

STEP_SECONDS = 60


class ActorMiddleware:
    """Set `request.actor`, looked up once and only where it is asked for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Attach the actor and go on."""
        request.actor = SimpleLazyObject(lambda: actor_of(request.user))  # type: ignore[attr-defined]
        return self.get_response(request)


class IdleMiddleware:
    """Log idle staff out after STAFF_IDLE_MINUTES; the browser keeps what they typed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """End an idle session, or note that it is in use."""
        seen = request.session.get("seen_at")
        if seen is None:
            return self.get_response(request)
        now = timezone.now().timestamp()
        if now - seen > settings.STAFF_IDLE_MINUTES * 60:
            logout(request)
            return self._to_login(request)
        if now - seen > STEP_SECONDS:
            request.session["seen_at"] = now
        return self.get_response(request)

    def _to_login(self, request: HttpRequest) -> HttpResponse:
        back = request.get_full_path() if request.method == "GET" else request.path
        target = f"/staff/login/?{urlencode({'idle': '1', 'next': back})}"
        if getattr(request, "htmx", False):
            return HttpResponse(headers={"HX-Redirect": target})
        return HttpResponseRedirect(target)
