"""Write sheets and their columns; take a sheet through its life."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.http import Http404
from django.utils.translation import gettext as _

from linli.kernel.flow import Outcome, perform
from linli.kernel.ledger import actions as ledger
from linli.kernel.scope import Actor

from ...accounts.models import Account
from ..flow import SHEET_FLOW, allows_sheet
from ..models import Column, RowKind, Sheet, SheetState
from ..queries import visible_sheets
from ..sources import plain

MOST_COLUMNS = 60


def save_sheet(
    *, actor: Actor, now: datetime, data: Mapping[str, Any], sheet_id: int | None = None
) -> Sheet:
    """Write the head of a sheet, new or a draft again; `data` is cleaned by `SheetForm`.

    Raises PermissionDenied outside the areas the actor may ask and for another's sheet,
    ValidationError where it is no draft any more.
    """
    area = data["area"]
    if not actor.can("sheets.ask", area.code):
        raise PermissionDenied
    with transaction.atomic():
        if sheet_id is None:
            asker = Account.objects.get(pk=actor.account_id or 0)
            sheet = Sheet(asker=asker, unit_id=asker.unit_id, made_at=now)
        else:
            sheet = _draft(actor, sheet_id)
        rows = data.get("rows") or RowKind.AREA
        if rows != sheet.rows and _taken(sheet):
            raise ValidationError({"rows": _("有栏目取自登记册，先删去这些栏目再改。")})
        sheet.rows, sheet.only = rows, data.get("only", "")
        sheet.title, sheet.purpose = data["title"], data["purpose"]
        sheet.basis, sheet.due = data["basis"], data["due"]
        sheet.area, sheet.area_code = area, area.code
        _record(sheet, "save", actor, now, {"due": f"{sheet.due}"})
    return sheet


def _taken(sheet: Sheet) -> bool:
    """Tell whether a column depends on what a line is."""
    if sheet.pk is None:
        return False
    return sheet.columns.filter(~Q(source="") | Q(by_grid=True)).exists()


def save_column(
    sheet_id: int,
    *,
    actor: Actor,
    now: datetime,
    data: Mapping[str, Any],
    column_id: int | None = None,
) -> Column:
    """Write a column of a draft, new or again; `data` is cleaned by `ColumnForm`.

    Raises as `save_sheet`, Http404 for a column of another sheet, and ValidationError at the
    title where the sheet has one that says the same.
    """
    with transaction.atomic():
        sheet = _draft(actor, sheet_id)
        column = Column(sheet=sheet)
        if column_id is not None:
            column = _column(sheet, column_id)
        elif Column.objects.filter(sheet=sheet).count() >= MOST_COLUMNS:
            raise ValidationError(_("一张表最多%(n)d栏。") % {"n": MOST_COLUMNS})
        key = plain(data["title"]) or data["title"]
        if Column.objects.filter(sheet=sheet, key=key).exclude(pk=column.pk).exists():
            raise ValidationError({"title": _("这张表已有意思相同的栏目。")})
        column.key = key
        for name in ("order", "title", "kind", "help", "choices", "required", "source"):
            setattr(column, name, data[name])
        column.by_grid = bool(data.get("by_grid")) and sheet.has_rows
        column.save()
        _record(sheet, "save_column", actor, now, {"column": column.pk, "source": column.source})
    return column


def remove_column(sheet_id: int, column_id: int, *, actor: Actor, now: datetime) -> None:
    """Take a column out of a draft; raises as `save_column`."""
    with transaction.atomic():
        sheet = _draft(actor, sheet_id)
        _column(sheet, column_id).delete()
        _record(sheet, "remove_column", actor, now, {"column": column_id})


def take_step(
    name: str,
    sheet_id: int,
    *,
    actor: Actor,
    now: datetime,
    data: Mapping[str, Any] | None = None,
    key: str | None = None,
) -> Outcome:
    """Take a step of a sheet; errors as `kernel.flow.perform`."""
    return perform(SHEET_FLOW, name, sheet_id, actor=actor, now=now, data=data, key=key)


def _draft(actor: Actor, sheet_id: int) -> Sheet:
    """Return the sheet locked, where the actor may write it; raises otherwise."""
    if not visible_sheets(actor).filter(pk=sheet_id).exists():
        raise Http404
    sheet = Sheet.objects.select_for_update(of=("self",)).get(pk=sheet_id)
    if not allows_sheet(actor, "sheets.ask", sheet):
        raise PermissionDenied
    if sheet.state != SheetState.DRAFT:
        raise ValidationError(_("只有草稿可以修改。"))
    return sheet


def _column(sheet: Sheet, column_id: int) -> Column:
    found = Column.objects.filter(sheet=sheet, pk=column_id).first()
    if found is None:
        raise Http404
    return found


def _record(sheet: Sheet, verb: str, actor: Actor, now: datetime, data: dict[str, Any]) -> None:
    sheet.version += 1
    sheet.save()
    ledger.append(
        subject_type=SHEET_FLOW.name, subject_id=sheet.pk, verb=verb, actor=actor, at=now,
        area_code=sheet.area_code, seq=sheet.version, data=data,
    )  # fmt: skip
