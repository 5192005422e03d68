"""Saved views of the person who asks; nobody sees another's."""

from __future__ import annotations

from django.db.models import QuerySet

from ..scope import Actor
from .models import SavedView


def views_of(actor: Actor, list_key: str) -> QuerySet[SavedView]:
    """Return the actor's saved views of a list by name; none for who has no account."""
    if actor.account_id is None:
        return SavedView.objects.none()
    found = SavedView.objects.filter(account_id=actor.account_id, list_key=list_key)
    return found.order_by("name")
