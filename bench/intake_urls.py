"""The smallest public door: a form with a CSRF token that registers a case, used by benchmarks
and fault tests where the website's own address is not asked for."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.urls import include, path
from django.utils import timezone

from linli.base.areas.models import Area
from linli.kernel.scope import ANONYMOUS
from linli.work.cases.actions import register_case
from linli.work.cases.setup import current


def report(request: HttpRequest) -> HttpResponse:
    """Show the form, or register what was sent and lead to its number."""
    if request.method == "GET":
        return HttpResponse(
            f'<form method="post"><input type="hidden" name="csrfmiddlewaretoken"'
            f' value="{get_token(request)}"><input type="hidden" name="token"'
            f' value="{uuid.uuid4().hex}"></form>'
        )
    done = register_case(
        actor=ANONYMOUS,
        now=timezone.now(),
        intake_key=request.POST["token"],
        channel="website",
        title=request.POST["title"],
        text=request.POST["text"],
        category=current().by_code[request.POST["category"]],
        area=Area.objects.get(code=request.POST["area_code"], valid_to=None),
        address=request.POST.get("address", ""),
        reporter_phone=request.POST.get("reporter_phone", ""),
    )
    return HttpResponseRedirect(f"/reported/{done.case.number}/")


urlpatterns = [path("report/", report), path("", include("linli.site.urls"))]
