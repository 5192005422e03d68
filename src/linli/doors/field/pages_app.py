"""What makes the phone's pages an app: manifest, service worker."""

from __future__ import annotations

import json
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from . import phone

PAPER, JADE = "#faf6ef", "#155647"


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - the language is the thread's
    """Describe the app to the phone, in the person's language."""
    data = {
        "name": _("邻里 网格员"),
        "short_name": _("邻里网格"),
        "description": _("待办、巡查、上报，断网也能用。"),
        "lang": get_language(),
        "id": "/field/",
        "start_url": reverse("field:today"),
        "scope": "/field/",
        "display": "standalone",
        "orientation": "portrait",
        "background_color": PAPER,
        "theme_color": JADE,
        "icons": [
            {"src": static(f"field/icon-{size}.png"), "sizes": f"{size}x{size}",
             "type": "image/png", "purpose": "any"}
            for size in (192, 512)
        ]
        + [{"src": static("field/icon-maskable-512.png"), "sizes": "512x512",
            "type": "image/png", "purpose": "maskable"}],
        "shortcuts": [
            {"name": _("上报"), "url": reverse("field:new")},
            {"name": _("待送"), "url": reverse("field:queue")},
        ],
    }  # fmt: skip
    response = JsonResponse(data, content_type="application/manifest+json")
    response["Cache-Control"] = "no-cache"
    response["Vary"] = "Accept-Language, Cookie"
    return response


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """Say that there is no network and no copy; every phone keeps this page, it is nobody's."""
    return render(request, "field/offline.html")


@never_cache
@require_safe
def worker(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Send the service worker; it changes whenever a file of the shell changes."""
    known = json.dumps({"version": phone.version(), "shell": phone.shell()})
    body = _source()
    response = HttpResponse(
        f"self.linli = {known};\n{body}", content_type="text/javascript; charset=utf-8"
    )
    response["Service-Worker-Allowed"] = "/field/"
    return response


def _source() -> str:
    found = finders.find("field/worker.js") or Path(settings.STATIC_ROOT) / "field/worker.js"
    return Path(str(found)).read_text("utf-8")
