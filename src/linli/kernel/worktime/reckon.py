"""Add and subtract working time of an area."""

from __future__ import annotations

from datetime import UTC, datetime

from django.utils import timezone

from .rules import table_for


def _aware(stamp: float) -> datetime:
    return datetime.fromtimestamp(stamp, UTC).astimezone(timezone.get_default_timezone())


def add_working_minutes(start: datetime, minutes: int, area_code: str = "") -> datetime:
    """Return the moment at which `minutes` of service time have passed since `start`.

    A start outside service hours counts from the next opening; no minutes return that opening
    only where service is closed. Raises ValueError for negative minutes.
    """
    if minutes < 0:
        raise ValueError("minutes must not be negative")
    if minutes == 0:
        return start
    year, last = start.year, start.year + 1
    while True:
        table = table_for(area_code, year, last)
        stamp = table.moment(table.worked(start.timestamp()) + minutes * 60)
        if stamp is not None:
            return _aware(stamp)
        last += 4


def add_working_days(start: datetime, days: int, area_code: str = "") -> datetime:
    """Return the close of service of the `days`-th working day after the day of `start`.

    The day of the start does not count, as periods counted in days are reckoned in law. No days
    return `start`. Raises ValueError for negative days.
    """
    if days < 0:
        raise ValueError("days must not be negative")
    if days == 0:
        return start
    local = timezone.localtime(start, timezone.get_default_timezone())
    last = local.year + 1
    while True:
        table = table_for(area_code, local.year, last)
        stamp = table.close_of(local.date().toordinal(), days)
        if stamp is not None:
            return _aware(stamp)
        last += 4


def working_minutes_between(start: datetime, end: datetime, area_code: str = "") -> int:
    """Return the whole minutes of service time between two moments; 0 where end is before start."""
    if end <= start:
        return 0
    table = table_for(area_code, start.year, end.year + 1)
    return int((table.worked(end.timestamp()) - table.worked(start.timestamp())) // 60)


def is_open(moment: datetime, area_code: str = "") -> bool:
    """Tell whether service hours run at a moment."""
    return table_for(area_code, moment.year, moment.year).is_open(moment.timestamp())
