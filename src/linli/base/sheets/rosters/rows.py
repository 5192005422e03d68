"""Which lines a part has, and what people call them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from linli.kernel.scope import within

from ...areas.models import Area, Level
from ...areas.queries import in_force
from ...people.models import (
    PRESENT,
    Building,
    CareKind,
    CareTag,
    Dwelling,
    Organisation,
    Resident,
)
from ..registers import years_before
from .models import RowKind

# Which residents a sheet of persons is about.
ONLY: dict[str, Any] = {
    "": _("全部"),
    "age60": _("60岁及以上"),
    "age80": _("80岁及以上"),
    **{f"tag:{kind.value}": kind.label for kind in CareKind},
}


def _residents(codes: Sequence[str], only: str, today: date) -> QuerySet[Any]:
    rows = Resident.objects.filter(within(codes), state__in=PRESENT)
    if only.startswith("age"):
        return rows.filter(born_on__lte=years_before(today, int(only[3:])))
    if only.startswith("tag:"):
        tags = CareTag.objects.filter(kind=only[4:], ended_on=None)
        return rows.filter(pk__in=tags.filter(within(codes)).values("resident_id"))
    return rows


def rows_in(kind: str, codes: Sequence[str], only: str, today: date) -> QuerySet[Any]:
    """Return the register's lines of a kind in some areas, in order of place."""
    if kind == RowKind.PERSON:
        return _residents(codes, only, today).order_by("area_code", "dwelling_id", "pk")
    if kind == RowKind.DWELLING:
        rows: QuerySet[Any] = Dwelling.objects.filter(within(codes), closed_on=None)
        return rows.order_by("area_code", "building_id", "key")
    if kind == RowKind.BUILDING:
        return Building.objects.filter(within(codes), closed_on=None).order_by("area_code", "pk")
    if kind == RowKind.ORGANISATION:
        return Organisation.objects.filter(within(codes), closed_on=None).order_by(
            "area_code", "pk"
        )
    return in_force().filter(within(codes, "code"), level=Level.GRID).order_by("code")


def lying_in(kind: str, codes: Sequence[str]) -> QuerySet[Any]:
    """Return the keys of everything of a kind in some areas, gone or not; no codes give none."""
    if kind == RowKind.GRID:
        return in_force().filter(within(codes, "code"), level=Level.GRID).values("pk")
    if kind == RowKind.AREA:
        return Area.objects.none().values("pk")
    models: dict[str, Any] = {
        RowKind.PERSON: Resident, RowKind.DWELLING: Dwelling,
        RowKind.BUILDING: Building, RowKind.ORGANISATION: Organisation,
    }  # fmt: skip
    found: QuerySet[Any] = models[kind].objects.filter(within(codes)).values("pk")
    return found


_LABELS: dict[str, Callable[[Sequence[int]], dict[int, str]]] = {
    RowKind.PERSON: lambda refs: {
        row.pk: row.name for row in Resident.objects.filter(pk__in=refs).only("name")
    },
    RowKind.BUILDING: lambda refs: dict(
        Building.objects.filter(pk__in=refs).values_list("pk", "name")
    ),
    RowKind.ORGANISATION: lambda refs: {
        row.pk: row.name for row in Organisation.objects.filter(pk__in=refs).only("name")
    },
    RowKind.DWELLING: lambda refs: {
        row.pk: row.address
        for row in Dwelling.objects.filter(pk__in=refs).select_related("building")
    },
    RowKind.GRID: lambda refs: {
        row.pk: row.full_name
        for row in Area.objects.filter(pk__in=refs)
        .select_related("parent")
        .defer("boundary", "parent__boundary")
    },
}


def row_labels(kind: str, refs: Sequence[int]) -> dict[int, str]:
    """Return what people call the lines; one query."""
    return _LABELS[kind](refs)
