"""The list of resources: columns, orders and filters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linli.kernel.listing.spec import Column, Order, Spec
from linli.kernel.scope import within

from ..models import Resource, ResourceKind


def _community(row: Resource) -> str:
    return row.area.parent.short_name if row.area.parent else ""


def _due(row: Resource) -> str:
    """Return the day of the next check, with a word where it has passed."""
    if row.check_due is None:
        return ""
    late = gettext("已逾期") if is_overdue(row) else ""
    return f"{row.check_due:%Y-%m-%d} {late}".strip()


def _due_html(row: Resource) -> str:
    if not is_overdue(row):
        return _due(row)
    return format_html('<strong class="text-danger">{}</strong>', _due(row))


def is_overdue(row: Resource) -> bool:
    """Tell whether the day of the next check has passed."""
    return row.check_due is not None and row.check_due < timezone.localdate()


RESOURCES = Spec(
    key="areas.resources",
    columns=(
        Column("name", _("名称"), lambda row: row.name),
        Column("kind", _("类别"), lambda row: row.get_kind_display()),
        Column("organisation", _("责任单位"), lambda row: row.organisation),
        Column("contact", _("联系人"), lambda row: row.contact),
        Column("phone", _("电话"), lambda row: row.phone),
        Column("address", _("地址"), lambda row: row.address),
        Column("hours", _("开放时间"), lambda row: row.hours),
        Column("due", _("下次检查"), _due, html=_due_html),
        Column("community", _("社区"), _community),
        Column("grid", _("网格"), lambda row: row.area.name),
    ),
    orders=(Order("area", _("所在网格"), "area_code"), Order("name", _("名称"), "name")),
    href=lambda row: reverse("areas:resource", args=[row.pk]),
    shown=("q", "kind", "overdue", "area"),
)


class ResourceFilterForm(forms.Form):
    """Which resources to show."""

    q = forms.CharField(label=_("名称、地址或电话"), required=False, max_length=80)
    kind = forms.ChoiceField(
        label=_("类别"), choices=[("", _("全部")), *ResourceKind.choices], required=False
    )
    overdue = forms.BooleanField(label=_("只看逾期未检查的"), required=False)
    area = forms.RegexField(r"^\d{6,18}$", label=_("区域编码"), required=False)


def narrow(rows: QuerySet[Resource], clean: Mapping[str, Any]) -> QuerySet[Resource]:
    """Keep what the filters ask for."""
    if clean["kind"]:
        rows = rows.filter(kind=clean["kind"])
    if clean["overdue"]:
        rows = rows.filter(check_due__lt=timezone.localdate())
    if clean["area"]:
        rows = rows.filter(within([clean["area"]]))
    if text := clean["q"].strip():
        rows = rows.filter(
            Q(name__icontains=text)
            | Q(address__icontains=text)
            | Q(phone__startswith=text)
            | Q(organisation__icontains=text)
            | Q(contact=text)
        )
    return rows
