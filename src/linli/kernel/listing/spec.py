"""What a list shows: its columns, its orders, and which of them leave in an export."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Column:
    """One column. `text` gives the plain value of a row, for export and print.

    `mask` is applied to the value where the viewer lacks `permission`.
    """

    key: str
    label: Any
    text: Callable[[Any], Any]
    permission: str = ""
    mask: Callable[[str], str] | None = None
    exported: bool = True


@dataclass(frozen=True)
class Order:
    """An order rows can be shown in: the field it follows, ties by key. Blank values come last."""

    key: str
    label: Any
    field: str
    descending: bool = False
    nullable: bool = False


@dataclass(frozen=True)
class Spec:
    """A list: its columns, orders (the first is the usual one), and how many rows a page has."""

    key: str
    columns: tuple[Column, ...]
    orders: tuple[Order, ...]
    size: int = 50

    def order(self, key: str) -> Order:
        """Return the order with this key, or the usual one."""
        return next((order for order in self.orders if order.key == key), self.orders[0])
