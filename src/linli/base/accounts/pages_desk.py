"""Accounts and grants on the desk, each power with its own administrator."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.kernel.flow.names import actor_name
from linli.kernel.listing.respond import FormFilters, respond

from . import actions, queries
from .access import staff_only
from .forms_desk import FilterForm, GrantForm, MoveForm, PasswordForm, StaffForm
from .lists import ACCOUNTS
from .models import Account, GrantRow
from .policies import ROLES
from .wording import describe


def need(request: HttpRequest, permission: str) -> Any:
    """Return the actor; raises PermissionDenied where they hold the permission nowhere."""
    actor = request.actor  # type: ignore[attr-defined]
    if not actor.can(permission):
        raise PermissionDenied
    return actor


def put_errors(form: forms.Form, error: ValidationError) -> None:
    """Show an action's refusal at the field it names, or above the form."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, faults in error.error_dict.items():
        form.add_error(name if name in form.fields else None, faults)


@require_safe
@staff_only
def accounts(request: HttpRequest) -> HttpResponse:
    """List the staff within scope, by log-in name."""
    actor = need(request, "accounts.view")
    rows = queries.search_accounts(actor).prefetch_related("grants")
    found = FormFilters(
        FilterForm(request.GET),
        rows,
        lambda _rows, clean: queries.search_accounts(
            actor,
            words=clean["q"],
            role=clean["role"],
            area_code=clean["area"].code if clean["area"] else "",
        ).prefetch_related("grants"),
    )
    return respond(
        request, "accounts/desk/list.html", ACCOUNTS, rows, filters=found, export="accounts.view",
        context={"may_manage": actor.can("accounts.manage")},
    )  # fmt: skip


def _page(
    request: HttpRequest, account: Account, bound: dict[str, forms.Form] | None = None
) -> HttpResponse:
    actor, area = request.actor, account.area.code if account.area else ""  # type: ignore[attr-defined]
    may = {
        name: actor.can(f"accounts.{name}", area) and actor.account_id != account.pk
        for name in ("manage", "grant", "unlock")
    }
    blank = {"grant": GrantForm, "move": MoveForm, "password": PasswordForm}
    today = timezone.localdate()
    grants = list(queries.grants_of(account))
    for row in grants:
        row.label = ROLES.get(row.role, row.role)  # type: ignore[attr-defined]
        row.ended = row.valid_to is not None and row.valid_to < today  # type: ignore[attr-defined]
    history = queries.history_of(account)
    queries.account_names({entry.actor_id for entry in history if entry.actor_id})
    context = {
        "account": account,
        "grants": grants,
        "may": may,
        "forms": {name: (bound or {}).get(name) or made() for name, made in blank.items()},
        "history": [
            (entry.at, describe(entry), actor_name(entry.actor_kind, entry.actor_id))
            for entry in history
        ],
        "now": timezone.now(),
    }
    return render(request, "accounts/desk/account.html", context, status=422 if bound else 200)


@require_safe
@staff_only
def account(request: HttpRequest, account_id: int) -> HttpResponse:
    """Show one account: post, grants, history, and what the viewer may change."""
    return _page(request, queries.get_account(need(request, "accounts.view"), account_id))


def _change(
    request: HttpRequest, account_id: int, name: str, form: forms.Form, act: Callable[..., Any]
) -> HttpResponse:
    """Validate, act, and go back; a refusal shows at its field with what was typed."""
    found = queries.get_account(need(request, "accounts.view"), account_id)
    if form.is_valid():
        try:
            act(
                actor=request.actor,  # type: ignore[attr-defined]
                now=timezone.now(),
                account=found,
                **form.cleaned_data,
            )
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("已保存。"))
            return redirect("accounts:account", account_id)
    return _page(request, found, {name: form})


@require_POST
@staff_only
def grant(request: HttpRequest, account_id: int) -> HttpResponse:
    """Give a role."""
    return _change(request, account_id, "grant", GrantForm(request.POST), actions.grant_role)


@require_POST
@staff_only
def move(request: HttpRequest, account_id: int) -> HttpResponse:
    """Move to another unit."""
    return _change(request, account_id, "move", MoveForm(request.POST), actions.move_post)


@require_POST
@staff_only
def password(request: HttpRequest, account_id: int) -> HttpResponse:
    """Set a new password."""
    return _change(
        request, account_id, "password", PasswordForm(request.POST), actions.set_password
    )


@require_POST
@staff_only
def end_grant(request: HttpRequest, account_id: int, grant_id: int) -> HttpResponse:
    """End a grant."""
    found = queries.get_account(need(request, "accounts.view"), account_id)
    row = get_object_or_404(GrantRow.objects.select_related("account"), pk=grant_id, account=found)
    return _plain(request, account_id, actions.end_grant, grant=row)


@require_POST
@staff_only
def switch(request: HttpRequest, account_id: int, to: str) -> HttpResponse:
    """Close an account, or open it again."""
    found = queries.get_account(need(request, "accounts.view"), account_id)
    known = {"lock": actions.lock, "unlock": actions.unlock}
    if to not in known:
        raise Http404
    return _plain(request, account_id, known[to], account=found)


def _plain(
    request: HttpRequest, account_id: int, act: Callable[..., None], **given: Any
) -> HttpResponse:
    try:
        act(actor=request.actor, now=timezone.now(), **given)  # type: ignore[attr-defined]
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("已保存。"))
    return redirect("accounts:account", account_id)


@require_http_methods(["GET", "POST"])
@staff_only
def new(request: HttpRequest) -> HttpResponse:
    """Make an account; roles are granted afterwards by the security administrator."""
    actor = need(request, "accounts.manage")
    form = StaffForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.create_staff(actor=actor, now=timezone.now(), **form.cleaned_data)
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("账户已建立，请安全管理员授权。"))
            return redirect("accounts:account", made.pk)
    status = 422 if form.errors else 200
    return render(request, "accounts/desk/new.html", {"form": form}, status=status)
