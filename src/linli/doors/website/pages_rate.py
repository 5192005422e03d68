"""Rate one case by the link in a text message: no log-in, large type, one answer."""

from __future__ import annotations

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from linli.kernel.flow import InvalidStep, StepRefused
from linli.work.cases.actions import rate_by_link
from linli.work.cases.queries import RatingLink, case_by_link

from .rating import rate_form


@never_cache
@require_http_methods(["GET", "POST"])
def rate(request: HttpRequest, token: str) -> HttpResponse:
    """Ask how it went; a link that is used or too old says so."""
    now = timezone.now()
    link = case_by_link(token, now)
    if link is None:
        raise Http404
    if request.method == "GET":
        return _page(request, link, rate_form(link.case))
    actor = request.actor  # type: ignore[attr-defined]
    try:
        rate_by_link(token, now=now, data=request.POST, actor=actor)
    except InvalidStep as error:
        return _page(request, link, error.form, str(error), 422)
    except StepRefused as error:
        return _page(request, link, rate_form(link.case, request.POST), str(error), 409)
    return redirect("website:rate_link", token=token)


def _page(
    request: HttpRequest,
    link: RatingLink,
    form: forms.Form | None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "case": link.case,
        "link": link,
        "form": None if link.used or link.expired else form,
        "problem": problem,
        "large_type": "1",
    }
    response = render(request, "website/rate.html", context, status=status)
    # The address is the key: it goes to nobody else, neither by a link nor by a search engine.
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response
