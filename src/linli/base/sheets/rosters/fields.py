"""The fields of the registers that a sheet's lines can be taken from, and given back to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Any

from django.db.models import Count, QuerySet
from django.db.models.functions import Left
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from linli.kernel.scope import Actor, within

from ...areas.models import Area
from ...people import actions as people
from ...people.identity import normalise_org_code
from ...people.models import (
    PRESENT,
    Building,
    BuildingKind,
    CareKind,
    CareTag,
    Dwelling,
    DwellingUse,
    Gender,
    Household,
    Organisation,
    Resident,
)
from .known import Field, Known, Reader, Writer, register_fields

LANGUAGE = "zh-hans"  # values stand in the sheet as in the registers, whoever looks
YES = "1"
COUNTED = "登记册汇总"
GRID = 15  # digits of its code


def _shown(row: Any, name: str) -> str:
    """Return a field's value as a cell keeps it; nothing is blank."""
    value = getattr(row, name)
    if value is None or value == "":
        return ""
    choices = row._meta.get_field(name).choices
    if choices:
        with translation.override(LANGUAGE):
            return str(dict(choices).get(value, value))
    if isinstance(value, date):
        return value.isoformat()
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def _stamp(row: Any, name: str) -> tuple[str, date]:
    """Return who supplied a field, and when."""
    own = getattr(row, "sources", {}).get(name)
    if own:
        return str(own[0]), date.fromisoformat(own[1])
    return row.source, timezone.localdate(row.recorded_at)


def _field(model: Any, name: str) -> Reader:
    stamps = ["source", "recorded_at"] + (["sources"] if model is Resident else [])

    def read(refs: Sequence[int], _day: date) -> dict[int, Known]:
        rows = model.objects.filter(pk__in=refs).only(name, *stamps)
        return {
            row.pk: Known(value, *_stamp(row, name)) for row in rows if (value := _shown(row, name))
        }

    return read


def _age(refs: Sequence[int], day: date) -> dict[int, Known]:
    rows = Resident.objects.filter(pk__in=refs, born_on__isnull=False)
    found = {}
    for row in rows.only("born_on", "source", "recorded_at", "sources"):
        born = row.born_on
        if born is not None:
            years = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
            found[row.pk] = Known(str(years), *_stamp(row, "born_on"))
    return found


def _home(refs: Sequence[int], _day: date) -> dict[int, Known]:
    rows = Resident.objects.filter(pk__in=refs, dwelling__isnull=False)
    return {
        row.pk: Known(row.dwelling.address, row.source, timezone.localdate(row.recorded_at))
        for row in rows.select_related("dwelling__building")
        if row.dwelling
    }


def _tags(refs: Sequence[int], _day: date) -> dict[int, Known]:
    found: dict[int, list[CareTag]] = {}
    for tag in CareTag.objects.filter(resident__in=refs, ended_on=None).order_by("kind"):
        found.setdefault(tag.resident_id, []).append(tag)
    with translation.override(LANGUAGE):
        return {
            pk: Known("、".join(str(tag.get_kind_display()) for tag in tags), tags[0].source,
                      max(tag.set_on for tag in tags))
            for pk, tags in found.items()
        }  # fmt: skip


def _tagged(kind: str, refs: Sequence[int], _day: date) -> dict[int, Known]:
    """Say yes for who has a tag; who has none is not thereby known to be without."""
    tags = CareTag.objects.filter(resident__in=refs, kind=kind, ended_on=None)
    return {tag.resident_id: Known(YES, tag.source, tag.set_on) for tag in tags}


def _dwelling_address(refs: Sequence[int], _day: date) -> dict[int, Known]:
    rows = Dwelling.objects.filter(pk__in=refs).select_related("building")
    return {
        row.pk: Known(row.address, row.source, timezone.localdate(row.recorded_at)) for row in rows
    }


def _below(
    rows: QuerySet[Any], field: str, refs: Sequence[int], day: date
) -> dict[int, Known]:  # fmt: skip
    """Count rows by the number in `field`; where the register holds none, it does not know."""
    counted = rows.filter(**{f"{field}__in": refs}).order_by().values(field)
    found = counted.annotate(n=Count("pk")).values_list(field, "n")
    return {ref: Known(str(n), COUNTED, day) for ref, n in found}


