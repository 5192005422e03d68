"""The menus of the four faces: modules plug in their entries at start-up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from ..scope import Actor

# The groups of the desk; what is used all day stands above them, in none.
CASES = _("工单办理")
GRID = _("网格与应急")
REGISTERS = _("登记册")
ADMIN = _("管理")
FEW = 12  # entries that one sees at a glance: then no group is folded


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


@dataclass(frozen=True)
class Section:
    """A group of entries with its label (blank: what stands above all groups)."""

    label: str
    entries: tuple[Entry, ...]
    opened: bool


def sections(entries: Sequence[Entry], current: str) -> list[Section]:
    """Return the entries by group; opened is the one with the key `current`, and all of a few."""
    found = []
    for label, members in groupby(entries, key=lambda entry: str(entry.group)):
        mine = tuple(members)
        here = any(entry.key == current for entry in mine)
        found.append(Section(label, mine, here or len(entries) <= FEW))
    return found


def current_of(targets: Sequence[tuple[str, str]], path: str) -> str:
    """Return the key of the entry (key, address) whose page or part this is, or blank.

    The longest address that the path begins with; that of the desk itself counts for itself only.
    """
    fits = [
        (len(address), key)
        for key, address in targets
        if path == address or (path.startswith(address) and address.count("/") > 2)
    ]
    return max(fits)[1] if fits else ""
