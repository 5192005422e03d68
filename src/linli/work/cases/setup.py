"""The small tables that steer cases, kept in memory for a few seconds at a time."""

from __future__ import annotations

import time
from functools import cached_property

from .models import Category, DispatchRule, TimeLimit

FRESH_SECONDS = 5.0


class Setup:
    """The tables as they stand in the database, each read when it is first asked for."""

    @cached_property
    def categories(self) -> dict[int, Category]:
        """Return the categories by id, in order of code."""
        return {row.pk: row for row in Category.objects.select_related("parent")}

    @cached_property
    def by_code(self) -> dict[str, Category]:
        """Return the categories by code."""
        return {row.code: row for row in self.categories.values()}

    @cached_property
    def rules(self) -> list[DispatchRule]:
        """Return the dispatch rules with their areas."""
        return list(DispatchRule.objects.select_related("area"))

    @cached_property
    def limits(self) -> list[TimeLimit]:
        """Return the time limits."""
        return list(TimeLimit.objects.all())


_cache: list[tuple[float, Setup]] = []


def current() -> Setup:
    """Return the tables, at most FRESH_SECONDS old."""
    now = time.monotonic()
    if _cache and now - _cache[0][0] < FRESH_SECONDS:
        return _cache[0][1]
    setup = Setup()
    _cache[:] = [(now, setup)]
    return setup


def forget() -> None:
    """Drop what is in memory; the next look-up reads the database."""
    _cache.clear()
