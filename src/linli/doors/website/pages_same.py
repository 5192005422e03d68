"""A neighbour reported it already: shown while typing, joined with one tap, claimed afterwards."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core import signing
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from linli.base.areas.queries import place_names, resolve_place
from linli.kernel.flow import StepRefused
from linli.kernel.scope import Actor
from linli.kernel.secrets.phones import normalise_phone
from linli.work.cases.actions import claim_same, join_matter
from linli.work.cases.models import Case, Category
from linli.work.cases.queries import (
    case_to_join,
    matter_by_token,
    matter_token,
    similar_for_neighbours,
    similar_to,
    suggest,
)

CLAIM_SALT = "website.claim"
CLAIM_SECONDS = 24 * 3600
WINDOW = 600  # seconds in which one address may
JOINS = 20  # join so often
LOOKS = 200  # and ask so often what stands, so that nobody guesses texts word by word


class Typed(forms.Form):
    """What stands in the report form so far, as far as it can be read."""

    text = forms.CharField(required=False, max_length=2000)
    category = forms.CharField(required=False, max_length=8)
    lon = forms.FloatField(required=False)
    lat = forms.FloatField(required=False)
    address = forms.CharField(required=False, max_length=160)
    place_code = forms.CharField(required=False, max_length=18)
    community = forms.CharField(required=False, max_length=18)


def _too_often(request: HttpRequest, what: str, most: int) -> bool:
    counter = f"{what}:{request.META.get('REMOTE_ADDR', '')}"
    cache.add(counter, 0, WINDOW)
    return int(cache.incr(counter)) > most


@never_cache
@require_POST
def similar(request: HttpRequest) -> HttpResponse:
    """Say while a report is typed what kind it may be and what neighbours reported; no names."""
    form = Typed(request.POST)
    form.is_valid()
    data = form.cleaned_data
    text = data.get("text", "").strip()
    rows = Category.objects.select_related("parent").filter(valid_to=None, parent__isnull=False)
    chosen = rows.filter(code=data.get("category") or "-").first()
    named = [] if chosen else suggest(text).categories
    similar: list[Any] = []
    if not _too_often(request, "similar", LOOKS):
        similar = similar_for_neighbours(
            now=timezone.now(),
            text=text,
            area_code=_place(data),
            lon=data.get("lon"),
            lat=data.get("lat"),
            category=chosen or (named[0].category if named else None),
        )
    return render(request, "website/similar.html", {"similar": similar, "named": named})


def _place(data: dict[str, Any]) -> str:
    if not any(data.get(name) for name in ("lon", "address", "place_code", "community")):
        return ""
    place = resolve_place(
        lon=data.get("lon"),
        lat=data.get("lat"),
        place_code=data.get("place_code") or "",
        address=data.get("address") or "",
        community_code=data.get("community") or "",
    )
    return place.area.code if place.area else ""


@never_cache
@require_POST
def join(request: HttpRequest) -> HttpResponse:
    """Join a neighbour's matter instead of reporting it again."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    case = case_to_join(request.POST.get("join", ""))
    if case is None or _too_often(request, "join", JOINS):
        messages.error(request, _("没有加入成功，请重新填写提交。"))
        return redirect("website:report")
    raw = request.POST.get("reporter_phone", "").strip()
    try:
        phone = normalise_phone(raw) if raw else ""
        done = join_matter(
            case.pk, actor=actor, now=timezone.now(), phone=phone,
            key=request.POST.get("token", "")[:64],
        )  # fmt: skip
    except (ValidationError, StepRefused) as error:
        problem = error.messages[0] if isinstance(error, ValidationError) else str(error)
        messages.error(request, problem)
        return redirect("website:report")
    token = matter_token(done.joiner)
    told = bool(phone or done.joiner.account_id)
    request.session["joined"] = {"token": token, "told": told}
    return redirect("website:matter", token=token)


@never_cache
@require_safe
def matter(request: HttpRequest, token: str) -> HttpResponse:
    """Show how far a matter is that somebody joined: kind, place, unit and limit, no texts."""
    case = matter_by_token(token)
    if case is None:
        raise Http404
    joined = request.session.get("joined") or {}
    fresh = joined.get("token") == token
    context = {"case": case, "fresh": fresh, "told": joined.get("told"), "now": timezone.now()}
    names = place_names({case.subdistrict_code})
    context["place"] = names.get(case.subdistrict_code, "")
    return render(request, "website/matter.html", context)


def remember(request: HttpRequest, case: Case) -> None:
    """Keep in the session which case was just reported, for the page that says thanks."""
    request.session["reported_id"] = case.pk


def similar_to_own(request: HttpRequest, number: str) -> list[tuple[Any, str]]:
    """Return open matters like the one just reported, each with what claims it to be the same."""
    case = Case.objects.filter(pk=request.session.get("reported_id", 0)).first()
    if case is None or case.number != number or not case.is_open:
        return []
    found = similar_for_neighbours(**similar_to(case, now=timezone.now()))
    return [
        (row, signing.dumps([case.pk, row.case_id], salt=CLAIM_SALT)) for row in found if row.token
    ]


@never_cache
@require_POST
def claim(request: HttpRequest) -> HttpResponse:
    """Keep the reporter's word that two reports are one matter; the dispatcher decides."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    try:
        token = request.POST.get("token", "")
        own, into = signing.loads(token, salt=CLAIM_SALT, max_age=CLAIM_SECONDS)
    except (signing.BadSignature, ValueError):
        messages.error(request, _("这个链接已失效。"))
        return redirect("website:home")
    claim_same(own, into, actor=actor, now=timezone.now())
    messages.success(request, _("谢谢，已转告工作人员。"))
    return redirect("website:done", number=Case.objects.get(pk=own).number)
