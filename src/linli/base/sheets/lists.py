"""The list of sheets: its columns and orders."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from linli.kernel.listing.spec import Column, Order, Spec
from linli.kernel.ui.templatetags.ui import state_badge

from .models import Sheet


def _asker(row: Sheet) -> str:
    return str(row.unit or row.asker)


SHEETS = Spec(
    key="sheets",
    columns=(
        Column("title", _("表名"), lambda row: row.title),
        Column("asker", _("谁要"), _asker),
        Column("area", _("要哪里填"), lambda row: row.area.short_name),
        Column("due", _("截止日期"), lambda row: f"{row.due}"),
        Column("state", _("状态"), lambda row: row.get_state_display(),
               html=lambda row: state_badge(row.state, row.get_state_display())),
    ),
    orders=(
        Order("due", _("截止晚的在前"), "due", descending=True),
        Order("soon", _("截止早的在前"), "due"),
    ),
    href=lambda row: reverse("sheets:sheet", args=[row.pk]),
)  # fmt: skip


def narrow(rows: QuerySet[Sheet], clean: Mapping[str, Any]) -> QuerySet[Sheet]:
    """Apply the filters."""
    if clean["state"]:
        rows = rows.filter(state=clean["state"])
    return rows.filter(title__icontains=clean["title"]) if clean["title"] else rows