def _in_grids(model: Any, standing: dict[str, Any]) -> Reader:
    """Count what stands in grids; where the register holds none, it does not know."""

    def read(refs: Sequence[int], day: date) -> dict[int, Known]:
        codes = dict(Area.objects.filter(pk__in=refs).values_list("code", "pk"))
        rows = model.objects.filter(within(codes), **standing).order_by()
        grouped = rows.annotate(grid=Left("area_code", GRID)).values("grid")
        found = grouped.annotate(n=Count("pk")).values_list("grid", "n")
        return {codes[code]: Known(str(n), COUNTED, day) for code, n in found if code in codes}

    return read


def _writer(edit: Callable[..., Any], field: str, raw: Callable[[str], Any] = str) -> Writer:
    def write(ref: int, value: str, *, actor: Actor, now: datetime, source: str) -> None:
        edit(ref, actor=actor, now=now, values={field: raw(value)}, source=source)

    return write


def _tagger(kind: str) -> Writer:
    """Tag who is said to be one; "no" is nothing to write down."""

    def write(ref: int, value: str, *, actor: Actor, now: datetime, source: str) -> None:
        if value == YES:
            people.set_tag(ref, actor=actor, now=now, kind=kind, source=source)

    return write


def _coded(choices: Any) -> Callable[[str], str]:
    def code(value: str) -> str:
        with translation.override(LANGUAGE):
            return next(str(key) for key, label in choices.choices if str(label) == value)

    return code


def _labels(choices: Any) -> tuple[str, ...]:
    with translation.override(LANGUAGE):
        return tuple(str(label) for label in choices.labels)


Line = tuple[str, Any, str, Reader, str, Writer | None]  # name, title, kind, read, words, write


def _fields(
    rows: str, href: str, lines: Iterable[Line], choices: dict[str, tuple[str, ...]]
) -> Iterable[Field]:
    for name, label, kind, read, words, write in lines:
        yield Field(
            f"{rows}.{name}", label, rows, kind, read, tuple(words.split()), write,
            choices.get(name, ()), (lambda ref: reverse(href, args=[ref])) if href else None,
        )  # fmt: skip


def _people() -> Iterable[Field]:
    of, edit = partial(_field, Resident), partial(_writer, people.edit_resident)
    lines: list[Line] = [
        ("name", _("姓名"), "text", of("name"), "居民姓名 老人姓名 名字", None),
        ("gender", _("性别"), "choice", of("gender"), "", edit("gender", _coded(Gender))),
        ("born_on", _("出生日期"), "date", of("born_on"), "出生年月 生日 出生年月日",
         edit("born_on", date.fromisoformat)),
        ("age", _("年龄"), "integer", _age, "周岁 岁数", None),
        ("id_number", _("身份证号"), "identity", of("id_number"),
         "身份证号码 公民身份号码 证件号码 身份证", edit("id_number")),
        ("phone", _("联系电话"), "phone", of("phone"),
         "电话 手机号 手机 手机号码 电话号码 联系方式 本人电话", edit("phone")),
        ("kind", _("人口类别"), "text", of("kind"), "户籍类别 人口类型", None),
        ("home", _("住址"), "text", _home,
         "家庭住址 现住址 居住地址 详细地址 地址 家庭地址", None),
        ("tags", _("关爱标签"), "text", _tags, "人员类别 特殊群体类别 重点人群类别", None),
        ("alone", _("是否独居"), "yes_no", partial(_tagged, CareKind.ALONE),
         "独居 是否独居老人", _tagger(CareKind.ALONE)),
        ("disabled", _("是否残疾"), "yes_no", partial(_tagged, CareKind.DISABLED),
         "残疾 是否残疾人", _tagger(CareKind.DISABLED)),
        ("low_income", _("是否低保"), "yes_no", partial(_tagged, CareKind.LOW_INCOME),
         "低保 是否低保户", _tagger(CareKind.LOW_INCOME)),
    ]  # fmt: skip
    return _fields("person", "people:resident", lines, {"gender": _labels(Gender)})


