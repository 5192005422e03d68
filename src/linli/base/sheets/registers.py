"""The figures that the registers of people and homes know, by community."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Left
from django.utils.translation import gettext_lazy as _

from linli.kernel.scope import within

from ..people.models import (
    PRESENT,
    CareKind,
    CareTag,
    Dwelling,
    DwellingUse,
    Household,
    Organisation,
    Resident,
    ResidentKind,
)
from .sources import Read, register_source

SUBDISTRICT, COMMUNITY = 9, 12  # digits of their codes


def _counted(rows: QuerySet[Any], codes: Sequence[str]) -> Mapping[str, int]:
    """Count rows by community; one without any has none, which is known too."""
    found = (
        rows.filter(within({code[:SUBDISTRICT] for code in codes}))
        .annotate(community=Left("area_code", COMMUNITY))
        .order_by()
        .values_list("community")
        .annotate(n=Count("pk"))
    )
    return dict.fromkeys(codes, 0) | {code: n for code, n in found if code in set(codes)}


def years_before(day: date, years: int) -> date:
    """Return the same day so many years earlier; 28 February for the 29th."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def _residents(**more: Any) -> Read:
    def read(codes: Sequence[str], _day: date) -> Mapping[str, int]:
        return _counted(Resident.objects.filter(state__in=PRESENT, **more), codes)

    return read


def _aged(years: int) -> Read:
    def read(codes: Sequence[str], day: date) -> Mapping[str, int]:
        rows = Resident.objects.filter(state__in=PRESENT, born_on__lte=years_before(day, years))
        return _counted(rows, codes)

    return read


def _open(model: Any, **more: Any) -> Read:
    def read(codes: Sequence[str], _day: date) -> Mapping[str, int]:
        return _counted(model.objects.filter(closed_on=None, **more), codes)

    return read


def _tagged(kind: str) -> Read:
    def read(codes: Sequence[str], day: date) -> Mapping[str, int]:
        rows = CareTag.objects.filter(
            Q(expires_on=None) | Q(expires_on__gte=day), kind=kind, ended_on=None,
            resident__state__in=PRESENT,
        )  # fmt: skip
        return _counted(rows, codes)

    return read


# Other words for the people a care tag names, besides its own label.
CARE_WORDS: dict[str, tuple[str, ...]] = {
    CareKind.ALONE: ("独居老人", "独居", "独居老年人"),
    CareKind.EMPTY_NEST: ("空巢老人", "空巢", "空巢老年人"),
    CareKind.DISABLED: ("残疾人", "持证残疾人", "残疾"),
    CareKind.LOW_INCOME: ("低保对象", "低保", "低保人员", "最低生活保障对象"),
    CareKind.DESTITUTE: ("特困人员", "特困", "特困供养人员", "五保"),
    CareKind.CHILD: ("困境儿童", "困境未成年人"),
    CareKind.VETERAN: ("优抚对象", "优抚"),
}


PEOPLE = {
    "people.residents", "people.local", "people.floating", "people.aged60", "people.aged80",
}  # fmt: skip


def register_people() -> None:
    """Plug in what the registers of people and homes know."""
    for key, title, words, read in (
        ("people.residents", _("实有人口"), ("实有人口", "常住人口", "居民", "人口"), _residents()),
        ("people.local", _("户籍人口"), ("户籍人口", "户籍居民"),
         _residents(kind=ResidentKind.LOCAL)),
        ("people.floating", _("流动人口"), ("流动人口", "外来人口", "暂住人口"),
         _residents(kind=ResidentKind.FLOATING)),
        ("people.aged60", _("60岁以上老人"), ("60岁以上老人", "60岁以上人口", "老人", "老年人口"),
         _aged(60)),
        ("people.aged80", _("80岁以上老人"), ("80岁以上老人", "80岁以上人口"), _aged(80)),
        ("people.households", _("户数"), ("户数", "总户数", "居民户数", "家庭户数"),
         _open(Household)),
        ("people.dwellings", _("房屋套数"), ("房屋套数", "住房套数", "房屋", "住房"),
         _open(Dwelling)),
        ("people.let", _("出租房屋"), ("出租房屋", "出租房", "出租屋"),
         _open(Dwelling, use=DwellingUse.LET)),
        ("people.organisations", _("单位场所"), ("单位场所", "辖区单位"),
         _open(Organisation)),
    ):  # fmt: skip
        register_source(key, title, words, read, of_people=key in PEOPLE)
    for kind, others in CARE_WORDS.items():
        register_source(
            f"people.tag.{kind}", CareKind(kind).label, others, _tagged(kind), of_people=True
        )
