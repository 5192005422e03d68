"""What each step of a sheet or a part changes."""

from __future__ import annotations

from django.utils import timezone

from linli.kernel.flow import Context
from linli.kernel.ledger import actions as ledger

from .models import Cell, Column, Part, PartState, Sheet
from .queries import asked_columns, columns_of, communities_of
from .rosters.cells import keep_rows
from .rosters.preparing import refill
from .sources import get_source


def submit(context: Context) -> None:
    """Keep when it was handed to who admits; an earlier refusal is over."""
    context.subject.submitted_at = context.now
    context.subject.reason = ""


def refuse(context: Context) -> None:
    """Keep why, and by whom."""
    _decided(context)
    context.subject.reason = context.data["reason"].strip()


def admit(context: Context) -> None:
    """Give every community its part, with what is known filled in."""
    _decided(context)
    context.after.append(lambda late: _hand_out(late, context.subject))


def _decided(context: Context) -> None:
    context.subject.decided_by_id = context.actor.account_id
    context.subject.decided_at = context.now


def end(context: Context) -> None:
    """Keep when it was over."""
    context.subject.ended_at = context.now


def _hand_out(context: Context, sheet: Sheet) -> None:
    if sheet.has_rows:
        _hand_out_rows(context, sheet)
        return
    columns = asked_columns(columns_of(sheet.pk))
    communities = communities_of(sheet.area_code)
    known = _read([area.code for area in communities], columns, context)
    parts = []
    for area in communities:
        have = {column.pk for column in columns if area.code in known.get(column.pk, {})}
        parts.append(Part(
            state=PartState.OPEN, version=1, sheet=sheet, area=area, area_code=area.code,
            asked_code=area.code, cells=len(columns), prefilled=len(have),
            required=sum(column.required and column.pk not in have for column in columns),
        ))  # fmt: skip
    Part.objects.bulk_create(parts, batch_size=1000)
    ledger.append_new("sheet_part", "hand_out", parts, actor=context.actor, at=context.now)
    Cell.objects.bulk_create(
        (
            Cell(part=part, column=column, value=str(known[column.pk][part.area_code]),
                 source=column.source, at=context.now)
            for part in parts for column in columns
            if part.area_code in known.get(column.pk, {})
        ),
        batch_size=2000,
    )  # fmt: skip


def _hand_out_rows(context: Context, sheet: Sheet) -> None:
    """Give every community its part at once; their lines are laid out in the background."""
    from .jobs import prepare_parts

    parts = [
        Part(state=PartState.OPEN, version=1, sheet=sheet, area=area, area_code=area.code,
             asked_code=area.code, ready=False)
        for area in communities_of(sheet.area_code)
    ]  # fmt: skip
    Part.objects.bulk_create(parts, batch_size=1000)
    ledger.append_new("sheet_part", "hand_out", parts, actor=context.actor, at=context.now)
    prepare_parts.defer(sheet_id=sheet.pk)


def _read(codes: list[str], columns: list[Column], context: Context) -> dict[int, dict[str, int]]:
    """Return what the sources say, by column and community."""
    day, found = timezone.localdate(context.now), {}
    for column in columns:
        source = get_source(column.source) if column.source else None
        if source is not None:
            found[column.pk] = dict(source.read(codes, day))
    return found


def keep_cells(context: Context) -> None:
    """Keep the values given (column -> text; blank takes one away), typed by the actor.

    `seen` is what stood there when they began: a cell that somebody else typed into since then
    stays as it is, and is told in `clashes` where the actor typed something else. Cells of lines
    are kept by `rosters.cells`.
    """
    part = context.subject
    if part.sheet.has_rows:
        keep_rows(context)
        return
    rows = Cell.objects.filter(part=part, source="").select_related("by")
    old = {row.column_id: row for row in rows}
    values = _not_overtaken(context, old)
    changed = {
        column: value for column, value in values.items()
        if value != (old[column].value if column in old else "")
    }  # fmt: skip
    gone = [old[column].pk for column, value in changed.items() if not value]
    Cell.objects.filter(pk__in=gone).delete()
    Cell.objects.bulk_create(
        (
            Cell(part=part, column_id=column, value=value, by_id=context.actor.account_id,
                 at=context.now)
            for column, value in changed.items() if value
        ),
        update_conflicts=True, unique_fields=["part", "column"],
        update_fields=["value", "by", "at"],
    )  # fmt: skip
    part.typed = Cell.objects.filter(part=part, source="").count()
    context.entry |= {"changed": len(changed), "typed": part.typed}


def _not_overtaken(context: Context, old: dict[int, Cell]) -> dict[int, str]:
    """Return the values without those of cells that moved on since they were seen."""
    seen: dict[int, str] = context.data.get("seen", {})
    clashes: dict[int, Cell | None] = context.data.get("clashes", {})
    values = {}
    for column, value in context.data["values"].items():
        cell = old.get(column)
        stands = cell.value if cell else ""
        if seen.get(column, stands) == stands:
            values[column] = value
        elif value not in {stands, seen[column]}:
            clashes[column] = cell
    return values


def hand_in(context: Context) -> None:
    """Keep who answered, and when."""
    part = context.subject
    if part.sheet.has_rows:
        refill(part, context.now)
    part.worker_id, part.handed_in_at = context.actor.account_id, context.now
    context.entry |= {"typed": part.typed, "prefilled": part.prefilled}


def accept(context: Context) -> None:
    """What was to be mended is mended."""
    context.subject.reason = ""


def send_back(context: Context) -> None:
    """Keep what is to be mended."""
    context.subject.reason = context.data["reason"].strip()
