"""The list of resources: columns, orders and filters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from linli.kernel.listing.spec import Column, Order, Spec
from linli.kernel.scope import within

from ..models import Resource, ResourceKind


def _community(row: Resource) -> str:
    return row.area.parent.short_name if row.area.parent else ""


RESOURCES = Spec(
    key="areas.resources",
    columns=(
        Column("name", _("名称"), lambda row: row.name),
        Column("kind", _("类别"), lambda row: row.get_kind_display()),
        Column("phone", _("电话"), lambda row: row.phone),
        Column("address", _("地址"), lambda row: row.address),
        Column("hours", _("开放时间"), lambda row: row.hours),
        Column("community", _("社区"), _community),
        Column("grid", _("网格"), lambda row: row.area.name),
    ),
    orders=(Order("area", _("所在网格"), "area_code"), Order("name", _("名称"), "name")),
    href=lambda row: reverse("areas:resource", args=[row.pk]),
    shown=("q", "kind", "area"),
)


class ResourceFilterForm(forms.Form):
    """Which resources to show."""

    q = forms.CharField(label=_("名称、地址或电话"), required=False, max_length=80)
    kind = forms.ChoiceField(
        label=_("类别"), choices=[("", _("全部")), *ResourceKind.choices], required=False
    )
    area = forms.RegexField(r"^\d{6,18}$", label=_("区域编码"), required=False)


def narrow(rows: QuerySet[Resource], clean: Mapping[str, Any]) -> QuerySet[Resource]:
    """Keep what the filters ask for."""
    if clean["kind"]:
        rows = rows.filter(kind=clean["kind"])
    if clean["area"]:
        rows = rows.filter(within([clean["area"]]))
    if text := clean["q"].strip():
        rows = rows.filter(
            Q(name__icontains=text) | Q(address__icontains=text) | Q(phone__startswith=text)
        )
    return rows
