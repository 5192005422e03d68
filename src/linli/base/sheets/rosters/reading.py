"""Read the lines of a part: a page of them, what is blank, what lies in a grid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.forms import BoundField
from django.utils import timezone

from ..filling import masked, shown
from ..models import Column, Kind, Part
from ..queries import asked_columns, columns_of, grids_of
from .cells import RowsForm, cells_in, input_name, locked, was_name
from .known import Field
from .models import Row, RowCell
from .preparing import fields_by_column, typed_columns
from .rows import lying_in, row_labels

SIZE = 30  # lines of a page


@dataclass(frozen=True)
class Shown:
    """One cell of a page: its input where it is typed, or its value and where that is from."""

    column: Column
    field: BoundField | None
    was: str
    was_name: str
    value: str
    cell: RowCell | None

    @property
    def origin(self) -> str:
        """Who said so, and when."""
        cell = self.cell
        if cell is None:
            return ""
        if cell.source:
            return f"{cell.source} {cell.known_on or timezone.localdate(cell.at)}"
        return f"{cell.by} {timezone.localdate(cell.at)}"


@dataclass(frozen=True)
class Line:
    """One line of a page: what people call it, its page in the register, its cells."""

    row: Row
    label: str
    href: str
    cells: list[Shown]


def rows_of_part(part: Part) -> QuerySet[Row]:
    """Return a part's lines in order."""
    return Row.objects.filter(part=part).order_by("order", "pk")


def in_grids(rows: QuerySet[Row], part: Part, codes: Sequence[str]) -> QuerySet[Row]:
    """Narrow lines to what lies in some grids today."""
    return rows.filter(ref__in=lying_in(part.sheet.rows, codes))


def unfilled(rows: QuerySet[Row], columns: Sequence[Column]) -> QuerySet[Row]:
    """Narrow lines to those with a cell to type that is blank."""
    wanted = [column.pk for column in typed_columns(columns)]
    counted = rows.annotate(have=Count("cells", filter=Q(cells__column__in=wanted)))
    return counted.filter(have__lt=len(wanted))


def columns_for(part: Part, *, by_grid: bool = False) -> list[Column]:
    """Return the columns that have cells; `by_grid` those the grid worker is asked."""
    rows = asked_columns(columns_of(part.sheet_id))
    return [column for column in rows if column.by_grid] if by_grid else rows


@dataclass(frozen=True)
class Screen:
    """Some lines of a part with all that is needed to show them and to take what is typed."""

    part: Part
    rows: Sequence[Row]
    columns: list[Column]
    cells: Mapping[tuple[int, int], RowCell]
    grids: list[tuple[str, str]]

    def form(self, data: Mapping[str, Any] | None = None, *, by_grid: bool = False) -> RowsForm:
        """Return the form of the lines; `by_grid` holds it to what the grid worker is asked."""
        columns = [column for column in self.columns if column.by_grid or not by_grid]
        return RowsForm(data, rows=self.rows, columns=columns, cells=self.cells, grids=self.grids)


def screen_of(part: Part, rows: Sequence[Row]) -> Screen:
    """Return these lines of a part; at most three queries."""
    columns = columns_for(part)
    grids = grids_of(part.area_code) if any(c.kind == Kind.AREA for c in columns) else []
    return Screen(part, rows, columns, cells_in(rows), grids)


def lines_of(screen: Screen, form: RowsForm | None, *, links: bool = True) -> list[Line]:
    """Return lines as a page shows them, inputs where `form` has them; numbers are masked.

    `links` leads to the register, which who asks for a sheet need not be let into.
    """
    rows, columns, cells = screen.rows, screen.columns, screen.cells
    labels = row_labels(screen.part.sheet.rows, [row.ref for row in rows])
    hrefs = _href_of(fields_by_column(columns))
    found = []
    for row in rows:
        line = []
        for column in columns:
            cell, name = cells.get((row.pk, column.pk)), input_name(row.pk, column.pk)
            value = _text(column, cell, screen.grids) if cell else ""
            field = form[name] if form is not None and name in form.fields else None
            if field is not None and locked(cell):
                field = None
            line.append(Shown(
                column, field, cell.value if cell else "", was_name(row.pk, column.pk), value, cell
            ))  # fmt: skip
        label = labels.get(row.ref, "—")
        found.append(
            Line(row, label, hrefs(row.ref) if links and hrefs and row.ref > 0 else "", line)
        )
    return found


def _text(column: Column, cell: RowCell, grids: Any) -> str:
    if column.kind not in {Kind.PHONE, Kind.IDENTITY}:
        return shown(column, cell.value, grids)
    return masked(column, cell.value)


def _href_of(fields: Mapping[int, Field]) -> Any:
    return next((field.href for field in fields.values() if field.href), None)
