"""One's own account: a resident's, and a member of staff's."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from linli.kernel.secrets.masks import mask_phone

from .access import residents_only, staff_only
from .actions import change_own_password, set_own_name, set_own_phone
from .forms import NameForm
from .forms_desk import OwnPasswordForm, OwnPhoneForm
from .models import Account
from .policies import ROLES


@require_http_methods(["GET", "POST"])
@residents_only
def own(request: HttpRequest) -> HttpResponse:
    """Show the resident's account and let them say what they are called."""
    actor = request.actor  # type: ignore[attr-defined]
    account = get_object_or_404(Account, pk=actor.account_id)
    form = NameForm(request.POST or None, initial={"name": account.name})
    if request.method == "POST" and form.is_valid():
        set_own_name(
            actor=actor, now=timezone.now(), account=account, name=form.cleaned_data["name"]
        )
        messages.success(request, _("已保存。"))
        return redirect("accounts:own")
    context = {"form": form, "phone": mask_phone(account.phone)}
    return render(request, "accounts/own.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@staff_only
def me(request: HttpRequest) -> HttpResponse:
    """Show staff their unit and roles, and let them change their password and number."""
    actor, now = request.actor, timezone.now()  # type: ignore[attr-defined]
    account = get_object_or_404(
        Account.objects.select_related("unit").prefetch_related("grants__area"),
        pk=actor.account_id,
    )
    password, phone = OwnPasswordForm(), OwnPhoneForm(initial={"phone": account.phone})
    if request.method == "POST" and "phone" in request.POST:
        phone = OwnPhoneForm(request.POST)
        if phone.is_valid() and _keep_phone(phone, actor, now):
            messages.success(request, _("手机号已保存。"))
            return redirect("accounts:me")
    elif request.method == "POST":
        password = OwnPasswordForm(request.POST)
        if password.is_valid() and _change_password(request, password, actor, now):
            messages.success(request, _("密码已修改，其他设备上的登录已退出。"))
            return redirect("accounts:me")
    today = timezone.localdate()
    context = {
        "account": account,
        "grants": [
            (ROLES.get(row.role, row.role), row.area)
            for row in account.grants.all()
            if row.valid_from <= today and (row.valid_to is None or row.valid_to >= today)
        ],
        "password": password,
        "phone": phone,
    }
    status = 422 if password.errors or phone.errors else 200
    return render(request, "accounts/desk/me.html", context, status=status)


def _keep_phone(form: OwnPhoneForm, actor: Any, now: datetime) -> bool:
    try:
        set_own_phone(actor=actor, now=now, phone=form.cleaned_data["phone"])
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True


def _change_password(
    request: HttpRequest, form: OwnPasswordForm, actor: Any, now: datetime
) -> bool:
    data = form.cleaned_data
    try:
        account = change_own_password(actor=actor, now=now, old=data["old"], new=data["password"])
    except ValidationError as error:
        form.add_error(None, error)
        return False
    update_session_auth_hash(request, account)
    return True
