"""Add and subtract working time."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone

PERIODS = ((time(8, 30), time(12, 0)), (time(13, 30), time(17, 30)))


def _spans(day: date) -> list[tuple[datetime, datetime]]:
    if day.weekday() >= 5:
        return []
    zone = timezone.get_current_timezone()
    return [(datetime.combine(day, a, zone), datetime.combine(day, b, zone)) for a, b in PERIODS]


def add_working_minutes(start: datetime, minutes: int, area_code: str = "") -> datetime:  # noqa: ARG001
    """Return the moment `minutes` of service time after `start`."""
    left = timedelta(minutes=minutes)
    moment, day = start, timezone.localtime(start).date()
    while True:
        for opens, end in _spans(day):
            begin = max(opens, moment)
            if begin >= end:
                continue
            if end - begin >= left:
                return begin + left
            left -= end - begin
        day += timedelta(days=1)


def add_working_days(start: datetime, days: int, area_code: str = "") -> datetime:  # noqa: ARG001
    """Return the end of service of the `days`-th working day after the day of `start`."""
    day = timezone.localtime(start).date()
    while days > 0:
        day += timedelta(days=1)
        if _spans(day):
            days -= 1
    return _spans(day)[-1][1] if _spans(day) else start


def working_minutes_between(start: datetime, end: datetime, area_code: str = "") -> int:  # noqa: ARG001
    """Return the minutes of service time between two moments."""
    total, day = timedelta(), timezone.localtime(start).date()
    while day <= timezone.localtime(end).date():
        for begin, finish in _spans(day):
            total += max(timedelta(), min(finish, end) - max(begin, start))
        day += timedelta(days=1)
    return int(total.total_seconds() // 60)
