"""What modules plug in: how their ledger entries are counted, and which indicators follow."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, NamedTuple

from django.utils.functional import Promise

Text = str | Promise


class Fact(NamedTuple):
    """A ledger entry as a fold sees it; `day` is the local day of `at`."""

    verb: str
    at: datetime
    day: date
    area_code: str
    data: dict[str, Any]


class Delta(NamedTuple):
    """Add `n` to a measure on a day, in the fact's own area unless another is named."""

    name: str
    day: date
    n: int = 1
    area_code: str | None = None


Fold = Callable[[Fact], Iterable[Delta]]


@dataclass(frozen=True)
class FoldRule:
    """How the entries of one subject type are counted. Measures begin with `subject_type.`."""

    subject_type: str
    fold: Fold
    version: int = 1


@dataclass(frozen=True)
class Indicator:
    """A rate (or a count, where it has no denominator) over tallies.

    `better` says which direction is good; `target` is in the unit; `source` names the law or
    standard the formula follows.
    """

    code: str
    name: Text
    unit: Text
    better: Literal["up", "down"]
    numerator: tuple[str, ...]
    denominator: tuple[str, ...] = ()
    formula: Text = ""
    source: Text = ""
    target: float | None = None


@dataclass(frozen=True)
class Histogram:
    """Counts by size, from which medians and percentiles are read.

    `edges` are the upper ends of the buckets, both in the measure's unit; a last bucket takes
    what is larger.
    """

    name: str
    edges: tuple[int, ...]

    @property
    def measures(self) -> tuple[str, ...]:
        """Return the measure of each bucket, the smallest first."""
        return tuple(f"{self.name}.{number:02d}" for number in range(len(self.edges) + 1))

    def measure(self, size: int) -> str:
        """Return the measure of the bucket that a size falls into."""
        return f"{self.name}.{bisect_left(self.edges, size):02d}"

    def quantile(self, share: float, measured: Mapping[str, int]) -> int | None:
        """Return the size below which `share` of what was counted stays; None where nothing was.

        Straight-line within a bucket, so right to within the bucket's width.
        """
        counts = [measured.get(name, 0) for name in self.measures]
        total = sum(counts)
        if total <= 0:
            return None
        wanted, seen = share * total, 0
        for number, count in enumerate(counts):
            if count > 0 and seen + count >= wanted:
                low = self.edges[number - 1] if number else 0
                high = self.edges[number] if number < len(self.edges) else low * 2
                return round(low + (high - low) * (wanted - seen) / count)
            seen += count
        return self.edges[-1]


class Duplicate(RuntimeError):
    """Two modules plugged in the same key."""


_FOLDS: dict[str, FoldRule] = {}
_INDICATORS: dict[str, Indicator] = {}
_HISTOGRAMS: dict[str, Histogram] = {}


def register_fold(subject_type: str, fold: Fold, version: int = 1) -> None:
    """Plug in how entries of a subject type are counted; a second fold for it raises.

    `fold` must be pure, and its deltas additive: their sum must not depend on the order of
    entries. Raise `version` with every change of the rules: the tallies are then built anew.
    """
    if subject_type in _FOLDS:
        raise Duplicate(subject_type)
    _FOLDS[subject_type] = FoldRule(subject_type, fold, version)


def register_indicators(indicators: Iterable[Indicator]) -> None:
    """Plug in indicators; a second one of the same code raises."""
    for indicator in indicators:
        if indicator.code in _INDICATORS:
            raise Duplicate(indicator.code)
        _INDICATORS[indicator.code] = indicator


def register_known(key: str, title: Text, synonyms: Iterable[str], measures: Iterable[str]) -> None:
    """Offer the sum of measures in the year so far to sheets, so that nobody types it.

    `synonyms` are the Chinese titles under which sheets ask for it. A duplicate key raises.
    """
    from ..sheets.sources import register_source
    from .known import of_the_year

    register_source(key, title, synonyms, of_the_year(tuple(measures)))


def register_histogram(histogram: Histogram) -> None:
    """Plug in a histogram; a second one of the same name raises."""
    if histogram.name in _HISTOGRAMS:
        raise Duplicate(histogram.name)
    _HISTOGRAMS[histogram.name] = histogram


def histogram(name: str) -> Histogram:
    """Return a histogram; raises KeyError."""
    return _HISTOGRAMS[name]


def fold_rule(subject_type: str) -> FoldRule:
    """Return the fold of a subject type; raises KeyError."""
    return _FOLDS[subject_type]


def fold_rules() -> tuple[FoldRule, ...]:
    """Return every fold."""
    return tuple(_FOLDS.values())


def indicator(code: str) -> Indicator:
    """Return an indicator; raises KeyError."""
    return _INDICATORS[code]


def all_indicators() -> tuple[Indicator, ...]:
    """Return every indicator in the order they were plugged in."""
    return tuple(_INDICATORS.values())
