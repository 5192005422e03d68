"""Queue messages, keep what people want, mark what they read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from linli.kernel.scope import Actor
from linli.kernel.secrets.index import blind_index

from ..accounts.models import Account
from .models import Channel, Message, MessagePreference, MessageState
from .quiet import not_before
from .templates import render
from .waking import wake


def queue_message(
    *,
    key: str,
    channel: str,
    template: str,
    params: Mapping[str, str],
    now: datetime,
    account: Account | None = None,
    phone: str = "",
    link: str = "",
    urgent: bool = False,
    purpose: str = "",
) -> None:
    """Queue one message inside the caller's transaction; the same key again does nothing.

    An SMS without `phone` goes to the account's. `urgent` is for one-time codes and for
    calls in an emergency: quiet hours, opt-out and daily limit do not hold for it. A text with
    a `purpose` is sent only where the person allows it, asked at the moment of sending. Raises
    KeyError for an unknown template or a missing parameter, ValueError where nobody could
    receive the message.
    """
    on_site = channel == Channel.SITE
    if not on_site and account and not phone:
        phone = account.phone
    _demand_receiver(on_site, account, phone)
    message = Message(
        key=key,
        account=account,
        phone=phone,
        phone_index="" if on_site else blind_index(phone),
        channel=channel,
        template=template,
        body=render(template, params),
        link=link,
        urgent=urgent,
        purpose=purpose,
        state=MessageState.SENT if on_site else MessageState.QUEUED,
        sent_at=now if on_site else None,
        not_before=None if on_site or urgent else not_before(now),
        created_at=now,
    )
    Message.objects.bulk_create([message], ignore_conflicts=True)
    if not on_site:
        wake()


def _demand_receiver(on_site: bool, account: Account | None, phone: str) -> None:
    if on_site and account is None:
        raise ValueError("a message in the site needs an account")
    if not on_site and not phone:
        raise ValueError("an SMS needs a phone number")


def set_sms_off(*, account: Account, off: bool, now: datetime) -> None:
    """Keep whether a person wants no SMS (one-time codes come all the same)."""
    if not account.phone_index:
        return
    MessagePreference.objects.update_or_create(
        phone_index=account.phone_index,
        defaults={
            "account": account,
            "phone": account.phone,
            "sms_off": off,
            "changed_at": now,
        },
    )


@transaction.atomic
def mark_read(*, actor: Actor, now: datetime, message_id: int | None = None) -> int:
    """Mark one message of the actor's in-box as read, or all; return how many changed."""
    rows = Message.objects.filter(
        account_id=actor.account_id or 0, channel=Channel.SITE, read_at=None
    )
    if message_id is not None:
        rows = rows.filter(pk=message_id)
    return rows.update(read_at=now)


def send_login_code(*, phone: str, code: str, key: str, now: datetime) -> None:
    """Queue a one-time code; quiet hours and opt-out do not hold it back."""
    queue_message(
        key=key,
        phone=phone,
        channel=Channel.SMS,
        template="accounts.code",
        params={"code": code},
        now=now,
        urgent=True,
    )


def text_resident(
    phone: str,
    account: Account | None,
    template: str,
    params: dict[str, str],
    key: str,
    purpose: str,
    now: datetime,
) -> None:
    """Queue a text that the person may refuse, once for `key`."""
    queue_message(
        key=key, account=account, phone=phone, channel=Channel.SMS, template=template,
        params=params, now=now, purpose=purpose,
    )  # fmt: skip


def tell_resident(
    account: Account, template: str, params: dict[str, str], key: str, now: datetime, link: str
) -> None:
    """Put a message about someone's record into their in-box on the site, once for `key`."""
    queue_message(
        key=key, account=account, channel=Channel.SITE, template=template, params=params, now=now,
        link=link,
    )  # fmt: skip
