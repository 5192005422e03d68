"""The lists of the registers: columns and orders."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from linli.kernel.listing.spec import Column, Order, Spec
from linli.kernel.secrets.masks import mask_id_number, mask_phone

from ..areas.models import Area, Level
from .actions.residents import of_age
from .changes.models import Change, RecordLook, RequestState
from .erasing.models import ErasureState
from .models import Resident
from .queries import changes_of

FIELD_LABELS = {
    "name": _("姓名"),
    "phone": _("手机号"),
    "id_number": _("身份证号"),
    "born_on": _("出生日期"),
    "gender": _("性别"),
    "kind": _("人口类型"),
    "state": _("状态"),
    "state_on": _("状态日期"),
    "dwelling": _("住房"),
    "area": _("所在网格"),
    "area_code": _("区域编码"),
    "address": _("地址"),
    "floors": _("层数"),
    "units": _("单元数"),
    "built": _("建成年份"),
    "lifts": _("电梯数"),
    "unit": _("单元"),
    "room": _("房号"),
    "use": _("使用情况"),
    "surface": _("面积（平方米）"),
    "code": _("统一社会信用代码"),
    "contact": _("联系人"),
    "closed_on": _("注销日期"),
    "lon": _("经度"),
    "lat": _("纬度"),
}


def field_words(names: list[str]) -> str:
    """Return fields in the user's words."""
    return _t("、").join(str(FIELD_LABELS.get(name, name)) for name in names)


def changes_in_words(subject: str, pk: int) -> list[tuple[Change, str]]:
    """Return what was changed of a record with the field in words; never the values."""
    return [(change, field_words([change.field])) for change in changes_of(subject, pk)]


def home_of(resident: Resident) -> str:
    """Return where a resident lives, as far as the register knows."""
    return resident.dwelling.address if resident.dwelling else ""


def grid_name(area: Area) -> str:
    """Return the grid an area is or lies in, with its community; the parents fetched along."""
    grid = area.parent if area.level == Level.BUILDING and area.parent else area
    return grid.full_name


def _age(resident: Resident) -> Any:
    age = of_age(resident, timezone.localdate())
    return "" if age is None else age


def _tags(resident: Any) -> str:
    return _t("、").join(tag.get_kind_display() for tag in resident.tags_now)


RESIDENTS = Spec(
    key="residents",
    columns=(
        Column("name", _("姓名"), lambda row: row.name),
        Column("gender", _("性别"), lambda row: row.get_gender_display() if row.gender else ""),
        Column("age", _("年龄"), _age),
        Column("home", _("住址"), home_of),
        Column("area", _("网格"), lambda row: grid_name(row.area)),
        Column("tags", _("标签"), _tags),
        Column("kind", _("人口类型"), lambda row: row.get_kind_display()),
        Column("state", _("状态"), lambda row: row.get_state_display()),
        Column("phone", _("手机号"), lambda row: mask_phone(row.phone)),
        Column("id_number", _("身份证号"), lambda row: mask_id_number(row.id_number)),
    ),
    orders=(
        Order("area", _("按网格"), "area_code"),
        Order("old", _("年长在前"), "born_on", nullable=True),
        Order("new", _("最近登记"), "id", descending=True),
    ),
    href=lambda row: reverse("people:resident", args=[row.pk]),
    shown=("q", "area", "tag"),
    private=("q",),
)
BUILDINGS = Spec(
    key="buildings",
    columns=(
        Column("name", _("名称"), lambda row: row.name),
        Column("address", _("地址"), lambda row: row.address),
        Column("area", _("网格"), lambda row: grid_name(row.area)),
        Column("kind", _("用途"), lambda row: row.get_kind_display()),
        Column("floors", _("层数"), lambda row: row.floors),
        Column("dwellings", _("住房套数"), lambda row: row.dwelling_count),
        Column("built", _("建成年份"), lambda row: str(row.built or "")),
    ),
    orders=(
        Order("area", _("按网格"), "area_code"),
        Order("name", _("名称"), "name"),
        Order("old", _("最老在前"), "built", nullable=True),
    ),
    href=lambda row: reverse("people:building", args=[row.pk]),
)
ORGANISATIONS = Spec(
    key="organisations",
    columns=(
        Column("name", _("名称"), lambda row: row.name),
        Column("kind", _("类型"), lambda row: row.get_kind_display()),
        Column("code", _("统一社会信用代码"), lambda row: row.code),
        Column("address", _("地址"), lambda row: row.address),
        Column("area", _("网格"), lambda row: grid_name(row.area)),
        Column("phone", _("联系电话"), lambda row: mask_phone(row.phone)),
    ),
    orders=(
        Order("area", _("按网格"), "area_code"),
        Order("name", _("名称"), "name"),
        Order("new", _("最近登记"), "id", descending=True),
    ),
    href=lambda row: reverse("people:organisation", args=[row.pk]),
)
REQUESTS = Spec(
    key="record-requests",
    columns=(
        Column("who", _("申请人"), lambda row: row.resident.name),
        Column("fields", _("申请更正"), lambda row: field_words(row.fields)),
        Column("state", _("状态"), lambda row: RequestState(row.state).label),
        Column("asked", _("申请时间"), lambda row: row.asked_at),
        Column("due", _("答复期限"), lambda row: row.due_at),
    ),
    orders=(
        Order("due", _("期限在前"), "due_at"),
        Order("new", _("最近申请"), "id", descending=True),
    ),
    href=lambda row: reverse("people:request", args=[row.pk]),
)

ERASURES = Spec(
    key="erasures",
    columns=(
        Column("record", _("档案号"), lambda row: row.resident_id),
        Column("state", _("状态"), lambda row: ErasureState(row.state).label),
        Column("door", _("从哪里来"), lambda row: row.get_door_display()),
        Column("speaker", _("谁来申请"), lambda row: row.get_speaker_display()),
        Column("asked", _("申请时间"), lambda row: row.asked_at),
        Column("due", _("答复期限"), lambda row: row.due_at),
    ),
    orders=(
        Order("due", _("期限在前"), "due_at"),
        Order("new", _("最近申请"), "id", descending=True),
    ),
    href=lambda row: reverse("people:erasure", args=[row.pk]),
)


def _what(look: RecordLook) -> str:
    return field_words(look.fields) if look.fields else _t("打开档案")


IMPORTS = Spec(
    key="ledger-imports",
    columns=(
        Column("file", _("文件"), lambda row: row.file_name),
        Column("area", _("区域"), lambda row: row.area.short_name),
        Column("source", _("来源"), lambda row: row.source),
        Column("state", _("状态"), lambda row: row.get_state_display()),
        Column("total", _("行数"), lambda row: row.counts.get("total", "")),
        Column("bad", _("有错"), lambda row: row.counts.get("bad", "")),
        Column("at", _("上传时间"), lambda row: row.at),
    ),
    orders=(Order("new", _("最近上传"), "id", descending=True),),
    href=lambda row: reverse("people:ledger", args=[row.pk]),
)
LOOKS = Spec(
    key="record-looks",
    columns=(
        Column("at", _("时间"), lambda look: look.at),
        Column("who", _("查看人"), lambda look: look.actor.name if look.actor else ""),
        Column("unit", _("单位"), lambda look: look.actor.unit if look.actor else ""),
        Column("record", _("档案号"), lambda look: look.resident_id),
        Column("what", _("看了什么"), _what),
        Column("reason", _("原因"), lambda look: look.reason),
    ),
    orders=(Order("new", _("最近查看"), "id", descending=True),),
)
