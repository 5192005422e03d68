"""What can be erased of a person, and what must stay: every module plugs in its part."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F, Func, IntegerField, QuerySet, Subquery

from .models import Resident


@dataclass(frozen=True)
class Kept:
    """Why something stays: the reason, its basis in law, and until when (None: no fixed day)."""

    reason: Any
    law: Any
    until: date | None = None


@dataclass(frozen=True)
class Item:
    """So many pieces of one kind that go, or stay for a reason."""

    key: str
    label: Any
    count: int
    kept: Kept | None = None

    @property
    def reason(self) -> Any:
        """Return why it stays; blank where it goes."""
        return self.kept.reason if self.kept else ""

    @property
    def law(self) -> Any:
        """Return the basis in law on which it stays."""
        return self.kept.law if self.kept else ""

    @property
    def until(self) -> str:
        """Return the day until which it stays; blank where there is none."""
        return self.kept.until.isoformat() if self.kept and self.kept.until else ""


@dataclass(frozen=True)
class Part:
    """What one module holds: a look at it, and the erasing of exactly what the look lets go."""

    review: Callable[[Resident, datetime], list[Item]]
    erase: Callable[[Resident, datetime], None]
    order: int


# Of these residents those with a matter still open: nothing of theirs may go.
Open = Callable[[Iterable[Resident]], set[int]]
_PARTS: dict[str, Part] = {}
_OPEN: dict[str, Open] = {}


def register_part(key: str, part: Part) -> None:
    """Plug in what a module holds of people; call it from AppConfig.ready(). A duplicate raises."""
    if key in _PARTS:
        raise RuntimeError(f"part {key} of erasure stands twice")
    _PARTS[key] = part


def register_open(key: str, function: Open) -> None:
    """Plug in who has an open matter in a module; a duplicate raises."""
    if key in _OPEN:
        raise RuntimeError(f"open matters of {key} stand twice")
    _OPEN[key] = function


def counts(resident: Resident, **rows: QuerySet[Any]) -> dict[str, int]:
    """Return how many rows each query finds, in one question to the database."""
    asked = {
        f"n_{name}": Subquery(
            found.order_by()
            .annotate(n=Func(F("pk"), function="COUNT", output_field=IntegerField()))
            .values("n")
        )
        for name, found in rows.items()
    }
    found: dict[str, Any] = Resident.objects.filter(pk=resident.pk).values(**asked).get()  # type: ignore[assignment]
    return {name: found[f"n_{name}"] for name in rows}


def parts() -> list[Part]:
    """Return every part in order: what others hold goes before the record it is found by."""
    return sorted(_PARTS.values(), key=lambda part: part.order)


def with_open_matters(residents: Iterable[Resident]) -> set[int]:
    """Return the ids of those who have something under way anywhere."""
    rows = list(residents)
    found: set[int] = set()
    for function in _OPEN.values():
        found |= function(rows)
    return found
