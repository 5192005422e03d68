"""Mediation on the desk: the list, opening a file, one file with its steps."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.base.accounts.access import staff_only
from linli.kernel.flow import InvalidStep, SomeoneFaster, StepRefused
from linli.kernel.listing.respond import respond
from linli.kernel.scope import Actor

from ..models import Case
from .actions import case_for, may_know, open_mediation, take_mediation_step
from .clocks import days_left
from .flow import MEDIATE, MEDIATION_FLOW
from .lists import SPEC, MediationFilter
from .models import Confirmation, Mediation
from .opening import OpenForm, party_forms
from .queries import facts_of_page, get_mediation, listed_mediations
from .timeline import story

TABS = {
    "open": gettext_lazy("在办"),
    "mine": gettext_lazy("我调解的"),
    "all": gettext_lazy("全部"),
}
# Steps with a place of their own on the page; taken by the system as well.
PLACED = {"drop", "perform"}


def actor_of(request: HttpRequest) -> Actor:
    """Return who asks."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


@staff_only
@require_safe
def mediations(request: HttpRequest) -> HttpResponse:
    """Show mediations, filtered, in pages; or hand the list over as a workbook."""
    actor = actor_of(request)
    if not actor.can("cases.mediation"):
        raise PermissionDenied
    which = request.GET.get("which", "open")
    which = which if which in TABS else "open"
    rows = listed_mediations(actor, which)
    found = MediationFilter(request.GET, queryset=rows, now=timezone.now())
    context = {"which": which, "tabs": TABS, "may_open": actor.can(MEDIATE)}
    return respond(
        request, "cases/mediation/list.html", SPEC, rows, filters=found, keep=("which",),
        export="cases.export", context=context,
    )  # fmt: skip


