"""Which days are worked: statutory holidays and make-up days, with local exceptions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from functools import lru_cache

import chinese_calendar

Periods = tuple[tuple[time, time], ...]
DEFAULT_PERIODS: Periods = ((time(8, 30), time(12, 0)), (time(13, 30), time(17, 30)))


@lru_cache(maxsize=64)
def is_estimated(year: int) -> bool:
    """Tell whether the State Council's calendar of a year is unknown here.

    Such a year falls back to weekends and the table of local exceptions.
    """
    try:
        chinese_calendar.is_workday(date(year, 6, 1))
    except NotImplementedError:
        return True
    return False


def statutory_workday(day: date) -> bool:
    """Tell whether a day is worked by the statutory calendar (make-up days count)."""
    if is_estimated(day.year):
        return day.weekday() < 5
    return bool(chinese_calendar.is_workday(day))


@dataclass(frozen=True)
class Rules:
    """What holds for one area: exceptions by day, and service hours by the date they start."""

    exceptions: Mapping[date, bool] = field(default_factory=dict)
    hours: tuple[tuple[date, Periods], ...] = ()

    def is_workday(self, day: date) -> bool:
        """Tell whether a day is worked in this area."""
        found = self.exceptions.get(day)
        return statutory_workday(day) if found is None else found

    def periods(self, day: date) -> Periods:
        """Return the service hours in force on a day."""
        for since, periods in reversed(self.hours):
            if since <= day:
                return periods
        return DEFAULT_PERIODS
