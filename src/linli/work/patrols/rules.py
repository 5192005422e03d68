"""When a route is to be walked."""

from __future__ import annotations

from datetime import date, timedelta

from .models import Rhythm


def window(rhythm: str, day: date, *, workday: bool) -> tuple[date, date] | None:
    """Return the first and last day of the window that holds `day`; None where no round is due."""
    if rhythm == Rhythm.DAILY:
        return day, day
    if rhythm == Rhythm.WORKDAYS:
        return (day, day) if workday else None
    if rhythm == Rhythm.WEEKLY:
        monday = day - timedelta(days=day.weekday())
        return monday, monday + timedelta(days=6)
    first = day.replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
