"""What every page of the phone shares: who it is for, and what its scripts need to know."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import lru_cache, wraps
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.base.accounts.access import staff_only
from linli.kernel.scope import Actor

from .words import words

View = Callable[..., HttpResponse]
PERSON = "X-Linli-Person"
SHELL = (
    "vendor/tabler/css/tabler.min.css",
    "vendor/tabler/js/tabler.min.js",
    "vendor/leaflet/leaflet.css",
    "vendor/leaflet/leaflet.js",
    "vendor/idb/index.js",
    "django_htmx/htmx-2.min.js",
    "linli/css/tokens.css",
    "linli/css/linli.css",
    "linli/favicon.svg",
    *(
        f"linli/js/{name}.js"
        for name in (
            "draft", "kept", "leave", "linli", "load", "map", "once", "photos", "pick", "print",
            "search", "theme",
        )
    ),
    "field/field.css",
    "field/icon-192.png",
    *(
        f"field/js/{name}.js"
        for name in (
            "app", "capture", "nearness", "panel", "queue", "round", "shrink", "tell", "voice",
        )
    ),
)  # fmt: skip


def actor_of(request: HttpRequest) -> Actor:
    """Return who asks."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def for_phone(view: View) -> View:
    """Let staff in, and say whose page it is, so that the phone keeps its copy for nobody else."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response[PERSON] = str(actor_of(request).account_id)
        return response

    return staff_only(guarded)


def for_queue(view: View) -> View:
    """Answer the phone's queue in JSON: 401 who is not logged in, 409 where it is someone else."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        actor = actor_of(request)
        if not actor.is_staff:
            return refused(401, _("登录已过期，请重新登录，内容都在手机里。"))
        if request.headers.get(PERSON, str(actor.account_id)) != str(actor.account_id):
            return refused(401, _("现在登录的是另一个人，请用自己的工号登录后再送出。"))
        return view(request, *args, **kwargs)

    return guarded


def refused(status: int, reason: str, **more: Any) -> JsonResponse:
    """Return why something was not taken."""
    return JsonResponse({"done": False, "reason": reason, "errors": {}} | more, status=status)


def draw(
    request: HttpRequest, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """Render a page of the phone with the words its scripts say."""
    shown = {"words": words(), "drawn_at": timezone.now(), **context}
    return render(request, template, shown, status=status)


def shell() -> list[str]:
    """Return the addresses of what every page is made of."""
    return [static(name) for name in SHELL]


@lru_cache(maxsize=1)
def _version() -> str:
    hasher = hashlib.sha256()
    for name in SHELL:
        found = finders.find(name) or Path(settings.STATIC_ROOT) / name
        hasher.update(Path(str(found)).read_bytes())
    return hasher.hexdigest()[:16]


def version() -> str:
    """Return the hash of the shell: another one makes phones fetch it anew."""
    return _version()
