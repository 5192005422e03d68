"""What lines of sheets hold of a person: words and numbers go, figures stay without the name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from ..people.erasable import Item, Part, counts
from ..people.models import Resident
from ..people.retained import Kind as Retained
from ..people.retained import held
from .models import SUMMED, Kind, Row, RowCell, RowKind

LAW = _("《个人信息保护法》第十九条（保存期限为实现目的所必要的最短时间）")
FIGURES = (*SUMMED, Kind.YES_NO, Kind.CHOICE)


def _lines(resident: Resident) -> QuerySet[Row]:
    return Row.objects.filter(ref=resident.pk, part__sheet__rows=RowKind.PERSON)


def _forget(rows: QuerySet[Row]) -> None:
    """Take away whom lines are about; a negative key is that of no resident."""
    keys = list(rows.values_list("pk", flat=True))
    RowCell.objects.filter(row__in=keys).exclude(column__kind__in=FIGURES).delete()
    Row.objects.filter(pk__in=keys).update(ref=-F("pk"))


def review(resident: Resident, _now: datetime) -> list[Item]:
    """Return the lines of sheets about a person; all of them go."""
    found = counts(resident, lines=_lines(resident))
    return [Item("sheet_lines", _("报表里关于本人的行"), found["lines"])]


def erase(resident: Resident, _now: datetime) -> None:
    """Leave of a person's lines the figures that were added up, and nothing that names them."""
    _forget(_lines(resident))


def _due(edge: datetime) -> QuerySet[Row]:
    rows = Row.objects.filter(
        part__sheet__rows=RowKind.PERSON, part__sheet__ended_at__lt=edge, ref__gt=0
    )
    return rows.exclude(ref__in=held())


def _let_go(keys: Sequence[int], _now: datetime) -> None:
    _forget(Row.objects.filter(pk__in=keys))


PART = Part(review, erase, 20)
LINES = Retained(
    "sheets.lines", _("结束的报表里居民的姓名、电话和文字"), _("删去，只留数字、是否和选项"),
    LAW, 30, 365, 1095, _due, _let_go,
)  # fmt: skip
