"""The list of sheets: its columns and orders."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linli.kernel.listing.spec import Column, Order, Spec
from linli.kernel.ui.templatetags.ui import state_badge

from .filling import shown
from .models import Column as SheetColumn
from .models import Part, Row, Sheet


def _asker(row: Sheet) -> str:
    return str(row.unit or row.asker)


SHEETS = Spec(
    key="sheets",
    columns=(
        Column("title", _("表名"), lambda row: row.title),
        Column("asker", _("谁要"), _asker),
        Column("area", _("要哪里填"), lambda row: row.area.short_name),
        Column("due", _("截止日期"), lambda row: f"{row.due}"),
        Column("state", _("状态"), lambda row: row.get_state_display(),
               html=lambda row: state_badge(row.state, row.get_state_display())),
    ),
    orders=(
        Order("due", _("截止晚的在前"), "due", descending=True),
        Order("soon", _("截止早的在前"), "due"),
    ),
    href=lambda row: reverse("sheets:sheet", args=[row.pk]),
)  # fmt: skip


def narrow(rows: QuerySet[Sheet], clean: Mapping[str, Any]) -> QuerySet[Sheet]:
    """Apply the filters."""
    if clean["state"]:
        rows = rows.filter(state=clean["state"])
    return rows.filter(title__icontains=clean["title"]) if clean["title"] else rows


def _filled(row: Part) -> str:
    return f"{row.share}%"


def progress_spec(columns: Iterable[SheetColumn], today: date) -> Spec:
    """Return the list of a sheet's parts: how far each is, and its cells for the export.

    Rows need their `values` fetched along.
    """

    def state(row: Part) -> str:
        return row.get_state_display() + (_late() if row.late(today) else "")

    def badge(row: Part) -> SafeString:
        late = format_html(' <strong class="text-danger">{}</strong>', _late())
        return format_html(
            "{}{}", state_badge(row.state, row.get_state_display()), late if row.late(today) else ""
        )

    return Spec(
        key="sheet_parts",
        columns=(
            Column("community", _("社区"), lambda row: row.area.short_name),
            Column("state", _("状态"), state, html=badge),
            Column("filled", _("已有"), _filled),
            Column("at", _("上报时间"), lambda row: row.handed_in_at),
            Column("worker", _("填报人"), lambda row: str(row.worker) if row.worker else ""),
            *(_cell_column(column) for column in columns),
        ),
        orders=(
            Order("code", _("按社区"), "asked_code"),
            Order("at", _("最近上报的在前"), "handed_in_at", descending=True, nullable=True),
        ),
        href=lambda row: reverse("sheets:part", args=[row.pk]),
    )  # fmt: skip


def rows_spec(sheet: Sheet, columns: list[SheetColumn], labels: Mapping[int, str]) -> Spec:
    """Return the workbook of a sheet with many lines; rows need `part__area` and `cells`."""

    def cell(column: SheetColumn) -> Column:
        def text(row: Row) -> str:
            values = {found.column_id: found.value for found in row.cells.all()}
            return shown(column, values.get(column.pk, ""))

        return Column(f"c{column.pk}", column.title, text)

    return Spec(
        key="sheet_rows",
        columns=(
            Column("community", _("社区"), lambda row: row.part.area.short_name),
            Column("label", sheet.row_name, lambda row: labels.get(row.ref, "")),
            Column("state", _("状态"), lambda row: row.part.get_state_display()),
            *(cell(column) for column in columns),
        ),
        orders=(Order("code", _("按社区"), "part_id"),),
    )  # fmt: skip


def narrow_rows(rows: QuerySet[Row], clean: Mapping[str, Any]) -> QuerySet[Row]:
    """Apply the filters of the parts to their lines."""
    return rows.filter(part__state=clean["state"]) if clean["state"] else rows


def _late() -> str:
    return gettext("，已逾期")


def _cell_column(column: SheetColumn) -> Column:
    def text(row: Part) -> str:
        values = {cell.column_id: cell.value for cell in row.values.all()}
        return shown(column, values.get(column.pk, ""))

    return Column(f"c{column.pk}", column.title, text)


def narrow_parts(rows: QuerySet[Part], clean: Mapping[str, Any]) -> QuerySet[Part]:
    """Apply the filters."""
    return rows.filter(state=clean["state"]) if clean["state"] else rows
