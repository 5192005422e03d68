"""Display choices (they work without script), a form come too late, and the components."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from . import samples

YEAR = 365 * 24 * 3600


def _back(request: HttpRequest) -> HttpResponse:
    target = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure())
    return HttpResponseRedirect(target if safe else "/")


@require_POST
def display(request: HttpRequest) -> HttpResponse:
    """Keep the chosen type size (0 to 3) and colours (auto, light, dark) in cookies."""
    response = _back(request)
    large, theme = request.POST.get("large"), request.POST.get("theme")
    if large in {"0", "1", "2", "3"}:
        response.set_cookie("linli_large", large, max_age=YEAR, samesite="Lax")
    if theme in {"auto", "light", "dark"}:
        response.set_cookie("linli_theme", theme, max_age=YEAR, samesite="Lax")
    return response


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Keep the chosen language in Django's cookie."""
    response = _back(request)
    code = request.POST.get("language", "")
    if code in dict(settings.LANGUAGES):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, code, max_age=YEAR, samesite="Lax")
    return response


SHOWN_FIELDS = 40


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """Say that the form was too old to be taken, and show what was typed so nothing is lost."""
    secret = {"password", "code", "csrfmiddlewaretoken", "token", "version", "next"}
    typed = [
        (name, value)
        for name, value in list(request.POST.items())[:SHOWN_FIELDS]
        if name not in secret and str(value).strip()
    ]
    context = {"typed": typed, "back": request.path}
    return render(request, "ui/csrf.html", context, status=403)


FACES = ("desk", "public", "field", "kiosk")


@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """Show every component on the face asked for; only where the site is not a real one."""
    if not (settings.DEBUG or settings.DEMO or settings.TESTING):
        raise Http404
    face = request.GET.get("face", "desk")
    now = timezone.now()
    hours = (-30, 3, 100)
    context = {
        "face_template": f"ui/{face if face in FACES else 'desk'}.html",
        "faces": FACES,
        "states": samples.STATES,
        "swatches": samples.SWATCHES,
        "dues": [now + timedelta(hours=count, minutes=1) for count in hours],
        "form": samples.SampleForm({"title": "", "kind": "a", "text": "typed"}),
        "items": samples.sample_timeline(now),
        "listing": samples.sample_listing(),
        "chart": samples.sample_chart(),
        "chart_table": samples.sample_table(),
        "steps": [
            {"label": _("签收"), "href": "#main", "icon": "check"},
            {"label": _("申请退回"), "href": "#main", "tone": "outline-secondary"},
        ],
        "now": now,
    }
    return render(request, "ui/components.html", context)
