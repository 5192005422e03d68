"""Rate a case at a terminal: type the code by touch, then two questions with large buttons.

Whoever walks away leaves nothing behind: each page goes back to the start by itself, and the
start forgets which case was open.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from linli.kernel.flow import StepRefused
from linli.work.cases.actions import TooManyTries, rate_tracked, try_code
from linli.work.cases.models import Case, Nature
from linli.work.cases.queries import case_by_code, may_be_rated, rating_form

OPEN, ANSWER = "kiosk_case", "kiosk_solved"
IDLE_SECONDS, THANKS_SECONDS = 90, 10
KEYS = ("23456789", "ABCDEFGH", "JKMNPQRS", "TUVWXYZ")  # what tracking codes are made of


def _forget(request: HttpRequest) -> None:
    for name in (OPEN, ANSWER):
        request.session.pop(name, None)


def _open_case(request: HttpRequest) -> Case | None:
    pk = request.session.get(OPEN)
    case = Case.objects.filter(pk=pk).first() if pk else None
    return case if case is not None and may_be_rated(case) else None


def _page(request: HttpRequest, name: str, status: int = 200, **context: Any) -> HttpResponse:
    context |= {"idle": THANKS_SECONDS if name == "thanks" else IDLE_SECONDS}
    return render(request, f"kiosk/{name}.html", context, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Ask for the tracking code; whoever was here before is forgotten."""
    _forget(request)
    if request.method == "GET":
        return _page(request, "code", keys=KEYS)
    typed = request.POST.get("code", "")[:16]

    def again(problem: str, status: int = 422) -> HttpResponse:
        return _page(request, "code", status, keys=KEYS, typed=typed, problem=problem)

    try:
        case = try_code(lambda: case_by_code(typed), sender=request.META.get("REMOTE_ADDR", ""))
    except TooManyTries:
        return again(_("试的次数太多，请10分钟后再试，或到窗口办理。"), 429)
    if case is None:
        return again(_("没有这个查询码，请核对登记时给您的短信或纸条。"))
    if case.nature == Nature.PRAISE:
        return again(_("表扬不需要评价，谢谢您。"))
    if not may_be_rated(case):
        return again(_("这件事还没有办结，办结后再来评价。"))
    request.session[OPEN] = case.pk
    return redirect("kiosk:solved")


@never_cache
@require_http_methods(["GET", "POST"])
def solved(request: HttpRequest) -> HttpResponse:
    """Ask whether the matter is solved."""
    case = _open_case(request)
    if case is None:
        return redirect("kiosk:code")
    if request.POST.get("solved") in {"yes", "no"}:
        request.session[ANSWER] = request.POST["solved"]
        return redirect("kiosk:grade")
    choices = rating_form(case).fields["solved"].choices
    return _page(request, "solved", case=case, choices=choices)


@never_cache
@require_http_methods(["GET", "POST"])
def grade(request: HttpRequest) -> HttpResponse:
    """Ask how satisfied the person is, and keep both answers."""
    case, answer = _open_case(request), request.session.get(ANSWER)
    if case is None or answer is None:
        return redirect("kiosk:code")
    choices = rating_form(case).fields["rating"].choices
    if request.method == "GET":
        return _page(request, "grade", case=case, choices=choices)
    data = {"rating": request.POST.get("rating", ""), "solved": answer}
    actor = request.actor  # type: ignore[attr-defined]
    try:
        rate_tracked(case, now=timezone.now(), data=data, actor=actor)
    except StepRefused as error:
        return _page(request, "grade", 422, case=case, choices=choices, problem=str(error))
    _forget(request)
    return redirect("kiosk:thanks")


@never_cache
@require_safe
def thanks(request: HttpRequest) -> HttpResponse:
    """Say thanks, and go back to the start."""
    return _page(request, "thanks")
