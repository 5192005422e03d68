"""The list of emergencies that are over: columns, orders and filters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.kernel.listing.spec import Column, Order, Spec

from .models import OPEN_STATES, Emergency, EmergencyState, Kind, Level


def _when(row: Emergency) -> str:
    return f"{timezone.localtime(row.happened_at):%Y-%m-%d %H:%M}"


PAST = Spec(
    key="emergencies.past",
    columns=(
        Column("title", _("事件"), lambda row: row.title),
        Column("kind", _("种类"), lambda row: row.get_kind_display()),
        Column("level", _("等级"), lambda row: row.get_level_display()),
        Column("place", _("地点"), lambda row: row.area.full_name),
        Column("at", _("发生时间"), _when),
        Column("state", _("状态"), lambda row: row.get_state_display()),
    ),
    orders=(
        Order("new", _("最近的在前"), "id", descending=True),
        Order("level", _("等级"), "level"),
    ),
    href=lambda row: reverse("emergencies:situation", args=[row.pk]),
    shown=("kind", "level", "state", "q"),
)  # fmt: skip
ENDED = [choice for choice in EmergencyState.choices if choice[0] not in OPEN_STATES]


class PastFilterForm(forms.Form):
    """Which of them to show."""

    kind = forms.ChoiceField(
        label=_("种类"), choices=[("", _("全部")), *Kind.choices], required=False
    )
    level = forms.ChoiceField(
        label=_("等级"), choices=[("", _("全部")), *Level.choices], required=False
    )
    state = forms.ChoiceField(label=_("状态"), choices=[("", _("全部")), *ENDED], required=False)
    q = forms.CharField(label=_("事件"), max_length=40, required=False)


def narrow(rows: QuerySet[Emergency], clean: Mapping[str, Any]) -> QuerySet[Emergency]:
    """Keep what the filters ask for."""
    for name in ("kind", "level", "state"):
        if clean[name]:
            rows = rows.filter(**{name: clean[name]})
    return rows.filter(title__icontains=clean["q"]) if clean["q"] else rows
