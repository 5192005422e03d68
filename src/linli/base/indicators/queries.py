"""Read tallies: O(areas x measures x days), whatever the number of facts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Min, Q, Sum

from .models import STOCK, FoldCursor, Tally
from .registry import Indicator, indicator

Sums = dict[str, dict[str, int]]  # area -> measure -> sum


@dataclass(frozen=True, slots=True)
class Rate:
    """A numerator over a denominator; a zero denominator has no value, never 0 or 100 %."""

    numerator: int = 0
    denominator: int = 0

    @property
    def share(self) -> float | None:
        """Return the quotient, or None over a denominator of zero."""
        return self.numerator / self.denominator if self.denominator else None

    @property
    def percent(self) -> float | None:
        """Return the quotient in per cent to two decimals, or None."""
        return round(100 * self.numerator / self.denominator, 2) if self.denominator else None

    @property
    def shown(self) -> str:
        """Return it for people: "75.82%", or "—" where there is nothing to divide by."""
        return "—" if self.percent is None else f"{self.percent:.2f}%"


@dataclass(frozen=True, slots=True)
class Span:
    """Some measures over some days, both ends included."""

    names: Collection[str]
    start: date
    end: date


def sums_over(spans: Iterable[Span], areas: Collection[str]) -> Sums:
    """Return area -> measure -> sum, each measure over its own span of days, in one query.

    A measure must stand in one span only.
    """
    condition = Q(name__in=[])
    for span in spans:
        condition |= Q(name__in=span.names, day__gte=span.start, day__lte=span.end)
    found: Sums = defaultdict(dict)
    rows = Tally.objects.filter(condition, area_code__in=areas).values_list("area_code", "name")
    for area_code, name, total in rows.annotate(total=Sum("n")):
        found[area_code][name] = int(total)
    return found


def sums(names: Collection[str], areas: Collection[str], start: date, end: date) -> Sums:
    """Return area -> measure -> sum over the days from `start` to `end`, both included."""
    return sums_over([Span(names, start, end)], areas)


def stock(names: Collection[str], areas: Collection[str]) -> Sums:
    """Return area -> measure -> level as of the last fold."""
    return sums(names, areas, STOCK, STOCK)


def daily(names: Collection[str], area: str, start: date, end: date) -> dict[date, dict[str, int]]:
    """Return day -> measure -> n of one area; days without facts are missing."""
    found: dict[date, dict[str, int]] = defaultdict(dict)
    rows = Tally.objects.filter(name__in=names, area_code=area, day__gte=start, day__lte=end)
    for day, name, n in rows.values_list("day", "name", "n"):
        found[day][name] = n
    return found


def measures_of(codes: Iterable[str]) -> set[str]:
    """Return the names of the measures that these indicators read."""
    return {
        name
        for code in codes
        for name in (*indicator(code).numerator, *indicator(code).denominator)
    }


def rate_from(definition: Indicator, measured: dict[str, int]) -> Rate:
    """Return an indicator's rate from one area's sums."""
    return Rate(
        sum(measured.get(name, 0) for name in definition.numerator),
        sum(measured.get(name, 0) for name in definition.denominator),
    )


def rates(
    codes: Collection[str], areas: Collection[str], start: date, end: date
) -> dict[str, dict[str, Rate]]:
    """Return area -> indicator code -> rate over the period, in one query.

    Every area asked for is there, with 0/0 where nothing was counted.
    """
    measured = sums(measures_of(codes), areas, start, end)
    return {
        area: {code: rate_from(indicator(code), measured.get(area, {})) for code in codes}
        for area in areas
    }


def as_of(names: Collection[str]) -> datetime | None:
    """Return when the ledger of these subject types was last folded; None where it never was."""
    rows = FoldCursor.objects.filter(name__in=names)
    found: datetime | None = rows.aggregate(oldest=Min("folded_at"))["oldest"]
    return found
