"""The report clocks: they run day and night from the moment somebody in office knew.

Thirty minutes by phone and an hour in writing are the usual rule of cities, not a national one
(the law of 2024 only forbids late, false and hidden reports, art. 61), so both are settings.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from .models import Emergency

ANSWER = timedelta(minutes=10)
FOLLOW_UP = timedelta(hours=24)


def next_report(emergency: Emergency) -> tuple[str, datetime]:
    """Return which report is owed next, and by when."""
    start = emergency.learned_at
    if emergency.phoned_at is None:
        return "phone", start + timedelta(minutes=settings.EMERGENCY_PHONE_MINUTES)
    if emergency.written_at is None:
        return "written", start + timedelta(minutes=settings.EMERGENCY_WRITTEN_MINUTES)
    return "follow_up", (emergency.reported_at or emergency.written_at) + FOLLOW_UP
