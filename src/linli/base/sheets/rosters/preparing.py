"""Lay out a part's lines and fill in what the registers know; again whenever it is asked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.kernel.flow import GuardFailed, NotAllowed
from linli.kernel.ledger import actions as ledger
from linli.kernel.scope import Actor

from ..models import WRITABLE, Column, Part, SheetState
from ..queries import asked_columns, columns_of, get_part
from .known import Field, get_field
from .models import Row, RowCell
from .rows import rows_in

CHUNK = 2000


def fields_by_column(columns: Iterable[Column]) -> dict[int, Field]:
    """Return the register's field of each column that has one."""
    found = {column.pk: get_field(column.source) for column in columns if column.source}
    return {pk: field for pk, field in found.items() if field is not None}


def typed_columns(columns: Iterable[Column]) -> list[Column]:
    """Return the columns whose unknown cells are typed: own ones, and those that flow back."""
    rows = list(columns)
    fields = fields_by_column(rows)
    return [
        column
        for column in rows
        if not column.source or ((field := fields.get(column.pk)) and field.write)
    ]


@transaction.atomic
def prepare_part(part_id: int, *, actor: Actor, now: datetime) -> int:
    """Make the lines of a part that just went out and fill them in; return how many there are.

    Safe to run twice.
    """
    part = Part.objects.select_for_update(of=("self",)).select_related("sheet").get(pk=part_id)
    if part.ready or part.state not in WRITABLE:
        return Row.objects.filter(part=part).count()
    return _take_in(part, actor, now, "prepare")


@transaction.atomic
def read_again(part_id: int, *, actor: Actor, now: datetime) -> int:
    """Bring a part up to the registers' state: newcomers, who has gone, what was corrected.

    A line with anything typed stays. Raises Http404, NotAllowed, GuardFailed once handed in.
    """
    part = get_part(actor, part_id)
    if not actor.can("sheets.fill", part.area_code):
        raise NotAllowed(_("您没有填报的权限。"))
    part = Part.objects.select_for_update(of=("self",)).select_related("sheet").get(pk=part_id)
    if part.state not in WRITABLE or part.sheet.state != SheetState.ADMITTED:
        raise GuardFailed(_("已经上报或结束，不能再改。"))
    return _take_in(part, actor, now, "read_again")


def _take_in(part: Part, actor: Actor, now: datetime, verb: str) -> int:
    columns = asked_columns(columns_of(part.sheet_id))
    rows = _lay_out(part, now)
    _fill_in(part, rows, fields_by_column(columns), now)
    part.ready = True
    recount(part, columns)
    part.version += 1
    part.save()
    ledger.append(
        subject_type="sheet_part", subject_id=part.pk, verb=verb, actor=actor, at=now,
        area_code=part.area_code, seq=part.version,
        data={"rows": len(rows), "prefilled": part.prefilled},
    )  # fmt: skip
    return len(rows)


def _lay_out(part: Part, now: datetime) -> dict[int, int]:
    """Make and drop rows as the register has them; return row by ref."""
    sheet, today = part.sheet, timezone.localdate(now)
    wanted = list(rows_in(sheet.rows, [part.area_code], sheet.only, today).values_list(
        "pk", flat=True))  # fmt: skip
    have = dict(Row.objects.filter(part=part).values_list("ref", "pk"))
    gone = set(have) - set(wanted)
    typed = set(
        RowCell.objects.filter(row__part=part, row__ref__in=gone, source="").values_list(
            "row__ref", flat=True
        )
    )
    Row.objects.filter(part=part, ref__in=gone - typed).delete()
    last = Row.objects.filter(part=part).aggregate(last=Max("order"))["last"] or 0
    new = [ref for ref in wanted if ref not in have]
    Row.objects.bulk_create(
        (Row(part=part, ref=ref, order=n) for n, ref in enumerate(new, start=last + 1)),
        batch_size=CHUNK,
    )
    return dict(Row.objects.filter(part=part).values_list("ref", "pk"))


def _fill_in(part: Part, rows: dict[int, int], fields: dict[int, Field], now: datetime) -> None:
    """Put in what is known where nothing is typed, and take out what is not known any more."""
    today, refs = timezone.localdate(now), list(rows)
    for column, field in fields.items():
        cells = list(RowCell.objects.filter(row__part=part, column_id=column))
        typed = {cell.row_id for cell in cells if not cell.source}
        given = [cell for cell in cells if cell.flowed]
        old = {cell.row_id: cell for cell in cells if cell.source}
        known = {
            rows[ref]: value
            for start in range(0, len(refs), CHUNK)
            for ref, value in field.read(refs[start : start + CHUNK], today).items()
        }
        mended = [cell for cell in given if known.get(cell.row_id, cell).value != cell.value]
        for cell in mended:
            cell.value = known[cell.row_id].value
        RowCell.objects.bulk_update(mended, ["value"], batch_size=CHUNK)
        lost = [cell.pk for row, cell in old.items() if row not in known]
        RowCell.objects.filter(pk__in=lost).delete()
        RowCell.objects.bulk_create(
            (
                RowCell(row_id=row, column_id=column, value=found.value, source=found.source[:60],
                        known_on=found.on, at=now)
                for row, found in known.items()
                if row not in typed and (row not in old or old[row].value != found.value)
            ),
            update_conflicts=True, unique_fields=["row", "column"],
            update_fields=["value", "source", "known_on", "at"], batch_size=CHUNK,
        )  # fmt: skip


def refill(part: Part, now: datetime) -> None:
    """Bring known cells up to what the registers say, as it is handed in."""
    columns = asked_columns(columns_of(part.sheet_id))
    rows = dict(Row.objects.filter(part=part).values_list("ref", "pk"))
    _fill_in(part, rows, fields_by_column(columns), now)
    recount(part, columns)


def recount(part: Part, columns: list[Column]) -> None:
    """Set how many cells a part has, and how many of them are filled in; it is not saved."""
    rows = Row.objects.filter(part=part).count()
    counted = RowCell.objects.filter(row__part=part).values_list("column_id").order_by()
    filled = {
        column: (known, typed)
        for column, known, typed in counted.annotate(
            known=Count("pk", filter=Q(by=None)), typed=Count("pk", filter=~Q(by=None))
        )
    }
    part.prefilled = sum(known for known, _typed in filled.values())
    part.typed = sum(typed for _known, typed in filled.values())
    asked = {
        column.pk: rows - sum(filled.get(column.pk, (0, 0))) for column in typed_columns(columns)
    }
    part.cells = part.prefilled + part.typed + sum(asked.values())
    part.required = sum(asked.get(column.pk, 0) for column in columns if column.required)


def blanks(part: Part, columns: Iterable[Column]) -> list[Column]:
    """Return the required columns of a part with a cell that has no value yet."""
    rows = Row.objects.filter(part=part).count()
    needed = [column for column in typed_columns(columns) if column.required]
    counted = RowCell.objects.filter(row__part=part, column__in=needed).values_list("column_id")
    have = dict(counted.annotate(n=Count("pk")).order_by())
    return [column for column in needed if have.get(column.pk, 0) < rows]
