"""Every write to the outbox."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from ..accounts.models import Account
from .models import Channel, Message, MessageState
from .templates import render


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
) -> None:
    """Queue one message inside the caller's transaction; the same key again does nothing."""
    sent = channel == Channel.SITE
    Message.objects.bulk_create(
        [
            Message(
                key=key,
                account=account,
                phone=phone,
                channel=channel,
                template=template,
                body=render(template, params),
                link=link,
                state=MessageState.SENT if sent else MessageState.QUEUED,
                sent_at=now if sent else None,
                created_at=now,
            )
        ],
        ignore_conflicts=True,
    )


def send_login_code(*, phone: str, code: str, key: str, now: datetime) -> None:
    """Queue a one-time code; quiet hours and opt-out do not hold it back."""
    queue_message(
        key=key,
        phone=phone,
        channel=Channel.SMS,
        template="accounts.code",
        params={"code": code},
        now=now,
    )
