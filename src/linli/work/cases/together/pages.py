"""Choose cases in a list, say once what is to be done, read what became of each."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from linli.base.accounts.access import staff_only
from linli.kernel.scope import Actor

from ..models import Case
from .acts import ACTS, MOST, Act, chosen, fits, perform_all


@staff_only
@require_POST
def together(request: HttpRequest) -> HttpResponse:
    """Ask once what the act needs, or carry it out where that was answered."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    act = ACTS.get(request.POST.get("act", ""))
    if act is None:
        raise Http404
    numbers = request.POST.getlist("pick")
    refused = _bad_choice(numbers)
    cases = [] if refused else chosen(actor, numbers)
    if not refused and not cases:
        refused = _("选中的工单不存在，或不在您的权限范围内。")
    if refused:
        messages.warning(request, refused)
        return HttpResponseRedirect(_back(request))
    if not request.POST.get("sure"):
        return _ask(request, act, cases, act.form())
    form = act.form(request.POST)
    if not form.is_valid():
        return _ask(request, act, cases, form, status=422)
    results = perform_all(
        act,
        cases,
        actor=actor,
        now=timezone.now(),
        data={name: value for name, value in request.POST.items() if name in form.fields},
        key=request.POST.get("token", "")[:64] or uuid.uuid4().hex,
        seen=_seen(request, cases),
    )
    done = sum(result.done for result in results)
    context = {
        "act": act,
        "results": sorted(results, key=lambda result: result.done),
        "done": done,
        "left": len(results) - done,
        "back": _back(request),
        "now": timezone.now(),
    }
    return render(request, "cases/together/done.html", context)


def _bad_choice(numbers: list[str]) -> str:
    if not numbers:
        return _("请先在列表里勾选工单。")
    if len(numbers) > MOST:
        return _("一次最多办理%(most)d件，您选了%(count)d件。") % {
            "most": MOST,
            "count": len(numbers),
        }
    return ""


def _ask(
    request: HttpRequest, act: Act, cases: list[Case], form: forms.Form, status: int = 200
) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    context: dict[str, Any] = {
        "act": act,
        "form": form,
        "fitting": [case for case in cases if fits(act, actor, case)],
        "others": [case for case in cases if not fits(act, actor, case)],
        "token": request.POST.get("token") or uuid.uuid4().hex,
        "back": _back(request),
        "now": timezone.now(),
    }
    return render(request, "cases/together/ask.html", context, status=status)


def _seen(request: HttpRequest, cases: list[Case]) -> dict[str, int]:
    """Return the version of each case the person looked at, as the form carried it."""
    found = {}
    for case in cases:
        raw = request.POST.get(f"version-{case.number}", "")
        if raw.isascii() and raw.isdigit() and len(raw) < 10:
            found[case.number] = int(raw)
    return found


def _back(request: HttpRequest) -> str:
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure())
    return target if target and safe else reverse("cases:list")
