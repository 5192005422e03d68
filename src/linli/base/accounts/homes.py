"""Where a member of staff lands after logging in: doors plug in the home of a role."""

from __future__ import annotations

from linli.kernel.scope import Actor

_HOMES: dict[str, str] = {}
DESK = "/desk/"


def register_home(role: str, address: str) -> None:
    """Plug in the first page of people who hold only this role; a duplicate raises."""
    if role in _HOMES:
        raise RuntimeError(f"the home of {role} stands twice")
    _HOMES[role] = address


def home_of(actor: Actor) -> str:
    """Return the first page for someone: that of their only role, else the desk."""
    roles = actor.roles
    return _HOMES.get(next(iter(roles)), DESK) if len(roles) == 1 else DESK
