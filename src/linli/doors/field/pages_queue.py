"""The phone's queue: what waits is shown by script; here it is taken in, one entry at a time."""

from __future__ import annotations

from typing import Any

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from linli.work.cases.actions.attempts import post_step
from linli.work.cases.queries import get_by_number

from .forms import PatrolForm
from .intake import report_event
from .phone import actor_of, draw, for_phone, for_queue, refused


@for_phone
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """Show the frame in which the phone lists what waits, was sent or was refused."""
    return draw(request, "field/queue.html", {})


@never_cache
@require_safe
def state(request: HttpRequest) -> HttpResponse:
    """Say who is logged in, and give the token with which the next entry is sent."""
    actor = actor_of(request)
    if not actor.is_staff:
        return refused(401, _("登录已过期，请重新登录，内容都在手机里。"))
    return JsonResponse({"person": str(actor.account_id), "token": get_token(request)})


@require_POST
@for_queue
def event(request: HttpRequest) -> HttpResponse:
    """Take in an event; the same token again answers with the same case."""
    actor = actor_of(request)
    if not actor.can("cases.patrol"):
        return refused(403, _("您没有巡查上报的权限。"))
    uploads = request.FILES.getlist("files")
    form = PatrolForm(request.POST, actor=actor, spoken=is_spoken(uploads))
    done = None
    if form.is_valid():
        done = report_event(actor=actor, now=timezone.now(), form=form, uploads=uploads)
    if done is None:
        return at_fields(form)
    return taken(done.case.number, done.case.title)


@require_POST
@for_queue
def step(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """Take a step of a case, with the version of it that the step made."""
    try:
        found = get_by_number(actor_of(request), number)
    except Http404:
        return refused(404, _("这件工单已不在您的权限范围内，可能已改派。"))
    result = post_step(request, found, name)
    if result.done:
        return taken(number, f"{result.label} {found.title}", version=result.seq)
    if result.overtaken:
        return refused(409, result.reason)
    if result.form is not None and result.form.errors:
        return at_fields(result.form, result.reason)
    return refused(422, result.reason)


def is_spoken(uploads: list[Any]) -> bool:
    """Tell whether a voice note is among the files."""
    return any(str(upload.content_type).startswith("audio/") for upload in uploads)


def taken(number: str, title: str, **more: Any) -> JsonResponse:
    """Return that an entry was taken in, and where it now stands."""
    href = reverse("field:case", args=[number])
    return JsonResponse({"done": True, "number": number, "title": title, "href": href} | more)


def at_fields(form: Form, reason: str = "") -> JsonResponse:
    """Return what is wrong at which field."""
    errors = {name: [str(one) for one in faults] for name, faults in form.errors.items()}
    general = errors.pop("__all__", [])
    return refused(422, " ".join(general) or reason or _("请改正标出的地方。"), errors=errors)
