"""The menus of the four faces: modules plug in their entries at start-up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..scope import Actor


@dataclass(frozen=True)
class Entry:
    """One menu entry; shown where the actor holds `permission` anywhere (None: to everyone).

    `shortcut` is the single key that opens it on the desk, or blank.
    """

    key: str
    label: Any
    url_name: str
    icon: str
    face: str
    permission: str | None
    order: int
    group: Any
    shortcut: str = ""


_ENTRIES: dict[tuple[str, str], Entry] = {}


def register_menu(
    key: str,
    label: Any,
    url_name: str,
    icon: str,
    *,
    face: str = "desk",
    permission: str | None = None,
    order: int = 100,
    group: Any = "",
    shortcut: str = "",
) -> None:
    """Plug in a menu entry; call it from AppConfig.ready(). A duplicate key of a face raises,
    and so does a shortcut that another entry of the face has.
    """
    if (face, key) in _ENTRIES:
        raise RuntimeError(f"menu entry {face}/{key} stands twice")
    taken = {entry.shortcut for entry in _ENTRIES.values() if entry.face == face}
    if shortcut and shortcut in taken:
        raise RuntimeError(f"shortcut {face}/{shortcut} stands twice")
    _ENTRIES[(face, key)] = Entry(
        key, label, url_name, icon, face, permission, order, group, shortcut
    )


def menu_for(actor: Actor | None, face: str) -> list[Entry]:
    """Return the entries of a face that the actor may open, in order, each group together."""
    entries = sorted(
        (
            entry
            for entry in _ENTRIES.values()
            if entry.face == face
            and (entry.permission is None or (actor is not None and actor.can(entry.permission)))
        ),
        key=lambda entry: (entry.order, entry.key),
    )
    groups = list(dict.fromkeys(str(entry.group) for entry in entries))
    return sorted(entries, key=lambda entry: groups.index(str(entry.group)))
