"""What a resident who is logged in has reported."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from linli.base.accounts.access import residents_only
from linli.kernel.flow import InvalidStep, StepRefused
from linli.work.cases.actions import take_step
from linli.work.cases.models import Case
from linli.work.cases.queries import (
    get_by_number,
    joined_matters,
    lead_of,
    timeline_of,
    visible_cases,
    with_names,
)

from .rating import rate_form

PAGE = 20


@residents_only
@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """List what the resident reported, newest first."""
    before = request.GET.get("before", "")
    rows = with_names(visible_cases(request.actor)).order_by("-id")  # type: ignore[attr-defined]
    if before.isascii() and before.isdigit() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    page = list(rows[: PAGE + 1])
    context = {
        "rows": page[:PAGE],
        "before": page[PAGE - 1].pk if len(page) > PAGE else None,
        "joined": [] if before else joined_matters(request.actor.account_id),  # type: ignore[attr-defined]
        "now": timezone.now(),
    }
    return render(request, "website/my.html", context)


@residents_only
@require_safe
def case(request: HttpRequest, number: str) -> HttpResponse:
    """Show one report with its story, and ask for a rating once it is closed."""
    found = get_by_number(request.actor, number)  # type: ignore[attr-defined]
    return _show(request, found, rate_form(found))


def _show(
    request: HttpRequest, found: Case, form: Any, problem: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "case": found,
        "lead": lead_of(found),
        "items": timeline_of(found, public=True),
        "form": form,
        "problem": problem,
        "now": timezone.now(),
        "file_url": "cases:file",
        "thumb_url": "cases:thumbnail",
        "rate_url": "website:rate",
        "token": uuid.uuid4().hex,
    }
    return render(request, "website/case.html", context, status=status)


@residents_only
@require_POST
def rate(request: HttpRequest, number: str) -> HttpResponse:
    """Keep the resident's rating."""
    actor = request.actor  # type: ignore[attr-defined]
    found = get_by_number(actor, number)
    key = request.POST.get("token") or None
    try:
        take_step("rate", found.pk, actor=actor, now=timezone.now(), data=request.POST, key=key)
    except InvalidStep as error:
        return _show(request, found, error.form, str(error), 422)
    except StepRefused as error:
        return _show(request, found, rate_form(found, request.POST), str(error), 409)
    return redirect("website:case", number=number)
