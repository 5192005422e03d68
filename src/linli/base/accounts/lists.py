"""The lists of accounts and units: columns and orders."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.kernel.listing.spec import Column, Order, Spec

from .models import Account
from .policies import ROLES


def roles_of(account: Account) -> str:
    """Return the roles held today, in words; `grants` should be prefetched."""
    today = timezone.localdate()
    held = {
        row.role
        for row in account.grants.all()
        if row.valid_from <= today and (row.valid_to is None or row.valid_to >= today)
    }
    return _("、").join(str(label) for role, label in ROLES.items() if role in held)


def _state(account: Account) -> str:
    if not account.is_active:
        return _("已停用")
    locked = account.locked_until is not None and account.locked_until > timezone.now()
    return _("已锁定") if locked else _("正常")


def _badge(account: Account) -> Any:
    context = {"account": account, "now": timezone.now()}
    return render_to_string("accounts/desk/state.html", context)


ACCOUNTS = Spec(
    key="accounts",
    columns=(
        Column("username", gettext_lazy("登录名"), lambda row: row.username),
        Column("name", gettext_lazy("姓名"), lambda row: row.name),
        Column("unit", gettext_lazy("单位"), lambda row: row.unit.name if row.unit else ""),
        Column("title", gettext_lazy("岗位"), lambda row: row.title),
        Column("roles", gettext_lazy("现有角色"), roles_of),
        Column("state", gettext_lazy("状态"), _state, html=_badge),
    ),
    orders=(
        Order("username", gettext_lazy("登录名"), "username"),
        Order("new", gettext_lazy("最近建立"), "id", descending=True),
    ),
    href=lambda row: reverse("accounts:account", args=[row.pk]),
)
UNITS = Spec(
    key="units",
    columns=(
        Column("code", gettext_lazy("编码"), lambda row: row.code),
        Column("name", gettext_lazy("名称"), lambda row: row.name),
        Column("kind", gettext_lazy("类型"), lambda row: row.get_kind_display()),
        Column("area", gettext_lazy("区域"), lambda row: row.area.name),
        Column("line", gettext_lazy("条线"), lambda row: row.line),
        Column("phone", gettext_lazy("电话"), lambda row: row.phone),
    ),
    orders=(Order("code", gettext_lazy("编码"), "code"),),
)
