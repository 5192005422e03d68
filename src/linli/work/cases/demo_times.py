"""When the demonstration's cases come in and how long things take."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from random import Random

from django.utils import timezone

from linli.kernel.worktime.reckon import add_working_minutes, working_minutes_between

# Reports by hour of the day, for those who may report at any time and for office hours.
ANY_HOUR = (2, 1, 1, 1, 1, 2, 8, 22, 40, 56, 52, 40, 30, 34, 46, 52, 48, 42, 38, 44, 42, 28, 14, 6)
OFFICE = tuple(n if 8 <= hour <= 17 else 0 for hour, n in enumerate(ANY_HOUR))
WEEKDAY = (1.08, 1.05, 1.0, 1.0, 1.02, 0.72, 0.62)
# Months in which categories are frequent (factor 4), by the beginning of their code.
SEASONS = {
    "0205": (11, 12, 1, 2, 3), "0807": (6, 7, 8), "0808": (11, 12, 1), "0502": (5, 6, 7, 8, 9),
    "0505": (6, 7, 8, 9), "1003": (5, 6, 7, 8, 9), "0305": (6, 7, 8), "0207": (6, 7, 8),
    "0508": (10, 11, 12), "1201": (5, 6, 7, 8), "0104": (10, 11), "0303": (12, 1),
}  # fmt: skip
OFF_SEASON = {"0205": 0.02, "0808": 0.1}


def days_back(rng: Random, now: datetime, days: int, count: int) -> list[datetime]:
    """Return the local midnights of `count` reports over the past days, with weekly rhythm."""
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    all_days = [midnight - timedelta(days=back) for back in range(days)]
    weights = [
        WEEKDAY[day.weekday()] * (1.12 - 0.24 * back / days) * rng.uniform(0.85, 1.15)
        for back, day in enumerate(all_days)
    ]
    return rng.choices(all_days, weights, k=count)


def moment(rng: Random, midnight: datetime, *, office: bool) -> datetime:
    """Return a moment of a day."""
    hour = rng.choices(range(24), OFFICE if office else ANY_HOUR)[0]
    clock = time(hour, rng.randrange(60), rng.randrange(60))
    return datetime.combine(midnight.date(), clock, timezone.get_current_timezone())


def season(code: str, month: int) -> float:
    """Return how frequent a category is in a month."""
    months = SEASONS.get(code)
    if months is None:
        return 1.0
    return 4.0 if month in months else OFF_SEASON.get(code, 0.5)


def after_work(
    rng: Random, start: datetime, minutes: float, area_code: str, *, floor: int = 1
) -> datetime:
    """Return about so many minutes of service time later, never the same twice."""
    took = max(floor, int(minutes * rng.lognormvariate(0, 0.5)))
    return add_working_minutes(start, took, area_code) + timedelta(seconds=rng.randrange(5, 55))


def share_of(start: datetime, due: datetime, share: float, area_code: str) -> datetime:
    """Return the moment at which a share of the service time up to `due` has passed."""
    whole = max(10, working_minutes_between(start, due, area_code))
    return add_working_minutes(start, max(1, int(whole * share)), area_code)
