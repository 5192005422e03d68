"""The form of some lines of a part, and keeping what was typed in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from linli.kernel.flow import Context, StepRefused

from ..filling import as_text, field_for
from ..models import Column, Part
from ..queries import asked_columns, columns_of
from .known import Field
from .models import Row, RowCell
from .preparing import fields_by_column, recount, typed_columns

Place = tuple[int, int]  # row, column


def input_name(row: int, column: int) -> str:
    """Return the name of a cell's input."""
    return f"c-{row}-{column}"


def was_name(row: int, column: int) -> str:
    """Return the name of what tells the value that stood there when the page was opened."""
    return f"was-{row}-{column}"


def cells_in(rows: Iterable[Row]) -> dict[Place, RowCell]:
    """Return the cells of some rows with who typed them; one query."""
    found = RowCell.objects.filter(row__in=[row.pk for row in rows]).select_related("by")
    return {(cell.row_id, cell.column_id): cell for cell in found}


def locked(cell: RowCell | None) -> bool:
    """Tell whether a cell is the register's: what is wrong in it is mended there."""
    return cell is not None and (bool(cell.source) or cell.flowed)


class RowsForm(forms.Form):
    """The cells to type of some rows; blanks are fine, the rest is typed later."""

    def __init__(
        self,
        *args: Any,
        rows: Sequence[Row],
        columns: Sequence[Column],
        cells: Mapping[Place, RowCell],
        grids: Any = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.places: dict[str, Place] = {}
        for column in typed_columns(columns):
            made = field_for(column, False, list(grids))
            for row in rows:
                cell = cells.get((row.pk, column.pk))
                if locked(cell):
                    continue
                name = input_name(row.pk, column.pk)
                self.fields[name] = made
                self.places[name] = (row.pk, column.pk)
                self.initial[name] = cell.value if cell else ""

    def values(self) -> dict[Place, str]:
        """Return the good values that were sent, blanks too; call it after `is_valid`."""
        return {
            place: as_text(self.cleaned_data[name])
            for name, place in self.places.items()
            if name in self.cleaned_data and name in self.data
        }


@dataclass
class Typed:
    """What was typed into rows, what stood there before, and what did not become of it."""

    values: Mapping[Place, str]
    seen: Mapping[Place, str]
    faults: dict[Place, str] = field(default_factory=dict)


def keep_rows(context: Context) -> None:
    """Keep what was typed (`typed`), and give the registers what they did not know.

    What a colleague typed meanwhile stays, and so does what a register will not take: both are told
    in `faults` of what was typed.
    """
    part, typed = context.subject, context.data["typed"]
    rows = Row.objects.filter(part=part, pk__in={row for row, _column in typed.values})
    refs = dict(rows.values_list("pk", "ref"))
    old = cells_in(rows)
    columns = {column.pk: column for column in asked_columns(columns_of(part.sheet_id))}
    fields = fields_by_column(columns.values())
    changed, gone = [], []
    for place, value in typed.values.items():
        cell = old.get(place)
        stands = cell.value if cell else ""
        if place[0] not in refs or value == stands or locked(cell):
            continue
        before = typed.seen.get(place, stands)
        if before != stands:
            if value != before:
                typed.faults[place] = _overtaken(cell)
            continue
        if not value:
            gone.append(old[place].pk)
            continue
        flowed = _flow(part, fields.get(place[1]), refs[place[0]], value, context)
        if isinstance(flowed, str):
            typed.faults[place] = flowed
        else:
            changed.append(RowCell(
                row_id=place[0], column_id=place[1], value=value, at=context.now,
                by_id=context.actor.account_id, flowed=flowed,
            ))  # fmt: skip
    RowCell.objects.filter(pk__in=gone).delete()
    RowCell.objects.bulk_create(
        changed, update_conflicts=True, unique_fields=["row", "column"],
        update_fields=["value", "by", "at", "flowed", "fault"],
    )  # fmt: skip
    recount(part, list(columns.values()))
    flowed_n = sum(cell.flowed for cell in changed)
    context.entry |= {
        "changed": len(changed) + len(gone), "typed": part.typed, "flowed": flowed_n,
    }  # fmt: skip


def _overtaken(cell: RowCell | None) -> str:
    if cell is None:
        return _("同事刚清空了这一格。要以您填的为准，请再保存一次。")
    words = _("%(who)s刚填了“%(theirs)s”，您填的还没有保存。要以您填的为准，请再保存一次。")
    return words % {"who": cell.by, "theirs": cell.value}


def _flow(part: Part, found: Field | None, ref: int, value: str, context: Context) -> bool | str:
    """Give a register what it did not know; return whether it did, or why it would not."""
    if found is None or found.write is None:
        return False
    try:
        with transaction.atomic():
            found.write(
                ref, value, actor=context.actor, now=context.now, source=part.sheet.title[:40]
            )
    except ValidationError as error:
        return str(error.messages[0])
    except StepRefused as error:
        return str(error)
    except Http404:
        return _("登记册里已没有这一条，请按“重新取数”。")
    return True
