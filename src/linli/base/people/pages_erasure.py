"""Erasure: residents ask, the desk asks for them, whoever answers for data decides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.kernel.flow import InvalidStep, StepRefused
from linli.kernel.listing.respond import FormFilters, respond
from linli.kernel.scope import Actor

from ..accounts.access import residents_only, staff_only
from . import actions, queries
from .due import left_of
from .erasing import looking
from .erasing.flow import ERASURE_FLOW, RefusalForm
from .erasing.forms import DeskErasureForm, ErasureFilterForm, HoldForm, OwnErasureForm
from .erasing.models import ErasureRequest, ErasureState
from .lists import ERASURES
from .pages_people import need, put_errors


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


@residents_only
@require_http_methods(["GET", "POST"])
def own_erasure(request: HttpRequest) -> HttpResponse:
    """Show what would go and what must stay; ask for it."""
    actor, now = _actor(request), timezone.now()
    row = queries.own_record(actor)
    if row is None:
        return redirect("people:own")
    form = OwnErasureForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.ask_for_erasure(actor=actor, now=now, reason=form.cleaned_data["reason"])
        except ValidationError as error:
            put_errors(form, error)
        except StepRefused as error:
            form.add_error(None, str(error))
        else:
            return redirect("people:certificate", token=looking.certificate_token(made))
    context = {"form": form, "items": looking.review(row, now), "days": settings.ERASURE_DAYS}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "people/own_erasure.html", context, status=status)


@residents_only
@require_POST
def withdraw_erasure(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw one's own request."""
    actor = _actor(request)
    looking.get_erasure(actor, pk)
    try:
        actions.take_erasure_step("withdraw", pk, actor=actor, now=timezone.now())
    except StepRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("申请已撤回，什么都没有删除。"))
    return redirect("people:own")


@require_safe
def certificate(request: HttpRequest, token: str) -> HttpResponse:
    """Show what became of a request, without log-in and without a name; to keep or print."""
    row = looking.by_token(token)
    context = {
        "row": row,
        "state": ErasureState(row.state).label,
        "waiting": row.state == ErasureState.RECEIVED,
        "left": left_of(row.due_at, timezone.now()),
        "gone": [item for item in row.outcome if not item["kept"]],
        "kept": [item for item in row.outcome if item["kept"]],
        "address": settings.PUBLIC_URL.rstrip("/") + request.path,
    }
    answer = render(request, "people/certificate.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


@staff_only
@require_safe
def erasures(request: HttpRequest) -> HttpResponse:
    """List the requests for erasure."""
    actor = need(request, "people.erasures")
    rows = looking.visible_erasures(actor)
    form = ErasureFilterForm(request.GET, auto_id="filter_%s")

    def narrow(
        found: QuerySet[ErasureRequest], clean: Mapping[str, Any]
    ) -> QuerySet[ErasureRequest]:
        return found.filter(state=clean["state"]) if clean["state"] else found

    return respond(
        request, "people/erasures.html", ERASURES, rows, filters=FormFilters(form, rows, narrow),
        context={"may_hold": actor.can("people.erase")},
    )  # fmt: skip


@staff_only
@require_safe
def erasure(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a request with what would go and what must stay."""
    return _page(request, _actor(request), pk)


def _page(
    request: HttpRequest, actor: Actor, pk: int, form: Any = None, status: int = 200
) -> HttpResponse:
    now = timezone.now()
    row = looking.get_erasure(actor, pk)
    waiting = row.state == ErasureState.RECEIVED
    items = looking.review(row.resident, now) if waiting else []
    path = reverse("people:certificate", args=[looking.certificate_token(row)])
    context = {
        "row": row,
        "state": ErasureState(row.state).label,
        "waiting": waiting,
        "items": items,
        "left": left_of(row.due_at, now),
        "steps": {step.name for step in ERASURE_FLOW.available(row, actor)},
        "held": row.is_held,  # type: ignore[attr-defined]
        "all_goes": not any(item.kept for item in items),
        "nothing_goes": all(item.kept for item in items),
        "certificate": path,
        "form": form or RefusalForm(),
    }
    return render(request, "people/erasure.html", context, status=status)


@staff_only
@require_POST
def decide_erasure(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Erase, erase in part, or refuse."""
    actor = need(request, "people.erase")
    looking.get_erasure(actor, pk)
    if step not in {"erase", "erase_part", "refuse"}:
        step = "refuse"
    version = request.POST.get("version", "")
    try:
        actions.take_erasure_step(
            step, pk, actor=actor, now=timezone.now(), data=request.POST.dict(),
            expected=int(version) if version.isdecimal() else None,
        )  # fmt: skip
    except InvalidStep as error:
        return _page(request, actor, pk, error.form, 422)
    except StepRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("已办理。请把删除证明交给申请人。"))
    return redirect("people:erasure", pk=pk)


@staff_only
@require_http_methods(["GET", "POST"])
def new_erasure(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a request in at the counter, from who showed a document."""
    actor, now = need(request, "people.rights"), timezone.now()
    row = queries.get_resident(actor, pk)
    form = DeskErasureForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.ask_for_erasure(
                actor=actor, now=now, resident_id=pk, **form.cleaned_data
            )
        except ValidationError as error:
            put_errors(form, error)
        except StepRefused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("已受理。请打印回执交给申请人，凭它查询结果。"))
            return redirect("people:erasure", pk=made.pk)
    context = {"form": form, "row": row, "items": looking.review(row, now)}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "people/new_erasure.html", context, status=status)


@staff_only
@require_http_methods(["GET", "POST"])
def holds(request: HttpRequest) -> HttpResponse:
    """List and set holds: what must not be erased for a suit, an audit or an inquiry."""
    actor = need(request, "people.erase")
    form = HoldForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        clean = form.cleaned_data
        try:
            actions.set_hold(
                clean["resident"], actor=actor, now=timezone.now(), reason=clean["reason"]
            )
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("已保全。"))
            return redirect("people:holds")
    rows = looking.visible_holds(actor).order_by("ended_at", "-id")
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "people/holds.html", {"form": form, "rows": rows[:200]}, status=status)


@staff_only
@require_POST
def end_hold(request: HttpRequest, pk: int) -> HttpResponse:
    """End a hold."""
    actor = need(request, "people.erase")
    hold = get_object_or_404(looking.visible_holds(actor), pk=pk)
    actions.end_hold(hold.pk, actor=actor, now=timezone.now())
    messages.success(request, _("保全已解除。"))
    return redirect("people:holds")
