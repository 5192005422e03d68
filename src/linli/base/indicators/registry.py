"""What modules plug in: how their ledger entries are counted, and which indicators follow."""

from __future__ import annotations

from collections.abc import Callable, Iterable
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
    unit: str
    better: Literal["up", "down"]
    numerator: tuple[str, ...]
    denominator: tuple[str, ...] = ()
    formula: Text = ""
    source: Text = ""
    target: float | None = None


class Duplicate(RuntimeError):
    """Two modules plugged in the same key."""


_FOLDS: dict[str, FoldRule] = {}
_INDICATORS: dict[str, Indicator] = {}


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


def fold_rules() -> tuple[FoldRule, ...]:
    """Return every fold."""
    return tuple(_FOLDS.values())


def indicator(code: str) -> Indicator:
    """Return an indicator; raises KeyError."""
    return _INDICATORS[code]


def all_indicators() -> tuple[Indicator, ...]:
    """Return every indicator in the order they were plugged in."""
    return tuple(_INDICATORS.values())
