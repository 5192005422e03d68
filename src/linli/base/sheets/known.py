"""Which columns of a sheet ask what is known already, or what another sheet in force asks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .models import Column, Kind, Sheet, SheetState
from .rosters.known import Field, field_for_title
from .sources import Source, source_for


@dataclass(frozen=True)
class Known:
    """A column that may not be asked: a source has it, or another sheet asks it just now."""

    column: Column
    source: Source | Field | None = None
    sheet: Sheet | None = None


def known_elsewhere(sheet: Sheet, columns: Iterable[Column]) -> list[Known]:
    """Return the columns to type that a source knows or another sheet in force asks too.

    The other sheet counts where the areas of the two overlap and their lines are of one kind. In
    figures of communities, words for free are none: a source is no answer to them, another sheet
    with the same title is.
    """
    own = [column for column in columns if not column.source and column.kind != Kind.NOTE]
    asked = _asked_elsewhere(sheet, [column.key for column in own])
    found = []
    for column in own:
        if sheet.has_rows:
            source: Source | Field | None = field_for_title(column.title, sheet.rows)
        else:
            source = source_for(column.title)
        if (source is not None and sheet.has_rows) or (
            source is not None and column.kind not in {Kind.LONG, Kind.PHONE, Kind.AREA}
        ):
            found.append(Known(column, source=source))
        elif column.key in asked:
            found.append(Known(column, sheet=asked[column.key]))
    return found


def _asked_elsewhere(sheet: Sheet, keys: list[str]) -> dict[str, Sheet]:
    rows = (
        Column.objects.filter(key__in=keys, source="", sheet__state=SheetState.ADMITTED)
        .filter(sheet__rows=sheet.rows)
        .exclude(sheet=sheet)
    )
    code = sheet.area_code
    return {
        row.key: row.sheet
        for row in rows.select_related("sheet__asker", "sheet__unit").order_by("-sheet_id")
        if row.sheet.area_code.startswith(code) or code.startswith(row.sheet.area_code)
    }
