"""Logging in as staff: password, then the second factor."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from segno import make as make_qr

from . import mfa
from .actions import SignInRefused, check_password, check_second_factor, note_sign_in
from .forms import SecondFactorForm, StaffLoginForm
from .homes import DESK, home_of
from .models import Account, AccountKind
from .pages_login import BACKEND, safe_next
from .queries import actor_of

PENDING_SECONDS = 600


@never_cache
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Ask for log-in name and password."""
    target = safe_next(request, "")
    form = StaffLoginForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            account = check_password(**form.cleaned_data, now=timezone.now())
        except SignInRefused as error:
            form.add_error("password", str(error))
        else:
            if not settings.STAFF_SECOND_FACTOR:
                return _enter(request, account, target, second_factor=False)
            request.session["staff_pending"] = account.pk
            request.session["staff_since"] = timezone.now().timestamp()
            request.session["staff_next"] = target
            known = mfa.has_second_factor(account)
            return redirect("accounts:second" if known else "accounts:enrol")
    context = {"form": form, "next": target, "idle": request.GET.get("idle") == "1"}
    return render(request, "accounts/staff.html", context, status=422 if form.errors else 200)


def _pending(request: HttpRequest) -> Account | None:
    """Return whose password was right, within the last ten minutes."""
    if timezone.now().timestamp() - request.session.get("staff_since", 0) > PENDING_SECONDS:
        return None
    return Account.objects.filter(
        pk=request.session.get("staff_pending") or 0, kind=AccountKind.STAFF, is_active=True
    ).first()


def _enter(
    request: HttpRequest, account: Account, target: str, *, second_factor: bool
) -> HttpResponse:
    for name in ("staff_pending", "staff_since", "staff_next", "staff_secret"):
        request.session.pop(name, None)
    login(request, account, backend=BACKEND)
    now = timezone.now()
    request.session["seen_at"] = now.timestamp()
    actor = actor_of(account)
    note_sign_in(account=account, actor=actor, now=now, second_factor=second_factor)
    return HttpResponseRedirect(target or home_of(actor))


@never_cache
@require_http_methods(["GET", "POST"])
def second(request: HttpRequest) -> HttpResponse:
    """Ask for the second factor."""
    account = _pending(request)
    if account is None:
        return redirect("accounts:staff")
    form = SecondFactorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            check_second_factor(account=account, code=form.cleaned_data["code"], now=timezone.now())
        except SignInRefused as error:
            form.add_error("code", str(error))
        else:
            target = request.session.get("staff_next", "")
            return _enter(request, account, target, second_factor=True)
    return render(
        request, "accounts/second.html", {"form": form}, status=422 if form.errors else 200
    )


@never_cache
@require_http_methods(["GET", "POST"])
def enrol(request: HttpRequest) -> HttpResponse:
    """Set up the second factor at the first log-in."""
    account = _pending(request)
    if account is None or mfa.has_second_factor(account):
        return redirect("accounts:staff")
    secret = request.session.setdefault("staff_secret", mfa.new_secret())
    form = SecondFactorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        codes = mfa.enrol(account, secret, form.cleaned_data["code"])
        if codes is not None:
            target = request.session.get("staff_next", "")
            _enter(request, account, target, second_factor=True)
            context = {"codes": codes, "next": target or DESK}
            return render(request, "accounts/recovery.html", context)
        form.add_error("code", _("验证码不对，请核对手机时间后再试。"))
    qr = make_qr(mfa.secret_uri(account, secret)).svg_data_uri(scale=5)
    return render(
        request,
        "accounts/enrol.html",
        {"form": form, "qr": qr, "secret": secret},
        status=422 if form.errors else 200,
    )
