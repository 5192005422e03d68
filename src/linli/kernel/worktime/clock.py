"""A clock of working time that can be paused and resumed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from .reckon import add_working_minutes, working_minutes_between


@dataclass(frozen=True)
class Clock:
    """A limit of working minutes that runs from `started`, less the time it stood still.

    `used` are the minutes run before the present stretch; `paused` tells whether it stands still.
    """

    limit: int
    started: datetime
    area_code: str = ""
    used: int = 0
    paused: bool = False

    def elapsed(self, now: datetime) -> int:
        """Return the minutes run until `now`."""
        if self.paused:
            return self.used
        return self.used + working_minutes_between(self.started, now, self.area_code)

    def pause(self, now: datetime) -> Clock:
        """Stop the clock; a paused one stays as it is."""
        return self if self.paused else replace(self, used=self.elapsed(now), paused=True)

    def resume(self, now: datetime) -> Clock:
        """Let the clock run on; a running one stays as it is."""
        return replace(self, started=now, paused=False) if self.paused else self

    def due(self) -> datetime | None:
        """Return when the limit is used up; None while the clock stands still."""
        if self.paused:
            return None
        return add_working_minutes(self.started, max(0, self.limit - self.used), self.area_code)
