"""Logging in and out: residents by phone and code."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from .actions import CodeRefused, check_code, issue_code, note_sign_in
from .forms import CodeForm, PhoneForm
from .queries import actor_of

BACKEND = "django.contrib.auth.backends.ModelBackend"


def safe_next(request: HttpRequest, default: str) -> str:
    """Return where to go after logging in: only addresses of this site."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    allowed = url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure())
    return target if target and allowed else default


@never_cache
@require_http_methods(["GET", "POST"])
def phone(request: HttpRequest) -> HttpResponse:
    """Ask for the phone and send a code."""
    target = safe_next(request, "/my/cases/")
    form = PhoneForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            code = issue_code(
                phone=form.cleaned_data["phone"],
                now=timezone.now(),
                sender=request.META.get("REMOTE_ADDR", ""),
            )
        except CodeRefused as error:
            form.add_error("phone", str(error))
        else:
            request.session["login_phone"] = form.cleaned_data["phone"]
            request.session["login_next"] = target
            if settings.SHOW_CODES:
                request.session["login_demo_code"] = code
            return redirect("accounts:code")
    status = 422 if form.errors else 200
    return render(request, "accounts/phone.html", {"form": form, "next": target}, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Ask for the code; a right one logs in."""
    number = request.session.get("login_phone")
    if not number:
        return redirect("accounts:login")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            account = check_code(phone=number, code=form.cleaned_data["code"], now=timezone.now())
        except CodeRefused as error:
            form.add_error("code", str(error))
        else:
            target = request.session.get("login_next", "/my/cases/")
            for name in ("login_phone", "login_next", "login_demo_code"):
                request.session.pop(name, None)
            login(request, account, backend=BACKEND)
            note_sign_in(
                account=account, actor=actor_of(account), now=timezone.now(), second_factor=False
            )
            return HttpResponseRedirect(target)
    context = {
        "form": form,
        "phone": f"{number[:3]}****{number[-4:]}",
        "number": number,
        "demo_code": request.session.get("login_demo_code") if settings.SHOW_CODES else None,
        "next": request.session.get("login_next", "/my/cases/"),
    }
    return render(request, "accounts/code.html", context, status=422 if form.errors else 200)


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Log out and forget the session."""
    logout(request)
    return redirect("/")
