"""The cases on a resident's page."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.urls import reverse

from linli.base.people.models import Resident
from linli.base.people.sections import Item
from linli.kernel.scope import Actor

from .natures.protection import may_know_informant
from .queries import visible_cases

SHOWN = 20


def cases_of(actor: Actor, resident: Resident, _now: datetime) -> list[Item]:
    """Return what a resident reported, as far as the actor may see it, the newest first.

    A case whose reporter is protected stands here only for those who may know who it is.
    """
    condition = Q(pk__in=[])
    if resident.phone_index:
        condition |= Q(phone_index=resident.phone_index)
    if resident.account_id is not None:
        condition |= Q(reporter_id=resident.account_id)
    rows = visible_cases(actor).filter(condition).order_by("-id")
    return [
        Item(
            title=case.title,
            href=reverse("cases:detail", args=[case.number]),
            at=case.created_at,
            state=case.get_state_display(),
        )
        for case in rows.defer("text", "search")[:SHOWN]
        if not case.protected or may_know_informant(actor, case)
    ]
