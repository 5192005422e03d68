"""The lists of duties and of vacant grids: columns, orders and filters."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from linli.kernel.listing.spec import Column, Order, Spec
from linli.kernel.scope import within
from linli.kernel.secrets.masks import mask_phone

from ..fields import AreaField
from ..models import Area, Duty, DutyPost
from .queries import name_of, phone_of
from .rules import standing

STATES = [("", _("在任")), ("coming", _("待到任")), ("past", _("已卸任")), ("all", _("全部"))]
MISSING = [("", _("全部空缺")), ("lead", _("缺网格长")), ("staff", _("缺专职网格员"))]


def _day(day: date | None) -> str:
    return date_format(day, "Y-m-d") if day else ""


def _place(row: Duty) -> str:
    return row.area.full_name


def _name(row: Duty) -> str:
    if row.account_id and not getattr(row, "who_active", True) and row.valid_to is None:
        return _t("%(name)s（账户已停用，请办理交接）") % {"name": name_of(row)}
    return name_of(row)


DUTIES = Spec(
    key="areas.duties",
    columns=(
        Column("name", _("责任人"), _name),
        Column("post", _("岗位"), lambda row: row.get_post_display()),
        Column("area", _("负责区域"), _place),
        Column("phone", _("电话"), phone_of, permission="areas.phones", mask=mask_phone),
        Column("valid_from", _("任职日期"), lambda row: _day(row.valid_from)),
        Column("valid_to", _("卸任日期"), lambda row: _day(row.valid_to)),
        Column("end_reason", _("卸任原因"), lambda row: row.get_end_reason_display()),
    ),
    orders=(
        Order("area", _("负责区域"), "area_code"),
        Order("newest", _("最近任职"), "valid_from", descending=True),
    ),
    href=lambda row: reverse("areas:duties_of", args=[row.area_code]),
    shown=("q", "post", "area", "state"),
)


def _community(row: Area) -> str:
    return row.parent.short_name if row.parent else ""


def _missing(row: Any) -> str:
    posts = []
    if not row.has_lead:
        posts.append(str(DutyPost.GRID_LEAD.label))
    if not row.has_staff:
        posts.append(str(DutyPost.GRID_STAFF.label))
    return _t("、").join(posts)


VACANT = Spec(
    key="areas.vacant",
    columns=(
        Column("grid", _("网格"), lambda row: row.name),
        Column("community", _("社区"), _community),
        Column("missing", _("空缺岗位"), _missing),
        Column("households", _("户数"), lambda row: row.households or ""),
        Column("code", _("区域编码"), lambda row: row.code),
    ),
    orders=(Order("area", _("区域"), "code"),),
    href=lambda row: reverse("areas:duties_of", args=[row.code]),
    shown=("area", "missing"),
)


class _AreaChoice(forms.Form):
    area = AreaField(label=_("区域名称或编码"), required=False, max_length=80)


class DutyFilterForm(_AreaChoice):
    """Which duties to show."""

    field_order = ("q", "post", "area", "state")
    q = forms.CharField(label=_("责任人姓名"), required=False, max_length=40)
    post = forms.ChoiceField(
        label=_("岗位"), choices=[("", _("全部")), *DutyPost.choices], required=False
    )
    state = forms.ChoiceField(label=_("状态"), choices=STATES, required=False)


class VacantFilterForm(_AreaChoice):
    """Which vacancies to show."""

    missing = forms.ChoiceField(label=_("空缺"), choices=MISSING, required=False)


def narrow_duties(rows: QuerySet[Duty], clean: Mapping[str, Any], day: date) -> QuerySet[Duty]:
    """Keep what the filters ask for; without a state, those in office on `day`."""
    if clean["state"] == "past":
        rows = rows.filter(valid_to__lte=day)
    elif clean["state"] == "coming":
        rows = rows.filter(valid_from__gt=day)
    elif not clean["state"]:
        rows = rows.filter(standing(day))
    if clean["post"]:
        rows = rows.filter(post=clean["post"])
    if clean["area"]:
        rows = rows.filter(within([clean["area"].code]))
    if text := clean["q"].strip():
        rows = rows.filter(Q(name__icontains=text) | Q(who_name__icontains=text))
    return rows


def narrow_vacant(rows: QuerySet[Area], clean: Mapping[str, Any]) -> QuerySet[Area]:
    """Keep the grids where what the filters ask for is missing."""
    asked = {"lead": Q(has_lead=False), "staff": Q(has_staff=False)}
    rows = rows.filter(asked.get(clean["missing"], Q(has_lead=False) | Q(has_staff=False)))
    return rows.filter(within([clean["area"].code], field="code")) if clean["area"] else rows
