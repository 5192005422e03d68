"""What the outbox holds of a person."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from ..people.erasable import Item, Part
from ..people.models import Resident
from .models import Message, MessagePreference, MessageState


def _rows(resident: Resident) -> QuerySet[Message]:
    found = Q(pk__in=[])
    if resident.phone_index:
        found |= Q(phone_index=resident.phone_index)
    if resident.account_id is not None:
        found |= Q(account=resident.account_id)
    return Message.objects.filter(found)


def review(resident: Resident, _now: datetime) -> list[Item]:
    """Return how many messages to the person stand."""
    return [Item("messages", _("发给您的消息和短信"), _rows(resident).count())]


def erase(resident: Resident, _now: datetime) -> None:
    """Empty text and receiver of each message; those that wait are not sent any more."""
    rows = _rows(resident)
    rows.filter(state=MessageState.QUEUED).update(state=MessageState.DROPPED)
    own = Q(phone_index=resident.phone_index) & ~Q(phone_index="")
    MessagePreference.objects.filter(own | Q(account=resident.account_id or 0)).delete()
    rows.update(body="", phone="", phone_index="", link="", provider_id="", account=None)


MESSAGES_PART = Part(review, erase, 70)
