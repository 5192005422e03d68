"""When a text may ring a phone."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.conf import settings
from django.utils import timezone


def not_before(now: datetime) -> datetime | None:
    """Return the end of the quiet hours that `now` falls into, or None outside them.

    The hours are local times, settings.MESSAGES_QUIET_HOURS as ("21:30", "07:30"); equal times
    mean that there are none.
    """
    start, end = (time.fromisoformat(text) for text in settings.MESSAGES_QUIET_HOURS)
    local = timezone.localtime(now)
    clock = local.time()
    if start == end:
        return None
    if start > end:  # over midnight
        if end <= clock < start:
            return None
        day = local.date() + timedelta(days=1 if clock >= start else 0)
    else:
        if not start <= clock < end:
            return None
        day = local.date()
    return datetime.combine(day, end, local.tzinfo)