@staff_only
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Open a file, from a case or for a dispute that came straight to the mediators."""
    actor = actor_of(request)
    if not actor.can(MEDIATE):
        raise PermissionDenied
    given = request.POST if request.method == "POST" else request.GET
    number = given.get("case_number", "")
    case = case_for(actor, number) if number else None
    if number and case is None:
        raise Http404
    if request.method != "POST":
        own = actor.areas(MEDIATE)
        initial = {"token": uuid.uuid4().hex, "case_number": number,
                   "facts": case.text if case else "",
                   "area_code": own[0] if len(own) == 1 else ""}  # fmt: skip
        return _render_new(request, OpenForm(initial=initial, case=case), party_forms(), case)
    form, parties = OpenForm(request.POST, case=case), party_forms(request.POST)
    checked = [form.is_valid(), *(party.is_valid() for party in parties)]
    if all(checked):
        data = dict(form.cleaned_data)
        rows = [dict(party.cleaned_data) for party in parties]
        rows[0]["applicant"] = data["origin"] == "applied"
        try:
            made = open_mediation(
                actor=actor, now=timezone.now(), key=data["token"], case=case, parties=rows,
                data=data | {"area": data.get("area_code")},
            )  # fmt: skip
            messages.success(request, _("已登记，编号%(number)s。") % {"number": made.number})
            return redirect("cases:mediation", mediation_id=made.pk)
        except StepRefused as error:
            form.add_error("area_code" if "area_code" in form.fields else None, str(error))
    return _render_new(request, form, parties, case, 422)


def _render_new(
    request: HttpRequest, form: OpenForm, parties: list[Any], case: Case | None, status: int = 200
) -> HttpResponse:
    context = {"form": form, "parties": parties, "case": case}
    return render(request, "cases/mediation/new.html", context, status=status)


@staff_only
@require_safe
def mediation(request: HttpRequest, mediation_id: int) -> HttpResponse:
    """Show one mediation."""
    return show(request, get_mediation(actor_of(request), mediation_id))


@staff_only
@require_POST
def step(request: HttpRequest, mediation_id: int, name: str) -> HttpResponse:
    """Take a step; where it is refused, show the page again with what was typed."""
    found = get_mediation(actor_of(request), mediation_id)
    if name not in {known.name for known in MEDIATION_FLOW.steps}:
        raise Http404
    raw = request.POST.get("version", "")
    try:
        take_mediation_step(
            name, found.pk, actor=actor_of(request), now=timezone.now(), data=request.POST,
            key=request.POST.get("token") or None,
            expected=int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 10 else None,
        )  # fmt: skip
    except InvalidStep as error:
        return show(request, found, (name, error.form, str(error)), 422)
    except StepRefused as error:
        fresh = get_mediation(actor_of(request), mediation_id)
        maker: Any = MEDIATION_FLOW.step(name).form
        form = _form(maker, fresh, request.POST) if maker else None
        status = 409 if isinstance(error, SomeoneFaster) else 422
        return show(request, fresh, (name, form, str(error)), status)
    messages.success(request, _("“%(step)s”已完成。") % {"step": MEDIATION_FLOW.step(name).label})
    return redirect("cases:mediation", mediation_id=mediation_id)


def _form(maker: Any, mediation: Mediation, data: Any = None) -> forms.Form:
    more = {"subject": mediation} if getattr(maker, "wants_subject", False) else {}
    form: forms.Form = maker(data, **more) if data is not None else maker(**more)
    return form


Refused = tuple[str, forms.Form | None, str]


def show(
    request: HttpRequest, mediation: Mediation, refused: Refused | None = None, status: int = 200,
    **more: Any,
) -> HttpResponse:  # fmt: skip
    """Render the page of one mediation; what was said is shown to its mediators only."""
    actor, now = actor_of(request), timezone.now()
    today = timezone.localdate(now)
    full = may_know(actor, mediation)
    parts = facts_of_page(mediation)
    rows = _rows(mediation, actor, parts, refused) if full else []
    shown = any(row["active"] for row in rows)
    until = mediation.confirm_until
    context = {
        "mediation": mediation,
        "full": full,
        "steps": rows,
        "may": {row.name for row in MEDIATION_FLOW.available(mediation, actor)} if full else set(),
        "items": story(mediation, parts["parties"], full=full),
        "court_days": days_left(until, today) if until else None,
        "court_open": mediation.confirmation == Confirmation.NONE,
        "token": uuid.uuid4().hex,
        "reason": refused[2] if refused and not shown else "",
        "lost": refused[1] if refused and not shown else None,
        "now": now,
        "today": today,
        **parts,
        **more,
    }
    return render(request, "cases/mediation/detail.html", context, status=status)


def _rows(
    mediation: Mediation, actor: Actor, parts: dict[str, Any], refused: Refused | None
) -> list[dict[str, Any]]:
    rows = []
    for known in MEDIATION_FLOW.available(mediation, actor):
        if known.name in PLACED or _not_now(known.name, mediation, parts):
            continue
        active = refused is not None and refused[0] == known.name
        form = refused[1] if refused and active else None
        if form is None and known.form is not None:
            form = _form(known.form, mediation)
        if form is not None:
            form.auto_id = f"id_{known.name}_%s"
        rows.append({"name": known.name, "label": known.label, "tone": known.tone, "form": form,
                     "active": active, "reason": refused[2] if refused and active else "",
                     "token": uuid.uuid4().hex})  # fmt: skip
    return rows


def _not_now(name: str, mediation: Mediation, parts: dict[str, Any]) -> bool:
    """Tell whether a rule would refuse the step now, so that the page need not offer it."""
    parties, rows = parts["parties"], parts["obligations"]
    signed = any(party.signed_on for party in parties)
    unsigned = not mediation.terms or mediation.form == "oral" or all(p.signed_on for p in parties)
    done = all(row.result == "performed" for row in rows)
    waiting = [party for party in parties if party.consented_on is None]
    return bool(
        (name == "consent" and not waiting)
        or (name == "accept" and waiting)
        or (name in {"draft", "oblige", "add_party"} and signed)
        or (name == "oblige" and not mediation.terms)
        or (name == "sign" and unsigned)
        or (name == "unsign" and not signed)
        or (name == "conclude" and not (mediation.terms and unsigned))
        or (name == "finish" and not done)
        or (name == "end_unperformed" and done)
        or (name == "apply" and mediation.confirmation != "none")
        or (name == "ruling" and mediation.confirmation != "applied")
    )
