"""What other modules add to a resident's page: their cases, services, visits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from linli.kernel.scope import Actor

from .models import Resident


@dataclass(frozen=True)
class Item:
    """One line of a section: what, its address, when, and its state in a word."""

    title: str
    href: str = ""
    at: datetime | None = None
    state: str = ""


# (actor, resident, now) -> the lines the actor may see, the newest first.
Source = Callable[[Actor, Resident, datetime], list[Item]]


@dataclass(frozen=True)
class Section:
    """A part of the page under its own heading."""

    label: Any
    source: Source
    order: int


_SECTIONS: dict[str, Section] = {}


def register_section(key: str, label: Any, source: Source, *, order: int = 100) -> None:
    """Plug in a part of the resident's page; call it from AppConfig.ready(). A duplicate raises."""
    if key in _SECTIONS:
        raise RuntimeError(f"section {key} of the resident's page stands twice")
    _SECTIONS[key] = Section(label, source, order)


def sections_for(actor: Actor, resident: Resident, now: datetime) -> list[tuple[Any, list[Item]]]:
    """Return (heading, lines) of each part, in order, as far as the actor may see them."""
    parts = sorted(_SECTIONS.values(), key=lambda part: part.order)
    return [(part.label, part.source(actor, resident, now)) for part in parts]
