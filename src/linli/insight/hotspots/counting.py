"""Count cases by category, place and window, in one pass over the cases of the history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np
from django.db.models import Count, F, Func, IntegerField, Min, Value
from django.db.models.functions import Left, Length
from django.utils import timezone

from linli.base.areas.models import Area, Level
from linli.work.cases.models import Case, Category

from .rules import Floats, Ints, Method, levels

LEVELS = {15: Level.GRID, 12: Level.COMMUNITY}


@dataclass(frozen=True)
class Counts:
    """Cells (category id, area code) with their counts; a row of each array is a cell.

    `history` has the latest window first, `windows` says how many of them a cell has lived
    through, `groups` numbers category and level. `length` is the district's history in windows,
    `totals` what it reported in the recent window and in each before.
    """

    cells: list[tuple[int, str]]
    recent: Ints
    history: Ints
    windows: Ints
    groups: Ints
    length: int
    totals: Ints


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, timezone.get_current_timezone())


def edges(day: date, method: Method) -> list[datetime]:
    """Return the limits of the windows in rising order; the last window ends with `day`."""
    end = day + timedelta(days=1)
    return [
        _midnight(end - timedelta(days=method.window_days * back))
        for back in range(method.windows + 1, -1, -1)
    ]


def count_cases(day: date, method: Method) -> Counts:
    """Count what was registered up to and with `day`, at grids and at communities."""
    limits = edges(day, method)
    first = Case.objects.aggregate(at=Min("created_at"))["at"]
    start = timezone.localtime(limits[-2]).date()
    length = _lived(start, timezone.localtime(first).date(), method) if first else 0
    rows = _rows(limits) if length else []
    table: dict[tuple[int, str], int] = {}
    places, columns, numbers = [], [], []
    totals = np.zeros(method.windows + 1, dtype=np.int64)
    for category, code, window, n in rows:
        totals[method.windows + 1 - window] += n
        for size in LEVELS:
            if len(code) >= size:
                places.append(table.setdefault((category, code[:size]), len(table)))
                columns.append(method.windows + 1 - window)
                numbers.append(n)
    counts = np.zeros((len(table), method.windows + 1), dtype=np.int64)
    np.add.at(counts, (places, columns), numbers)
    cells = list(table)
    windows = _windows(cells, start, length, method)
    return Counts(cells, counts[:, 0], counts[:, 1:], windows, _groups(cells), length, totals)


def weights_of(counts: Counts) -> Floats:
    """Return the weights of the windows in which the district has reported at all."""
    lived = counts.length + 1
    found = np.ones(len(counts.totals))
    found[:lived] = levels(counts.totals[:lived])
    return found


def _rows(limits: list[datetime]) -> Any:
    window: Any = Func(
        F("created_at"), Value(limits), function="width_bucket", output_field=IntegerField()
    )
    return (
        Case.objects.filter(created_at__gte=limits[0], created_at__lt=limits[-1])
        .annotate(place=Left("area_code", 15), size=Length("area_code"), window=window)
        .filter(size__gte=12)
        .order_by()
        .values_list("category_id", "place", "window")
        .annotate(n=Count("id"))
        .iterator(chunk_size=10_000)
    )


def _lived(start: date, born: date, method: Method) -> int:
    """Return how many whole windows before `start` lie after `born`."""
    return min(max((start - born).days, 0) // method.window_days, method.windows)


def _windows(cells: list[tuple[int, str]], start: date, length: int, method: Method) -> Ints:
    """Return how many windows each cell has lived through; 0 where its place or category ended."""
    areas = dict(
        Area.objects.filter(valid_to=None, level__in=LEVELS.values()).values_list(
            "code", "valid_from"
        )
    )
    categories = dict(Category.objects.filter(valid_to=None).values_list("id", "valid_from"))
    known = {
        born: min(_lived(start, born, method), length)
        for born in {*areas.values(), *categories.values()}
    }
    return np.array(
        [
            min(known[areas[code]], known[categories[category]])
            if code in areas and category in categories
            else 0
            for category, code in cells
        ],
        dtype=np.int64,
    )


def _groups(cells: list[tuple[int, str]]) -> Ints:
    names: dict[tuple[int, int], int] = {}
    return np.array(
        [names.setdefault((category, len(code)), len(names)) for category, code in cells],
        dtype=np.int64,
    )
