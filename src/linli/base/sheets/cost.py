"""What a sheet costs the communities: cells to type, and how long that takes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.conf import settings

from .models import Column, Kind, Sheet
from .rosters.preparing import fields_by_column, typed_columns
from .rosters.rows import rows_in

SAMPLE = 300  # lines looked at to tell how much of a long sheet is known


@dataclass(frozen=True)
class Cost:
    """The cost of a sheet: `lines` of `cells` cells in all, of which `all_typed` are to be typed.

    Of a sheet with a line for each community it is exact; of one with more lines, what is known of
    a sample of them stands for all.
    """

    communities: int
    lines: int
    cells: int
    all_typed: int
    seconds: int
    by_sample: bool = False

    @property
    def typed(self) -> int:
        """The cells that one community has to type, on average."""
        return self.all_typed // self.communities if self.communities else 0

    @property
    def hours(self) -> float:
        """The hours that all communities together need, by the setting's seconds for a cell."""
        return round(self.all_typed * self.seconds / 3600, 1)

    @property
    def share(self) -> int:
        """How much of it the system fills in, in whole percent."""
        return 100 * (self.cells - self.all_typed) // self.cells if self.cells else 0


def cost_of(sheet: Sheet, columns: Iterable[Column], communities: int, today: date) -> Cost:
    """Return what these columns cost so many communities."""
    asked = [column for column in columns if column.kind != Kind.NOTE]
    seconds = settings.SHEET_SECONDS_PER_CELL
    if not sheet.has_rows:
        typed = sum(not column.source for column in asked)
        cells = len(asked) * communities
        return Cost(communities, communities, cells, typed * communities, seconds)
    rows = rows_in(sheet.rows, [sheet.area_code], sheet.only, today)
    lines = rows.count()
    every = max(lines // SAMPLE, 1)
    refs = list(rows.values_list("pk", flat=True))[::every]
    known, blank = _sampled(asked, refs, today)
    scale = lines / len(refs) if refs else 0
    cells, typed = round((known + blank) * scale), round(blank * scale)
    return Cost(communities, lines, cells, typed, seconds, every > 1)


def _sampled(asked: list[Column], refs: list[int], today: date) -> tuple[int, int]:
    """Return how many cells of these lines a register knows, and how many are to be typed."""
    fields, typed = fields_by_column(asked), {column.pk for column in typed_columns(asked)}
    known = blank = 0
    for column in asked:
        field = fields.get(column.pk)
        found = len(field.read(refs, today)) if field else 0
        known += found
        blank += len(refs) - found if column.pk in typed else 0
    return known, blank
