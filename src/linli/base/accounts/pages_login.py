"""Logging in and out: residents by phone and code."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from linli.kernel.secrets.masks import mask_phone

from .actions import CodeRefused, check_code, issue_code, note_sign_in
from .actions.codes import PAUSE
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
            _send(request, form.cleaned_data["phone"])
        except CodeRefused as error:
            form.add_error("phone", str(error))
        else:
            request.session["login_next"] = target
            return redirect("accounts:code")
    status = 422 if form.errors else 200
    return render(request, "accounts/phone.html", {"form": form, "next": target}, status=status)


def _send(request: HttpRequest, number: str) -> None:
    now = timezone.now()
    code = issue_code(phone=number, now=now, sender=request.META.get("REMOTE_ADDR", ""))
    request.session["login_phone"] = number
    request.session["login_sent_at"] = now.timestamp()
    if settings.SHOW_CODES:
        request.session["login_demo_code"] = code


@require_POST
def resend(request: HttpRequest) -> HttpResponse:
    """Send another code to the same phone, and stay on the page that asks for it."""
    number = request.session.get("login_phone")
    if not number:
        return redirect("accounts:login")
    try:
        _send(request, number)
    except CodeRefused as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("已重新发送验证码，以前的验证码作废。"))
    return redirect("accounts:code")


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
            for name in ("login_phone", "login_next", "login_demo_code", "login_sent_at"):
                request.session.pop(name, None)
            login(request, account, backend=BACKEND)
            note_sign_in(
                account=account, actor=actor_of(account), now=timezone.now(), second_factor=False
            )
            return HttpResponseRedirect(target)
    sent_at = request.session.get("login_sent_at", 0)
    context = {
        "form": form,
        "phone": mask_phone(number),
        "wait": max(0, int(sent_at + PAUSE.total_seconds() - timezone.now().timestamp()) + 1),
        "demo_code": request.session.get("login_demo_code") if settings.SHOW_CODES else None,
    }
    return render(request, "accounts/code.html", context, status=422 if form.errors else 200)


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Log out and forget the session."""
    logout(request)
    return redirect("/")
