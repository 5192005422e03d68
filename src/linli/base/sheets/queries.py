"""Read sheets: who asks what, and what a community owes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from linli.kernel.scope import Actor, within

from ..areas.models import Area, Level
from ..areas.queries import in_force
from .models import WRITABLE, Cell, Column, Kind, Part, PartState, Sheet, SheetState

COMMUNITY = 12  # digits of its code


def visible_sheets(actor: Actor) -> QuerySet[Sheet]:
    """Return the sheets the actor asks, admits or oversees; fails closed.

    A draft is seen by who asks it alone.
    """
    if actor.kind == "system":
        return Sheet.objects.all()
    if not actor.is_staff:
        return Sheet.objects.none()
    own = Q(pk__in=[])
    if actor.can("sheets.ask"):
        own = Q(asker_id=actor.account_id) | Q(unit_id__in=actor.unit_ids)
    codes = (*actor.areas("sheets.admit"), *actor.areas("sheets.view"))
    return Sheet.objects.filter(own | (within(codes) & ~Q(state=SheetState.DRAFT)))


def listed_sheets(actor: Actor) -> QuerySet[Sheet]:
    """Return what the list of sheets shows."""
    rows = visible_sheets(actor).select_related("area", "asker", "unit")
    return rows.defer("area__boundary")


def get_sheet(actor: Actor, sheet_id: int) -> Sheet:
    """Return a sheet the actor may see; raises Http404 otherwise."""
    rows = visible_sheets(actor).select_related("area", "asker", "unit", "decided_by")
    return get_object_or_404(rows.defer("area__boundary"), pk=sheet_id)


def is_asker(actor: Actor, sheet: Sheet) -> bool:
    """Tell whether the sheet is the actor's own or that of a unit whose work the actor does."""
    if actor.kind == "system":
        return True
    return actor.account_id == sheet.asker_id or (
        sheet.unit_id is not None and sheet.unit_id in actor.unit_ids
    )


def visible_parts(actor: Actor) -> QuerySet[Part]:
    """Return the parts the actor fills in, asked for or oversees; fails closed."""
    if actor.kind == "system":
        return Part.objects.all()
    if not actor.is_staff:
        return Part.objects.none()
    own = within(actor.areas("sheets.fill")) | _on_the_spot(actor)
    return Part.objects.filter(own | Q(sheet__in=visible_sheets(actor).values("pk")))


def _on_the_spot(actor: Actor) -> Q:
    """Return the parts of which something is asked from the actor's grids."""
    grids = actor.areas("sheets.look")
    if not grids:
        return Q(pk__in=[])
    asking = Column.objects.filter(by_grid=True).values("sheet_id")
    communities = {code[:COMMUNITY] for code in grids}
    return Q(area_code__in=communities, sheet__in=asking)


def parts_on_the_spot(actor: Actor) -> QuerySet[Part]:
    """Return the parts under way of which something is asked from the actor's grids."""
    rows = Part.objects.filter(
        _on_the_spot(actor), sheet__state=SheetState.ADMITTED, state__in=WRITABLE, ready=True
    )
    return rows.select_related("sheet__asker", "sheet__unit").order_by("sheet__due", "pk")


def sheets_waiting(actor: Actor) -> int:
    """Return of how many sheets something is asked from the actor's grids."""
    return parts_on_the_spot(actor).count() if actor.can("sheets.look") else 0


def tasks_of(actor: Actor) -> QuerySet[Part]:
    """Return what the actor's communities owe or have answered: sheets in force first to last."""
    rows = Part.objects.filter(within(actor.areas("sheets.fill")))
    rows = rows.filter(sheet__state__in=(SheetState.ADMITTED, SheetState.CLOSED))
    rows = rows.select_related("sheet__asker", "sheet__unit", "area")
    return rows.defer("area__boundary")


def get_part(actor: Actor, part_id: int) -> Part:
    """Return a part the actor may see; raises Http404 otherwise."""
    rows = visible_parts(actor).select_related("sheet__asker", "sheet__unit", "area", "worker")
    return get_object_or_404(rows.defer("area__boundary"), pk=part_id)


def columns_of(sheet_id: int) -> list[Column]:
    """Return a sheet's columns in order."""
    return list(Column.objects.filter(sheet_id=sheet_id))


def cells_of(part: Part) -> dict[int, Cell]:
    """Return a part's cells by column, with who typed them."""
    return {row.column_id: row for row in Cell.objects.filter(part=part).select_related("by")}


def asked_columns(columns: Iterable[Column]) -> list[Column]:
    """Return the columns that have cells."""
    return [column for column in columns if column.kind != Kind.NOTE]


def communities_of(area_code: str) -> list[Area]:
    """Return the communities in force of an area (or the one it is)."""
    rows = in_force().filter(within([area_code], "code"), level=Level.COMMUNITY)
    return list(rows.order_by("code"))


def areas_to_ask(actor: Actor) -> list[Area]:
    """Return the areas whose communities the actor may ask, from the widest down."""
    levels = (Level.DISTRICT, Level.SUBDISTRICT, Level.COMMUNITY)
    rows = in_force().filter(within(actor.areas("sheets.ask"), "code"), level__in=levels)
    return list(rows.order_by("code"))


def grids_of(area_code: str) -> list[tuple[str, str]]:
    """Return the grids of a community as choices."""
    rows = in_force().filter(within([area_code], "code"), level=Level.GRID)
    return list(rows.order_by("code").values_list("code", "name"))


def missing(part: Part, filled: Iterable[int]) -> list[Column]:
    """Return the required columns of a part that have no value yet."""
    have = set(filled)
    return [
        column
        for column in asked_columns(columns_of(part.sheet_id))
        if column.required and column.pk not in have
    ]


def known_values(part: Part) -> set[int]:
    """Return the columns of which the part has a value."""
    return set(Cell.objects.filter(part=part).values_list("column_id", flat=True))


def waiting(actor: Actor) -> dict[str, int]:
    """Return how many parts the actor's communities still owe, and how many came back."""
    rows = tasks_of(actor).filter(sheet__state=SheetState.ADMITTED)
    states: list[Any] = list(rows.values_list("state", flat=True))
    return {
        "open": states.count(PartState.OPEN),
        "sent_back": states.count(PartState.SENT_BACK),
    }


def fill_form(part: Part, data: Any = None, *, strict: bool) -> Any:
    """Return the form for a part's cells to type (see `filling.FillForm`), with what is typed."""
    from .filling import FillForm

    cells = cells_of(part)
    columns = [
        column
        for column in asked_columns(columns_of(part.sheet_id))
        if column.pk not in cells or not cells[column.pk].source
    ]
    initial = {column.field: cells[column.pk].value for column in columns if column.pk in cells}
    wanted = any(column.kind == Kind.AREA for column in columns)
    grids = grids_of(part.area_code) if wanted else []
    return FillForm(data, columns=columns, grids=grids, strict=strict, initial=initial)
