"""The small tables that steer cases, kept in memory for a few seconds at a time."""

from __future__ import annotations

import time
from dataclasses import dataclass

from .models import Category, DispatchRule, TimeLimit

FRESH_SECONDS = 5.0


@dataclass(frozen=True)
class Setup:
    """Categories by id and code, dispatch rules and time limits as they stand in the database."""

    categories: dict[int, Category]
    by_code: dict[str, Category]
    rules: list[DispatchRule]
    limits: list[TimeLimit]


_cache: list[tuple[float, Setup]] = []


def current() -> Setup:
    """Return the tables, at most FRESH_SECONDS old."""
    now = time.monotonic()
    if _cache and now - _cache[0][0] < FRESH_SECONDS:
        return _cache[0][1]
    categories = {row.pk: row for row in Category.objects.select_related("parent")}
    setup = Setup(
        categories=categories,
        by_code={row.code: row for row in categories.values()},
        rules=list(DispatchRule.objects.select_related("area")),
        limits=list(TimeLimit.objects.all()),
    )
    _cache[:] = [(now, setup)]
    return setup


def forget() -> None:
    """Drop what is in memory; the next look-up reads the database."""
    _cache.clear()
