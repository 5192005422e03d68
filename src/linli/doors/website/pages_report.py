"""Report a matter: from a phone, with or without log-in, with or without script."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from segno import make as make_qr

from linli.base.areas.queries import district
from linli.kernel.scope import Actor
from linli.work.cases.actions import Registered, clean_files, register_case
from linli.work.cases.models import Channel

from . import drafts
from .forms import NATURES, ReportForm
from .pages_same import remember, similar_to_own


@never_cache
@require_http_methods(["GET", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """Ask what happened and where; keep everything typed and uploaded until it is complete."""
    if request.method == "GET":
        # A question that the knowledge base did not answer comes along as it was typed.
        known = {"text": request.GET.get("text", "")[:2000]}
        if (nature := request.GET.get("nature", "")) in dict(NATURES):
            known["nature"] = nature
        form = ReportForm(initial=known | {"token": uuid.uuid4()})
        return _page(request, form)
    form = ReportForm(request.POST)
    valid = form.is_valid()
    token = form.cleaned_data.get("token") or uuid.uuid4()
    photos_ok = _keep_photos(request, form, token)
    if not (valid and photos_ok):
        return _page(request, form, status=422, kept=len(drafts.kept(token)), token=token)
    done = _register(request, form, token)
    drafts.drop(token)
    if not done.repeated:
        shown = {"number": done.case.number, "code": done.tracking_code}
        request.session["reported"] = shown
        remember(request, done.case)
    return redirect("website:done", number=done.case.number)


def _page(request: HttpRequest, form: ReportForm, status: int = 200, **more: Any) -> HttpResponse:
    top = district()
    layers = reverse("areas:below", args=(top.code,)) if top else ""
    context = {"form": form, "layers": layers} | more
    return render(request, "website/report.html", context, status=status)


def _keep_photos(request: HttpRequest, form: ReportForm, token: uuid.UUID) -> bool:
    uploads = request.FILES.getlist("files")
    if not uploads:
        return True
    try:
        drafts.keep(token, clean_files(uploads))
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True


def _register(request: HttpRequest, form: ReportForm, token: uuid.UUID) -> Registered:
    data = form.cleaned_data
    actor: Actor = request.actor  # type: ignore[attr-defined]
    text = data["text"].strip()
    if form.area is None:
        raise RuntimeError("a valid report has a place")
    return register_case(
        actor=actor,
        now=timezone.now(),
        intake_key=f"web-{token.hex}",
        channel=Channel.WEBSITE,
        title=_title(text),
        text=text,
        nature=data["nature"] or None,
        protected=data["protected"],
        category=data["category"],
        area=form.area,
        address=data["address"],
        lon=data["lon"],
        lat=data["lat"],
        reporter_name=data["reporter_name"],
        reporter_phone=data["reporter_phone"],
        files=drafts.kept(token),
    )


def _title(text: str) -> str:
    first = text.splitlines()[0]
    for mark in "。！？；!?;":
        first = first.split(mark)[0]
    return first[:30]


@never_cache
@require_safe
def done(request: HttpRequest, number: str) -> HttpResponse:
    """Say that it has arrived, what happens next, and how to ask about it."""
    shown: dict[str, Any] = request.session.get("reported") or {}
    code = shown.get("code") if shown.get("number") == number else None
    qr = None
    if code:
        link = request.build_absolute_uri(f"/track/?number={number}")
        qr = make_qr(link, error="m").svg_data_uri(scale=4)
    context = {"number": number, "code": code, "qr": qr, "hint": _("30分钟服务时间内受理")}
    context["similar"] = similar_to_own(request, number)
    return render(request, "website/done.html", context)
