"""Read the record of looks."""

from __future__ import annotations

from django.db.models import QuerySet

from linli.kernel.scope import Actor, within

from ..models import Case, Look
from .protection import may_know_informant

SHOWN = 20


def looks_at(actor: Actor, case: Case) -> list[Look]:
    """Return the last looks at a protected reporter, for whoever may look; else none."""
    if not case.protected or not may_know_informant(actor, case):
        return []
    rows = Look.objects.filter(case=case).select_related("actor__unit")
    return list(rows.order_by("-id")[:SHOWN])


def visible_looks(actor: Actor) -> QuerySet[Look]:
    """Return the looks at reporters in the areas whose record the actor keeps; fails closed."""
    if actor.kind == "system":
        return Look.objects.all()
    rows = Look.objects.select_related("case", "actor__unit").defer("case__text", "case__search")
    if actor.kind != "staff":
        return rows.none()
    return rows.filter(within(actor.areas("cases.looks")))
