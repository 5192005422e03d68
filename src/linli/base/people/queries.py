"""Read the register of residents."""

from __future__ import annotations

from django.db.models import QuerySet

from linli.kernel.scope import Actor, within
from linli.kernel.secrets.index import blind_index

from .models import Resident


def visible_residents(actor: Actor) -> QuerySet[Resident]:
    """Return the residents of the areas over which the actor may read the register."""
    if actor.kind == "system":
        return Resident.objects.all()
    return Resident.objects.filter(within(actor.areas("people.view")))


def find_by_phone(actor: Actor, phone: str) -> QuerySet[Resident]:
    """Return visible residents with exactly this phone; blank finds nobody."""
    index = blind_index(phone)
    rows = visible_residents(actor)
    return rows.filter(phone_index=index) if index else rows.none()


def find_by_id_number(actor: Actor, number: str) -> QuerySet[Resident]:
    """Return visible residents with exactly this identity number; blank finds nobody."""
    index = blind_index(number)
    rows = visible_residents(actor)
    return rows.filter(id_index=index) if index else rows.none()
