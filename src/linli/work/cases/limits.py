"""Time limits of cases: dated rows, with the defaults of the field where none stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.utils import timezone

from linli.kernel.worktime.reckon import add_working_days, add_working_minutes

from .models import TimeLimit


@dataclass(frozen=True)
class Limit:
    """A time limit: so many minutes of service time, or so many working days."""

    minutes: int | None = None
    days: int | None = None

    def due(self, start: datetime, area_code: str) -> datetime:
        """Return when the limit that starts at `start` ends, by the area's calendar."""
        if self.minutes is not None:
            return add_working_minutes(start, self.minutes, area_code)
        return add_working_days(start, self.days or 0, area_code)


def stamp(moment: datetime | None) -> str | None:
    """Return a moment as the ledger keeps it: ISO 8601 in UTC, the same by whatever way it came."""
    return moment.astimezone(UTC).isoformat() if moment else None


# Acceptance in 30 minutes of service time, handling by urgency: the defaults of the field;
# a district sets its own with TimeLimit rows.
DEFAULTS = {
    "accept": Limit(minutes=30),
    "dispatch": Limit(minutes=30),
    "contact": Limit(days=1),
    "check": Limit(days=1),
    "emergency": Limit(minutes=120),
    "urgent": Limit(days=1),
    "ordinary": Limit(days=5),
    "complex": Limit(days=15),
}


def limit_for(what: str, on: datetime, category_id: int | None = None) -> Limit:
    """Return the limit in force on a day: the category's own, the general one or the default."""
    return _choose(_table(), what, timezone.localtime(on).date(), category_id)


def _table() -> list[TimeLimit]:
    from .setup import current

    return current().limits


def _choose(rows: list[TimeLimit], what: str, on: date, category_id: int | None) -> Limit:
    fitting = [
        row
        for row in rows
        if row.what == what
        and row.valid_from <= on
        and (row.category_id is None or row.category_id == category_id)
    ]
    if not fitting:
        return DEFAULTS[what]
    best = max(fitting, key=lambda row: (row.category_id is not None, row.valid_from))
    return Limit(minutes=best.working_minutes, days=best.working_days)
