"""The grids and buildings a person of the field walks."""

from __future__ import annotations

from linli.base.areas.models import Area
from linli.base.areas.queries import in_force
from linli.kernel.scope import Actor, within

MOST = 300


def own_places(actor: Actor) -> list[Area]:
    """Return the grids and buildings over which the actor goes on patrol, by code."""
    rows = in_force().filter(within(actor.areas("cases.patrol"), "code"))
    rows = rows.filter(level__in=("grid", "building")).select_related("parent")
    return list(rows.defer("boundary", "parent__boundary").order_by("code")[:MOST])


def community_of(actor: Actor) -> str:
    """Return the code of the community whose grids the person's map shows."""
    codes = actor.areas("cases.patrol")
    return codes[0][:12] if codes else ""
