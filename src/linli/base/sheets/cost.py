"""What a sheet costs the communities: cells to type, and how long that takes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings

from .models import Column, Kind


@dataclass(frozen=True)
class Cost:
    """The cost of a sheet: `cells` of each community, of which `typed` are to be typed."""

    communities: int
    cells: int
    typed: int
    seconds: int

    @property
    def all_typed(self) -> int:
        """The cells that all communities together have to type."""
        return self.typed * self.communities

    @property
    def hours(self) -> float:
        """The hours that all communities together need, by the setting's seconds for a cell."""
        return round(self.all_typed * self.seconds / 3600, 1)

    @property
    def share(self) -> int:
        """How much of it the system fills in, in whole percent."""
        return 100 * (self.cells - self.typed) // self.cells if self.cells else 0


def cost_of(columns: Iterable[Column], communities: int) -> Cost:
    """Return what these columns cost so many communities."""
    asked = [column for column in columns if column.kind != Kind.NOTE]
    typed = sum(not column.source for column in asked)
    return Cost(communities, len(asked), typed, settings.SHEET_SECONDS_PER_CELL)
