"""What moves along when an area ends or its border moves: modules plug in their movers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from linli.kernel.scope import Actor

from .models import Area

# From a point (WGS 84) to the grid that holds it now, among those the act touched.
Locate = Callable[[float, float], Area | None]
# (old, new areas, locate, now, actor) -> how many rows moved.
#
# `old` is the area as it was: its `code` and `name` are those before the act. The first of the new
# areas is the chief heir. Where only a border, name or code changed, `old` and an heir have the
# same key. What is finished keeps what was recorded; only what is open or in force moves.
Mover = Callable[[Area, Sequence[Area], Locate, datetime, Actor], int]

_MOVERS: dict[str, Mover] = {}
_LABELS: dict[str, Any] = {}


def register_mover(name: str, function: Mover, label: Any) -> None:
    """Plug in what moves rows of one kind; call it from AppConfig.ready(). A duplicate raises.

    Movers run in the act's transaction, in the order in which they were plugged in. `label` is
    what people call such rows; the page that shows what an act moves counts them under it.
    """
    if name in _MOVERS:
        raise RuntimeError(f"the mover of {name} stands twice")
    _MOVERS[name], _LABELS[name] = function, label


def moved_in_words(moved: Mapping[str, int]) -> list[tuple[Any, int]]:
    """Return (what, how many) for the counts of an act, in the movers' order."""
    return [(label, moved.get(name, 0)) for name, label in _LABELS.items()]


def movers() -> dict[str, Mover]:
    """Return the movers by name, in order."""
    return dict(_MOVERS)
