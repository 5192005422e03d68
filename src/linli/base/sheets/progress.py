"""How far the communities are with a sheet, and what their figures add up to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Count, F, Q, QuerySet, Sum

from ..areas.models import Area
from ..areas.queries import place_names
from .models import SUMMED, WRITABLE, Cell, Column, Part, PartState, Row, RowCell, Sheet

SUBDISTRICT = 9  # digits of its code
DONE = (PartState.HANDED_IN, PartState.ACCEPTED)


@dataclass
class Line:
    """One line of the roll-up: an area, how many of its communities answered, and the sums."""

    code: str
    name: str
    level: str
    parts: int = 0
    done: int = 0
    rows: int = 0
    sums: dict[int, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    cells: list[tuple[str, str]] = field(default_factory=list)


def parts_of(sheet: Sheet) -> QuerySet[Part]:
    """Return a sheet's parts with their communities."""
    rows = Part.objects.filter(sheet=sheet).select_related("area", "sheet", "worker")
    return rows.defer("area__boundary")


def counts(sheet: Sheet, today: date) -> dict[str, int]:
    """Return how many parts there are, by state, late ones, and their cells."""
    late = Q(state__in=WRITABLE) if sheet.due < today else Q(pk__in=[])
    found = Part.objects.filter(sheet=sheet).aggregate(
        parts=Count("pk"), late=Count("pk", filter=late), cells=Sum("cells", default=0),
        filled=Sum(F("prefilled") + F("typed"), default=0),
        **{state: Count("pk", filter=Q(state=state)) for state in PartState.values},
    )  # fmt: skip
    return found | {"done": found["handed_in"] + found["accepted"]}


def summed(columns: Iterable[Column]) -> list[Column]:
    """Return the columns that are added up."""
    return [column for column in columns if column.kind in SUMMED]


def roll_up(sheet: Sheet, columns: list[Column]) -> list[Line]:
    """Return the sums of the whole, of each subdistrict and of each community, in that order.

    Only what was handed in or accepted counts. A community stands as it was when it was asked.
    """
    parts = list(Part.objects.filter(sheet=sheet).order_by("asked_code").values_list(
        "pk", "asked_code", "state", "area__name"))  # fmt: skip
    names = place_names({code[:SUBDISTRICT] for _pk, code, _state, _name in parts})
    values = _figures(sheet, columns)
    rows_of = _rows_of(sheet)
    whole = Line(sheet.area_code, sheet.area.short_name, "whole")
    lines: dict[str, Line] = {}
    for pk, code, state, name in parts:
        above = code[:SUBDISTRICT]
        if above not in lines:
            lines[above] = Line(above, names.get(above, above), "subdistrict")
        lines[code] = Line(code, Area(name=name).short_name, "community")
        for line in (whole, lines[above], lines[code]):
            line.parts += 1
            if state in DONE:
                line.done += 1
                line.rows += rows_of.get(pk, 0)
                for column, value in values.get(pk, {}).items():
                    line.sums[column] += value
    found = [whole, *lines.values()]
    for line in found:
        line.cells = [(column.title, _figure(line, column)) for column in columns]
    return found


def _rows_of(sheet: Sheet) -> dict[int, int]:
    """Return how many lines each part has."""
    if not sheet.has_rows:
        return {}
    rows = Row.objects.filter(part__sheet=sheet).values_list("part")
    return dict(rows.annotate(n=Count("pk")).order_by())


def _figure(line: Line, column: Column) -> str:
    return f"{line.sums[column.pk]:f}" if column.pk in line.sums else "—"


def _figures(sheet: Sheet, columns: list[Column]) -> dict[int, dict[int, Decimal]]:
    """Return the figures handed in, by part and column."""
    found: dict[int, dict[int, Decimal]] = defaultdict(dict)
    rows = Cell.objects.filter(
        part__sheet=sheet, part__state__in=DONE, column__in=[column.pk for column in columns]
    )
    for cell in rows.only("part_id", "column_id", "value"):
        found[cell.part_id][cell.column_id] = Decimal(cell.value)
    for row in _row_figures(sheet, columns):
        sums = found[row.row.part_id]
        sums[row.column_id] = sums.get(row.column_id, Decimal()) + Decimal(row.value)
    return found


def _row_figures(sheet: Sheet, columns: list[Column]) -> QuerySet[RowCell]:
    rows = RowCell.objects.filter(
        row__part__sheet=sheet, row__part__state__in=DONE,
        column__in=[column.pk for column in columns],
    )  # fmt: skip
    return rows.select_related("row").only("column_id", "value", "row__part_id")
