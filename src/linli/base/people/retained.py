"""What is kept for a time only: each module plugs in its kinds of data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from .erasing.models import Hold
from .retention.models import RetentionRule


def nobody(_keys: Sequence[int]) -> set[int]:
    """Leave nothing out."""
    return set()


@dataclass(frozen=True)
class Kind:
    """A kind of data, how long it is kept, and how it is let go.

    Days are counted back from now: `least` is what the law demands at the least, `usual` what holds
    until somebody changes it. `due` gives the rows older than an edge that still hold something and
    that nothing holds back; `left_out` names those of some rows that stay all the same (something
    is under way); `let_go` empties or deletes rows, after which they are not due any more.
    """

    key: str
    label: Any
    outcome: Any
    law: Any
    least: int
    usual: int
    most: int
    due: Callable[[datetime], QuerySet[Any]]
    let_go: Callable[[Sequence[int], datetime], None]
    left_out: Callable[[Sequence[int]], set[int]] = nobody


_KINDS: dict[str, Kind] = {}


def register_retained(kind: Kind) -> None:
    """Plug in a kind of data; call it from AppConfig.ready(). A duplicate or no bounds raise."""
    if kind.key in _KINDS:
        raise RuntimeError(f"{kind.key} is kept by two rules")
    if not 0 < kind.least <= kind.usual <= kind.most:
        raise RuntimeError(f"{kind.key}: the usual time lies outside its bounds")
    _KINDS[kind.key] = kind


def kinds() -> list[Kind]:
    """Return every kind, in the order it was plugged in."""
    return list(_KINDS.values())


def kind_of(key: str) -> Kind | None:
    """Return a kind by its key, or None."""
    return _KINDS.get(key)


def days_of(kind: Kind) -> int:
    """Return for how many days a kind is kept today."""
    row = RetentionRule.objects.filter(key=kind.key).first()
    return clamped(kind, row.days) if row else kind.usual


def clamped(kind: Kind, days: int) -> int:
    """Return days within the bounds of today's code: the law may have changed since they were set.

    Nothing goes earlier than the least.
    """
    return min(max(days, kind.least), kind.most)


def held() -> QuerySet[Hold, int]:
    """Return the residents on whose data a hold stands."""
    return Hold.objects.filter(ended_at=None).values_list("resident_id", flat=True)
