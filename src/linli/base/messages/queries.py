"""Read the outbox."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404

from linli.kernel.scope import Actor
from linli.kernel.secrets.masks import mask_phone

from .models import Channel, ConsoleDelivery, Message, MessagePreference

PAGE = 50


@dataclass(frozen=True)
class Page:
    """One page of messages, newest first; `more` is the key to go on from, or None."""

    rows: list[Message]
    more: int | None


def _page(rows: QuerySet[Message], before: int | None) -> Page:
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-id")[: PAGE + 1])
    return Page(found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None)


def inbox(actor: Actor, before: int | None = None) -> Page:
    """Return a page of the actor's own messages in the site."""
    rows = Message.objects.filter(account_id=actor.account_id or 0, channel=Channel.SITE)
    return _page(rows, before)


def get_mine(actor: Actor, message_id: int) -> Message:
    """Return one of the actor's own messages; raises Http404 for anyone else's."""
    found = Message.objects.filter(
        pk=message_id, account_id=actor.account_id or 0, channel=Channel.SITE
    ).first()
    if found is None:
        raise Http404
    return found


def unread_count(actor: Actor) -> int:
    """Return how many messages of the actor wait to be read."""
    return Message.objects.filter(
        account_id=actor.account_id or 0, channel=Channel.SITE, read_at=None
    ).count()


def sms_is_off(phone_index: str) -> bool:
    """Tell whether the owner of a phone wants no SMS."""
    return MessagePreference.objects.filter(phone_index=phone_index, sms_off=True).exists()


def log(actor: Actor) -> QuerySet[Message]:
    """Return the SMS log without texts; raises PermissionDenied."""
    if not actor.can("messages.log"):
        raise PermissionDenied
    return Message.objects.filter(channel=Channel.SMS).defer("body")


def console(limit: int = PAGE) -> list[ConsoleDelivery]:
    """Return what the console back end "sent" last, for a demonstration only."""
    found = list(ConsoleDelivery.objects.select_related("message").order_by("-id")[:limit])
    for row in found:
        row.masked = mask_phone(row.message.phone)  # type: ignore[attr-defined]
    return found
