"""Who works in the district, as far as duties need it: the accounts module plugs this in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol


@dataclass(frozen=True)
class Person:
    """A member of staff who logs in, and the area where they work or whose role they hold."""

    account_id: int
    name: str
    title: str
    phone: str
    area_code: str


class Staff(Protocol):
    """What accounts know about people."""

    def columns(self) -> dict[str, Any]:
        """Return expressions `who_name`, `who_phone`, `who_active` for rows with `account_id`."""

    def holding(self, day: date) -> Any:
        """Return an expression over areas: someone holds the grid worker's role there.

        Whoever was entered as the grid's worker before does not count: the roster goes first.
        """

    def known_at(self, codes: list[str], day: date) -> list[Person]:
        """Return those whom `holding` finds at these areas, the longest there first."""

    def offered(self, code: str) -> list[Person]:
        """Return who works at an area (of a grid: in its community), to choose from."""

    def person(self, account_id: int) -> Person | None:
        """Return an active member of staff, or None."""


_SOURCE: list[Staff] = []


def register_staff(source: Staff) -> None:
    """Plug in who works in the district; call it from AppConfig.ready(). A second call raises."""
    if _SOURCE:
        raise RuntimeError("who works in the district is plugged in already")
    _SOURCE.append(source)


def staff() -> Staff:
    """Return what was plugged in."""
    return _SOURCE[0]
