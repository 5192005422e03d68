"""Rounds on the phone: which are due, one with its checklist, handing it in."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.kernel.flow import InvalidStep, SomeoneFaster, StepRefused
from linli.kernel.scope import Actor
from linli.work.patrols.actions import hand_in_round
from linli.work.patrols.models import Round
from linli.work.patrols.queries import (
    checks_of,
    get_round,
    hand_in_form,
    may_hand_in,
    rounds_open,
    rounds_walked,
)

from .pages_queue import at_fields
from .phone import actor_of, draw, for_phone, for_queue, refused


def _walker(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    if not actor.can("patrols.walk"):
        raise PermissionDenied
    return actor


@for_phone
@require_safe
def rounds(request: HttpRequest) -> HttpResponse:
    """List the rounds that can be walked today, and those handed in lately."""
    actor, today = _walker(request), timezone.localdate()
    context = {"open": rounds_open(actor, today), "walked": rounds_walked(actor, today)}
    return draw(request, "field/rounds.html", context)


@for_phone
@require_http_methods(["GET", "POST"])
def one_round(request: HttpRequest, round_id: int) -> HttpResponse:
    """Show a round's checklist; posted, hand it in."""
    actor = _walker(request)
    found = get_round(actor, round_id)
    if request.method == "GET":
        return _show(request, found)
    try:
        hand_in_round(
            round_id, actor=actor, now=timezone.now(), data=request.POST,
            key=request.POST.get("token") or None,
        )  # fmt: skip
    except InvalidStep as error:
        return _show(request, found, error.form, status=422)
    except StepRefused as error:
        fresh = get_round(actor, round_id)
        return _show(request, fresh, hand_in_form(fresh, request.POST), str(error), 409)
    messages.success(request, _("巡查已完成。"))
    return redirect("field:rounds")


def _show(
    request: HttpRequest, found: Round, form: Any = None, reason: str = "", status: int = 200
) -> HttpResponse:
    actor = actor_of(request)
    open_now = may_hand_in(actor, found)
    if form is None:
        form = hand_in_form(found, initial={"started_at": timezone.now().isoformat()})
    context = {
        "round": found,
        "form": form,
        "points": _points(found, form) if open_now else [],
        "checks": [] if open_now else checks_of(found),
        "reason": reason,
        "token": uuid.uuid4().hex,
    }
    return draw(request, "field/round.html", context, status)


def _points(found: Round, form: Form) -> list[dict[str, Any]]:
    """Return each point with the fields of its items."""
    return [
        {
            "place": place,
            "rows": [
                {
                    "result": form[f"r-{point}-{item}"],
                    "note": form[f"n-{point}-{item}"],
                    "key": form[f"k-{point}-{item}"],
                }
                for item in range(len(place["items"]))
            ],
        }
        for point, place in enumerate(found.plan.points)
    ]


@require_POST
@for_queue
def send_round(request: HttpRequest, round_id: int) -> HttpResponse:
    """Take in a walked round, once for its key."""
    actor = actor_of(request)
    try:
        found = get_round(actor, round_id)
        hand_in_round(
            round_id, actor=actor, now=timezone.now(), data=request.POST,
            key=request.POST.get("token") or None,
        )  # fmt: skip
    except Http404:
        return refused(404, _("这次巡查已不在您的权限范围内。"))
    except InvalidStep as error:
        return at_fields(error.form, str(error))
    except SomeoneFaster as error:
        return refused(409, str(error))
    except StepRefused as error:
        return refused(403, str(error))
    href = reverse("field:round", args=[round_id])
    return JsonResponse({"done": True, "title": found.route.name, "href": href})
