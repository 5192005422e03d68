"""The clocks of a mediation: its own limit, and the days in which the court can be asked."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.utils import timezone

from linli.kernel.worktime.rules import rules_for

CONFIRM_DAYS = 30  # People's Mediation Law, art. 33
LONGEST_EXTENSION = 30


def end_of(day: date) -> datetime:
    """Return the last moment of a local day."""
    return timezone.make_aware(datetime.combine(day, time(23, 59, 59)))


def mediation_due(now: datetime) -> datetime:
    """Return when mediation that is accepted now should have ended.

    The law sets no limit; cities use a month (Ningbo) or 30 days (Shenzhen), so it is a setting.
    """
    return end_of(timezone.localdate(now) + timedelta(days=settings.MEDIATION_DAYS))


def confirm_until(effective_on: date, area_code: str) -> date:
    """Return the last day on which the parties can ask the court.

    The day of effect does not count; a last day that is a statutory day off moves to the next
    working day (Civil Procedure Law, art. 85).
    """
    day = effective_on + timedelta(days=CONFIRM_DAYS)
    rules = rules_for(area_code)
    while not rules.is_workday(day):
        day += timedelta(days=1)
    return day


def days_left(until: date, today: date) -> int:
    """Return how many days are left, today's included as the last: 0 on the last day itself."""
    return (until - today).days
