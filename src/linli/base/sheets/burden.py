"""The burden board: what sheets cost communities, by month, by who asks and by area."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Left, TruncMonth
from django.utils import timezone

from linli.kernel.scope import Actor, within

from ..areas.queries import place_names
from .models import WRITABLE, Part, SheetState

MONTHS = 6
SUBDISTRICT, COMMUNITY = 9, 12  # digits of their codes


@dataclass(frozen=True)
class Row:
    """Sheets and parts of a month, an asker or an area, with the cells filled in."""

    name: Any
    sheets: int
    parts: int
    prefilled: int
    typed: int

    @property
    def share(self) -> int:
        """How much of what is filled in came from a source, in whole percent."""
        filled = self.prefilled + self.typed
        return 100 * self.prefilled // filled if filled else 0


def first_month(today: date) -> date:
    """Return the first day of the span that the board shows."""
    first = today.replace(day=1)
    for _ in range(MONTHS - 1):
        first = (first - timedelta(days=1)).replace(day=1)
    return first


def parts_for(actor: Actor, now: datetime) -> QuerySet[Part]:
    """Return the parts of the span in the areas whose burden the actor may see; fails closed."""
    if not actor.is_staff:
        return Part.objects.none()
    first = first_month(timezone.localdate(now))
    start = timezone.make_aware(datetime.combine(first, time.min))
    return Part.objects.filter(
        within(actor.areas("sheets.burden")), sheet__decided_at__gte=start,
    )  # fmt: skip


def standing(actor: Actor, today: date) -> dict[str, int]:
    """Return the sheets in force, and the parts and cells that communities still owe."""
    rows = Part.objects.filter(
        within(actor.areas("sheets.burden")), sheet__state=SheetState.ADMITTED
    )
    owed = Q(state__in=WRITABLE)
    return rows.aggregate(
        sheets=Count("sheet", distinct=True),
        owed=Count("pk", filter=owed),
        late=Count("pk", filter=owed & Q(sheet__due__lt=today)),
        blank=Sum(F("cells") - F("prefilled") - F("typed"), filter=owed, default=0),
    )


def by_month(parts: QuerySet[Part]) -> list[Row]:
    """Return a row for each month in which sheets went out, the latest first."""
    rows = _summed(parts.annotate(key=TruncMonth("sheet__decided_at")), "key")
    return [_row(f"{timezone.localtime(row['key']):%Y-%m}", row) for row in reversed(rows)]


def by_asker(parts: QuerySet[Part]) -> list[Row]:
    """Return a row for each unit (or person without one) that asks, the costliest first."""
    rows = _summed(parts, "sheet__unit__name", "sheet__asker__name")
    found: dict[str, Row] = {}
    for row in rows:
        name = row["sheet__unit__name"] or row["sheet__asker__name"]
        found[name] = _plus(found.get(name), _row(name, row))
    return sorted(found.values(), key=lambda row: (-row.typed, row.name))


def by_area(parts: QuerySet[Part], codes: Iterable[str]) -> list[Row]:
    """Return a row for each subdistrict of a district, or else for each community."""
    length = SUBDISTRICT if any(len(code) < SUBDISTRICT for code in codes) else COMMUNITY
    rows = _summed(parts.annotate(key=Left("area_code", length)), "key")
    names = place_names({row["key"] for row in rows})
    return [_row(names.get(row["key"], row["key"]), row) for row in rows]


def _summed(parts: QuerySet[Part], *keys: str) -> list[dict[str, Any]]:
    rows = parts.order_by().values(*keys).annotate(
        sheets=Count("sheet", distinct=True), parts=Count("pk"),
        all_prefilled=Sum("prefilled"), all_typed=Sum("typed"),
    )  # fmt: skip
    return list(rows.order_by(*keys))


def _row(name: Any, row: dict[str, Any]) -> Row:
    return Row(name, row["sheets"], row["parts"], row["all_prefilled"], row["all_typed"])


def _plus(old: Row | None, new: Row) -> Row:
    if old is None:
        return new
    return Row(
        old.name, old.sheets + new.sheets, old.parts + new.parts,
        old.prefilled + new.prefilled, old.typed + new.typed,
    )  # fmt: skip
