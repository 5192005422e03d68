"""Years of working time in memory: every question is answered by bisection."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from .calendar import Rules


@dataclass
class Table:
    """The working spans of some years, with the seconds worked before each."""

    rules: Rules
    zone: Any
    first: int
    last: int
    starts: list[float] = field(default_factory=list)
    ends: list[float] = field(default_factory=list)
    before: list[float] = field(default_factory=list)
    days: list[int] = field(default_factory=list)
    closes: list[float] = field(default_factory=list)
    total: float = 0.0

    def __post_init__(self) -> None:
        day = date(self.first, 1, 1)
        while day.year <= self.last:
            if self.rules.is_workday(day):
                self._add_day(day)
            day += timedelta(days=1)

    def _add_day(self, day: date) -> None:
        for opens, closes in self.rules.periods(day):
            start = datetime.combine(day, opens, self.zone).timestamp()
            end = datetime.combine(day, closes, self.zone).timestamp()
            self.starts.append(start)
            self.ends.append(end)
            self.before.append(self.total)
            self.total += end - start
        self.days.append(day.toordinal())
        self.closes.append(self.ends[-1])

    def worked(self, moment: float) -> float:
        """Return the seconds worked before a moment (seconds of the epoch)."""
        index = bisect_right(self.starts, moment) - 1
        if index < 0:
            return 0.0
        return self.before[index] + min(moment, self.ends[index]) - self.starts[index]

    def moment(self, worked: float) -> float | None:
        """Return the first moment at which so many seconds have been worked; None past the end."""
        if worked > self.total:
            return None
        index = max(0, bisect_left(self.before, worked) - 1)
        return self.starts[index] + worked - self.before[index]

    def close_of(self, ordinal: int, days: int) -> float | None:
        """Return the close of service of the `days`-th workday after a day; None past the end."""
        index = bisect_right(self.days, ordinal) + days - 1
        return self.closes[index] if index < len(self.closes) else None

    def is_open(self, moment: float) -> bool:
        """Tell whether service hours run at a moment."""
        index = bisect_right(self.starts, moment) - 1
        return index >= 0 and moment < self.ends[index]
