"""Everything the template of a list needs, from one call."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.forms import BoundField
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ..scope import Actor
from .models import SavedView
from .paging import Page, page
from .queries import views_of
from .spec import Column, Spec


@dataclass(frozen=True)
class Link:
    """Words that lead to the same list with another order or without one filter."""

    label: Any
    href: str
    current: bool = False


@dataclass(frozen=True)
class Cell:
    """One value under its column's label."""

    label: Any
    value: Any


@dataclass(frozen=True)
class Line:
    """One row: its cells, masked as this viewer may see them, and where it leads."""

    row: Any
    href: str
    cells: list[Cell]


@dataclass(frozen=True)
class Listing:
    """A list as it is shown; `ok` is false where a filter holds a bad value (answer 422)."""

    spec: Spec
    page: Page
    lines: list[Line]
    orders: list[Link]
    chips: list[Link]
    views: list[SavedView]
    sort: str
    ok: bool = True
    form: Any = None
    shown_fields: list[BoundField] = field(default_factory=list)
    other_fields: list[BoundField] = field(default_factory=list)
    more_open: bool = False
    kept: list[tuple[str, str]] = field(default_factory=list)
    may_export: bool = False

    @property
    def columns(self) -> tuple[Column, ...]:
        """Return the columns, for the head of the table."""
        return self.spec.columns


def show(
    request: HttpRequest,
    spec: Spec,
    rows: QuerySet[Any],
    *,
    filters: Any = None,
    keep: Iterable[str] = (),
    may_export: bool = False,
) -> Listing:
    """Return one page of `rows` for ui/parts/list.html.

    `rows` must hold only what the actor may see. `filters` is a bound FilterSet over them; where
    it holds a bad value, no row is shown and its form says why. `keep` names parameters that are
    no filters but belong to the address. `may_export` shows the button that hands the list over.
    """
    actor: Actor = request.actor  # type: ignore[attr-defined]
    ok = filters is None or filters.is_valid()
    wanted = rows if filters is None else (filters.qs if ok else filters.queryset.none())
    found = page(request.GET, spec, wanted)
    fields = [] if filters is None else list(filters.form)
    others = [bound for bound in fields if bound.name not in spec.shown] if spec.shown else []
    sort = found.order.key if found.order != spec.orders[0] else ""
    return Listing(
        spec=spec,
        page=found,
        lines=[_line(spec, row, actor) for row in found.rows],
        orders=_orders(request.GET, spec, found),
        chips=[] if filters is None else _chips(request.GET, fields),
        views=list(views_of(actor, spec.key)),
        sort=sort,
        ok=ok,
        form=None if filters is None else filters.form,
        shown_fields=[bound for bound in fields if bound not in others],
        other_fields=others,
        more_open=any(bound.errors or request.GET.get(bound.name) for bound in others),
        kept=[(name, request.GET[name]) for name in keep if request.GET.get(name)],
        may_export=may_export,
    )


def _line(spec: Spec, row: Any, actor: Actor) -> Line:
    cells = []
    for column in spec.columns:
        if column.hidden_from(actor):
            value: Any = column.masked(row)
        else:
            value = column.html(row) if column.html else column.text(row)
        cells.append(Cell(column.label, shown(value)))
    return Line(row, spec.href(row) if spec.href else "", cells)


def shown(value: Any) -> Any:
    """Return a value as the screen shows it: moments in local time, a dash where blank."""
    if value is None or value == "":
        return "—"
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "Y-m-d H:i")
    return value


def _orders(params: QueryDict, spec: Spec, found: Page) -> list[Link]:
    links = []
    for order in spec.orders:
        rest = params.copy()
        rest.pop("page", None)
        rest["sort"] = order.key
        links.append(Link(order.label, f"?{rest.urlencode()}", order == found.order))
    return links


def _chips(params: QueryDict, fields: list[BoundField]) -> list[Link]:
    """Return each active filter in words, with the address of the list without it."""
    chips = []
    for bound in fields:
        values = [value for value in params.getlist(bound.name) if value]
        if not values:
            continue
        rest = params.copy()
        rest.pop(bound.name, None)
        rest.pop("page", None)
        known = {str(key): str(label) for key, label in getattr(bound.field, "choices", [])}
        words = _("、").join(known.get(value, value) for value in values)
        chips.append(Link(f"{bound.label}{_('：')}{words}", f"?{rest.urlencode()}"))
    return chips
