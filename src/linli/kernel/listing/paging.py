"""Pages by key: each page starts where the last one ended, whatever the table's size."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet
from django.http import QueryDict

from . import cursor as cursors
from .spec import Order, Spec


@dataclass(frozen=True)
class Page:
    """One page of a list: its rows, the way on and back, and whether the cursor was refused."""

    rows: list[Any]
    order: Order
    next: str = ""
    previous: str = ""
    refused: bool = False
    params: str = ""


def page(params: Mapping[str, str], spec: Spec, rows: QuerySet[Any]) -> Page:
    """Return the page that `params` (sort, page) ask for; a bad cursor gives the first page."""
    order = spec.order(params.get("sort", ""))
    sort = f"{spec.key}:{order.key}"
    text, refused = params.get("page", ""), False
    value, pk, backwards = None, 0, False
    if text:
        try:
            value, pk, backwards = cursors.decode(text, sort)
        except cursors.BadCursor:
            text, refused = "", True
    wanted = ordered(rows, order, backwards=backwards)
    if text:
        wanted = wanted.filter(_beyond(order, value, pk, backwards))
    found = list(wanted[: spec.size + 1])
    more, found = len(found) > spec.size, found[: spec.size]
    if backwards:
        found.reverse()
    behind, ahead = (more, True) if backwards else (bool(text), more)
    return Page(
        rows=found,
        order=order,
        next=_cursor(sort, order, found[-1], False) if found and ahead else "",
        previous=_cursor(sort, order, found[0], True) if found and behind else "",
        refused=refused,
        params=_without_page(params),
    )


def ordered(rows: QuerySet[Any], order: Order, *, backwards: bool = False) -> QuerySet[Any]:
    """Return the rows in this order, ties by key, blank values last (or the other way round)."""
    falling = order.descending != backwards
    name = F(order.field)
    if order.nullable:
        # Blank values come last going forwards, so first going back.
        side: dict[str, Any] = {"nulls_first": True} if backwards else {"nulls_last": True}
    else:
        side = {}
    main = name.desc(**side) if falling else name.asc(**side)
    return rows.order_by(main, "-pk" if falling else "pk")


def _beyond(order: Order, value: Any, pk: int, backwards: bool) -> Q:
    falling = order.descending != backwards
    step, key = ("lt", "lt") if falling else ("gt", "gt")
    blank = Q(**{f"{order.field}__isnull": True})
    if value is None:
        same = blank & Q(**{f"pk__{key}": pk})
        return same | ~blank if backwards else same
    past = Q(**{f"{order.field}__{step}": value})
    past |= Q(**{order.field: value, f"pk__{key}": pk})
    return past | blank if order.nullable and not backwards else past


def _cursor(sort: str, order: Order, row: Any, backwards: bool) -> str:
    value = row
    for part in order.field.split("__"):
        value = getattr(value, part, None)
    return cursors.encode(sort, value, row.pk, backwards)


def _without_page(params: Mapping[str, str]) -> str:
    if isinstance(params, QueryDict):
        kept = params.copy()
        kept.pop("page", None)
        return kept.urlencode()
    return ""
