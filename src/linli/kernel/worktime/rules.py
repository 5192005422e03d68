"""The rules of each area, from the database, kept in memory for a few seconds at a time."""

from __future__ import annotations

import time as clock
from datetime import date, time
from typing import Any

from django.utils import timezone

from .calendar import Periods, Rules
from .models import CalendarOverride, ServiceHours
from .table import Table

FRESH_SECONDS = 5.0

_state: dict[str, Any] = {"read": 0.0, "rows": None}
_tables: dict[tuple[Any, int, int], Table] = {}


def forget() -> None:
    """Drop what is in memory; the next question reads the database."""
    _state.update(read=0.0, rows=None)
    _tables.clear()


def _rows() -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    now = clock.monotonic()
    if _state["rows"] is None or now - _state["read"] > FRESH_SECONDS:
        overrides = tuple(
            CalendarOverride.objects.order_by("area_prefix").values_list(
                "area_prefix", "day", "is_workday"
            )
        )
        hours = tuple(
            (prefix, since, _periods(periods))
            for prefix, since, periods in ServiceHours.objects.order_by(
                "area_prefix", "valid_from"
            ).values_list("area_prefix", "valid_from", "periods")
        )
        if _state["rows"] != (overrides, hours):
            _tables.clear()
        _state.update(rows=(overrides, hours), read=now)
    rows: tuple[tuple[Any, ...], tuple[Any, ...]] = _state["rows"]
    return rows


def _periods(raw: Any) -> Periods:
    return tuple((time.fromisoformat(a), time.fromisoformat(b)) for a, b in raw)


def rules_for(area_code: str) -> Rules:
    """Return what holds in an area: longer prefixes go before shorter ones."""
    overrides, hours = _rows()
    exceptions: dict[date, bool] = {
        day: worked for prefix, day, worked in overrides if area_code.startswith(prefix)
    }
    fitting = [row for row in hours if area_code.startswith(row[0])]
    longest = max((len(row[0]) for row in fitting), default=0)
    periods = tuple((row[1], row[2]) for row in fitting if len(row[0]) == longest)
    return Rules(exceptions, periods)


def table_for(area_code: str, first: int, last: int) -> Table:
    """Return the table of an area that covers these years at least."""
    overrides, hours = _rows()
    fitting = tuple({row[0] for row in (*overrides, *hours) if area_code.startswith(row[0])})
    key = (tuple(sorted(fitting)), first // 4, last // 4)
    found = _tables.get(key)
    if found is None:
        zone = timezone.get_default_timezone()
        rules = rules_for(area_code)
        found = Table(rules, zone, first // 4 * 4, last // 4 * 4 + 3)
        _tables[key] = found
    return found
