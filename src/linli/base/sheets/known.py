"""Which columns of a sheet ask what is known already, or what another sheet in force asks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .models import Column, Kind, Sheet, SheetState
from .sources import Source, source_for


@dataclass(frozen=True)
class Known:
    """A column that may not be asked: a source has it, or another sheet asks it just now."""

    column: Column
    source: Source | None = None
    sheet: Sheet | None = None


def known_elsewhere(sheet: Sheet, columns: Iterable[Column]) -> list[Known]:
    """Return the columns to type that a source knows or another sheet in force asks too.

    The other sheet counts where the areas of the two overlap. Words for free (text and notes)
    are no figures: a source is no answer to them, another sheet with the same title is.
    """
    own = [column for column in columns if not column.source and column.kind != Kind.NOTE]
    asked = _asked_elsewhere(sheet, [column.key for column in own])
    found = []
    for column in own:
        source = source_for(column.title)
        if source is not None and column.kind not in {Kind.LONG, Kind.PHONE, Kind.AREA}:
            found.append(Known(column, source=source))
        elif column.key in asked:
            found.append(Known(column, sheet=asked[column.key]))
    return found


def _asked_elsewhere(sheet: Sheet, keys: list[str]) -> dict[str, Sheet]:
    rows = Column.objects.filter(key__in=keys, source="", sheet__state=SheetState.ADMITTED).exclude(
        sheet=sheet
    )
    code = sheet.area_code
    return {
        row.key: row.sheet
        for row in rows.select_related("sheet__asker", "sheet__unit").order_by("-sheet_id")
        if row.sheet.area_code.startswith(code) or code.startswith(row.sheet.area_code)
    }
