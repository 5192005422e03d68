"""Put the actor on each request, and end idle sessions of staff."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.functional import SimpleLazyObject
from django.utils.http import url_has_allowed_host_and_scheme

from .access import to_staff_login
from .queries import actor_of

STEP_SECONDS = 60


class ActorMiddleware:
    """Set `request.actor`, looked up once and only where it is asked for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Attach the actor and go on."""
        request.actor = SimpleLazyObject(lambda: actor_of(request.user))  # type: ignore[attr-defined]
        response = self.get_response(request)
        if SESSION_KEY in request.session and "Cache-Control" not in response:
            patch_cache_control(response, private=True)  # no proxy keeps what one person was shown
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Ask whoever is not logged in to do so, where a page of the desk refuses them."""
        refused = isinstance(exception, PermissionDenied) and request.path.startswith("/desk/")
        if refused and request.actor.kind == "anonymous":  # type: ignore[attr-defined]
            return to_staff_login(request)
        return None


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
        # A page that asks by itself is no sign of a person (see bell.js).
        if now - seen > STEP_SECONDS and "X-Linli-Passive" not in request.headers:
            request.session["seen_at"] = now
        return self.get_response(request)

    def _to_login(self, request: HttpRequest) -> HttpResponse:
        target = f"/staff/login/?{urlencode({'idle': '1', 'next': page_of(request)})}"
        if getattr(request, "htmx", False):
            return HttpResponse(headers={"HX-Redirect": target})
        return HttpResponseRedirect(target)


def page_of(request: HttpRequest) -> str:
    """Return the page the person was looking at: a fragment or a form has another address."""
    htmx: Any = getattr(request, "htmx", False)
    if request.method == "GET" and not htmx:
        return request.get_full_path()
    seen = (htmx and htmx.current_url) or request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(seen, {request.get_host()}, request.is_secure()):
        return "/desk/"
    parts = urlsplit(seen)
    return parts.path + (f"?{parts.query}" if parts.query else "")
