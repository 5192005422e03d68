"""The list of changes: columns, orders and filters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from linli.kernel.flow.names import actor_name
from linli.kernel.listing.spec import Column, Order, Spec

from ..models import Succession, SuccessionKind


def _who(row: Succession) -> str:
    return actor_name("staff" if row.by_id else "system", row.by_id)


CHANGES = Spec(
    key="areas.changes",
    columns=(
        Column("on", _("日期"), lambda row: row.on),
        Column("kind", _("变更"), lambda row: row.get_kind_display()),
        Column("was_name", _("原名称"), lambda row: row.was_name),
        Column("was_code", _("原编码"), lambda row: row.was_code),
        Column("name", _("现名称"), lambda row: row.new.name),
        Column("code", _("现编码"), lambda row: row.new.code),
        Column("note", _("依据和原因"), lambda row: row.note),
        Column("who", _("经办"), _who),
    ),
    orders=(
        Order("new", _("最近变更"), "id", descending=True),
        Order("code", _("原编码"), "was_code"),
    ),
    href=lambda row: reverse("areas:changed", args=[row.act]),
    shown=("q", "kind"),
)


class ChangeFilterForm(forms.Form):
    """Which changes to show."""

    q = forms.CharField(label=_("名称或编码（新旧均可）"), required=False, max_length=80)
    kind = forms.ChoiceField(
        label=_("变更"), choices=[("", _("全部")), *SuccessionKind.choices], required=False
    )


def narrow(rows: QuerySet[Succession], clean: Mapping[str, Any]) -> QuerySet[Succession]:
    """Keep what the filters ask for; a name or code may be an old or a new one."""
    if clean["kind"]:
        rows = rows.filter(kind=clean["kind"])
    if text := clean["q"].strip():
        acts = Succession.objects.filter(
            Q(was_name__icontains=text) | Q(new__name__icontains=text)
            | Q(was_code__startswith=text) | Q(new__code__startswith=text)
        )  # fmt: skip
        rows = rows.filter(act__in=acts.values("act"))
    return rows