def _homes() -> Iterable[Field]:
    of, edit = partial(_field, Dwelling), partial(_writer, people.edit_dwelling)
    members = Resident.objects.filter(state__in=PRESENT)
    lines: list[Line] = [
        ("address", _("房屋地址"), "text", _dwelling_address, "地址 详细地址 房屋坐落 坐落", None),
        ("use", _("使用情况"), "choice", of("use"), "房屋用途 用途 使用状况",
         edit("use", _coded(DwellingUse))),
        ("surface", _("建筑面积"), "decimal", of("surface"), "面积 房屋面积 面积平方米",
         edit("surface", Decimal)),
        ("residents", _("居住人数"), "integer", partial(_below, members, "dwelling"),
         "人数 常住人数 住几人", None),
    ]  # fmt: skip
    return _fields("dwelling", "people:dwelling", lines, {"use": _labels(DwellingUse)})


def _buildings() -> Iterable[Field]:
    of, edit = partial(_field, Building), partial(_writer, people.edit_building)
    homes = Dwelling.objects.filter(closed_on=None)
    lines: list[Line] = [
        ("name", _("楼栋名称"), "text", of("name"), "楼栋 楼号 名称", None),
        ("address", _("楼栋地址"), "text", of("address"), "地址 详细地址", None),
        ("kind", _("楼栋用途"), "choice", of("kind"), "用途 建筑用途",
         edit("kind", _coded(BuildingKind))),
        ("floors", _("层数"), "integer", of("floors"), "楼层数 总层数", edit("floors", int)),
        ("units", _("单元数"), "integer", of("units"), "单元", edit("units", int)),
        ("built", _("建成年份"), "integer", of("built"), "建成年代 竣工年份", edit("built", int)),
        ("lifts", _("电梯数"), "integer", of("lifts"), "电梯台数 电梯", edit("lifts", int)),
        ("dwellings", _("房屋套数"), "integer", partial(_below, homes, "building"),
         "房屋数 套数 户室数", None),
    ]  # fmt: skip
    return _fields("building", "people:building", lines, {"kind": _labels(BuildingKind)})


def _bodies() -> Iterable[Field]:
    of, edit = partial(_field, Organisation), partial(_writer, people.edit_organisation)
    lines: list[Line] = [
        ("name", _("单位名称"), "text", of("name"), "名称 企业名称 商户名称", None),
        ("code", _("统一社会信用代码"), "text", of("code"), "信用代码 社会信用代码",
         edit("code", normalise_org_code)),
        ("kind", _("单位类型"), "text", of("kind"), "类型 单位性质 企业类型", None),
        ("address", _("单位地址"), "text", of("address"), "地址 经营地址 注册地址",
         edit("address")),
        ("contact", _("联系人"), "text", of("contact"), "负责人 负责人姓名 联系人姓名",
         edit("contact")),
        ("phone", _("联系电话"), "phone", of("phone"), "电话 负责人电话 联系人电话 联系方式",
         edit("phone")),
    ]  # fmt: skip
    return _fields("organisation", "people:organisation", lines, {})


def _grids() -> Iterable[Field]:
    lines: list[Line] = [
        ("residents", _("实有人口"), "integer",
         _in_grids(Resident, {"state__in": PRESENT}), "人口 居民 常住人口", None),
        ("households", _("户数"), "integer",
         _in_grids(Household, {"closed_on": None}), "总户数 居民户数", None),
        ("dwellings", _("房屋套数"), "integer",
         _in_grids(Dwelling, {"closed_on": None}), "房屋 住房套数", None),
        ("organisations", _("单位场所"), "integer",
         _in_grids(Organisation, {"closed_on": None}), "辖区单位 单位", None),
    ]  # fmt: skip
    return _fields("grid", "", lines, {})


def register_registers() -> None:
    """Plug in the fields of the registers of people, homes, buildings, bodies and grids."""
    for fields in (_people(), _homes(), _buildings(), _bodies(), _grids()):
        register_fields(fields)
