"""What a list shows: its columns, its orders, and which of them leave in an export."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..scope import Actor


@dataclass(frozen=True)
class Column:
    """One column. `text` gives the plain value of a row, for screen, export and print.

    `mask` is applied to the value where the viewer lacks `permission` (without a mask: "***").
    `html` draws the value on the screen instead of `text`; it must return safe markup, and is
    not used where the value is masked.
    """

    key: str
    label: Any
    text: Callable[[Any], Any]
    permission: str = ""
    mask: Callable[[str], str] | None = None
    exported: bool = True
    html: Callable[[Any], Any] | None = None

    def hidden_from(self, actor: Actor) -> bool:
        """Tell whether this viewer gets the value masked only."""
        return bool(self.permission) and not actor.can(self.permission)

    def masked(self, row: Any) -> str:
        """Return the value as someone without permission sees it; blank stays blank."""
        value = self.text(row)
        if value is None or value == "":
            return ""
        return self.mask(str(value)) if self.mask else "***"


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
    """A list: its columns, orders (the first is the usual one), and how many rows a page has.

    `href` gives the address of a row; `shown` names the filters that stand open above the list;
    `private` those whose values must not stand in an address (see `listing.private`).
    """

    key: str
    columns: tuple[Column, ...]
    orders: tuple[Order, ...]
    size: int = 50
    href: Callable[[Any], str] | None = None
    shown: tuple[str, ...] = ()
    private: tuple[str, ...] = ()

    def order(self, key: str) -> Order:
        """Return the order with this key, or the usual one."""
        return next((order for order in self.orders if order.key == key), self.orders[0])
