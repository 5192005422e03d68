"""The list of rounds: its columns and orders."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.kernel.listing.spec import Column, Order, Spec
from linli.kernel.ui.templatetags.ui import state_badge

from .models import Round


def _found(row: Round) -> str:
    if row.ended_at is None:
        return ""
    return _("%(items)d项，%(problems)d项有问题") % {"items": row.items, "problems": row.problems}


ROUNDS = Spec(
    key="rounds",
    columns=(
        Column("route", gettext_lazy("路线"), lambda row: row.route.name),
        Column("grid", gettext_lazy("网格"), lambda row: row.route.area.full_name),
        Column("day", gettext_lazy("日期"), lambda row: f"{row.day}" if row.day == row.until
               else f"{row.day}–{row.until:%m-%d}"),
        Column("state", gettext_lazy("状态"), lambda row: row.get_state_display(),
               html=lambda row: state_badge(row.state, row.get_state_display())),
        Column("worker", gettext_lazy("巡查人"), lambda row: str(row.worker) if row.worker else ""),
        Column("started", gettext_lazy("开始"), lambda row: row.started_at),
        Column("ended", gettext_lazy("结束"), lambda row: row.ended_at),
        Column("found", gettext_lazy("结果"), _found),
        Column("reason", gettext_lazy("免巡原因"), lambda row: row.reason),
    ),
    orders=(
        Order("day", gettext_lazy("最近的在前"), "day", descending=True),
        Order("old", gettext_lazy("最早的在前"), "day"),
    ),
    href=lambda row: reverse("patrols:round", args=[row.pk]),
)  # fmt: skip


def narrow(rows: QuerySet[Round], clean: Mapping[str, Any]) -> QuerySet[Round]:
    """Apply the filters."""
    if clean["state"]:
        rows = rows.filter(state=clean["state"])
    if clean["since"]:
        rows = rows.filter(day__gte=clean["since"])
    if clean["to"]:
        rows = rows.filter(day__lte=clean["to"])
    return rows.filter(problems__gt=0) if clean["problems"] else rows
