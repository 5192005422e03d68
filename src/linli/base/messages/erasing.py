"""What the outbox holds of a person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from ..people.erasable import Item, Part
from ..people.models import Resident
from ..people.retained import Kind, held
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


def _due(edge: datetime) -> QuerySet[Message]:
    """Return the messages made before the edge that still have a text, but those on hold."""
    people = Resident.objects.filter(pk__in=held())
    phones = people.exclude(phone_index="").values("phone_index")
    accounts = people.exclude(account=None).values("account_id")
    rows = Message.objects.filter(created_at__lt=edge, body__blank=False)
    rows = rows.exclude(state__in=(MessageState.QUEUED, MessageState.SENDING))
    return rows.exclude(phone_index__in=phones).exclude(
        Q(account__isnull=False) & Q(account__in=accounts)
    )


def _empty(keys: Sequence[int], _now: datetime) -> None:
    Message.objects.filter(pk__in=keys).update(
        body="", phone="", phone_index="", link="", provider_id=""
    )


LOGS = _("《网络安全法》第二十一条（日志留存不少于六个月）、《个人信息保护法》第十九条")
TEXTS = Kind(
    "messages.texts", _("短信和站内消息的内容"), _("清空内容和号码，保留何时发过哪种消息"), LOGS,
    183, 365, 1095, _due, _empty,
)  # fmt: skip
MESSAGES_PART = Part(review, erase, 70)
