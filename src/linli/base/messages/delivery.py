"""Carry queued messages to the gateway: each once, whatever dies on the way."""

from __future__ import annotations

import logging
from collections import Counter
from datetime import datetime, time, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from ..people.queries import may_tell
from .backends import Backend, Letter, Outcome, Verdict, backend
from .models import Channel, Message, MessagePreference, MessageState

log = logging.getLogger(__name__)

BATCH = 50
BACK_OFF = tuple(timedelta(minutes=n) for n in (1, 5, 15, 60, 240))
STALE = timedelta(minutes=10)
COLUMNS = ["state", "attempts", "sent_at", "claimed_at", "not_before", "provider_id", "error"]


def deliver_due(*, now: datetime) -> int:
    """Deliver everything that is due, batch by batch; return how many messages were handled.

    Safe to run in any number of processes at once.
    """
    gateway, total = backend(), 0
    while done := _deliver_batch(gateway, now):
        total += done
    return total


def recover_stale(*, now: datetime) -> int:
    """Take up messages whose worker died between handing over and hearing the answer.

    They are queued again where the provider sends one key once; elsewhere nobody can know, so
    they are kept as uncertain for a person to look at. Returns how many there were.
    """
    rows = Message.objects.filter(state=MessageState.SENDING, claimed_at__lt=now - STALE)
    if backend().idempotent:
        return rows.update(state=MessageState.QUEUED, claimed_at=None)
    return rows.update(
        state=MessageState.UNCERTAIN, claimed_at=None, error=_("发送途中中断，是否送达不明")
    )


def _due(now: datetime) -> QuerySet[Message]:
    return Message.objects.filter(
        Q(not_before=None) | Q(not_before__lte=now), state=MessageState.QUEUED
    ).order_by("-urgent", "id")


def _deliver_batch(gateway: Backend, now: datetime) -> int:
    with transaction.atomic():
        taken = list(_due(now).select_for_update(skip_locked=True, of=("self",))[:BATCH])
        if not taken:
            return 0
        wanted, dropped = _sort_out(taken, now)
        if gateway.transactional:
            _record(wanted, gateway.send(_letters(wanted), now=now), now)
        else:
            for message in wanted:
                message.state, message.claimed_at = MessageState.SENDING, now
        _save([*wanted, *dropped])
    if not gateway.transactional and wanted:
        _hand_over(gateway, wanted, now)
    return len(taken)


def _hand_over(gateway: Backend, messages: list[Message], now: datetime) -> None:
    """Send claimed messages outside any transaction, then write down what was answered."""
    try:
        outcomes = gateway.send(_letters(messages), now=now)
        if len(outcomes) != len(messages):
            raise ValueError("a gateway must answer for each message")
    except Exception as error:
        log.exception("the gateway failed")
        verdict = Verdict.RETRY if gateway.idempotent else Verdict.UNCERTAIN
        outcomes = [Outcome(verdict, str(error)[:200])] * len(messages)
    _record(messages, outcomes, now)
    with transaction.atomic():
        _save(messages)


def _save(messages: list[Message]) -> None:
    Message.objects.bulk_update(messages, COLUMNS)
    if not settings.SHOW_CODES:  # a code that has been sent stays nowhere
        codes = [row.pk for row in messages if row.urgent and row.state == MessageState.SENT]
        Message.objects.filter(pk__in=codes).update(body="")


def _letters(messages: list[Message]) -> list[Letter]:
    return [Letter(row.pk, row.key, row.phone, row.body) for row in messages]


def _record(messages: list[Message], outcomes: list[Outcome], now: datetime) -> None:
    for message, outcome in zip(messages, outcomes, strict=True):
        message.attempts += 1
        message.claimed_at = None
        message.error, message.provider_id = outcome.error[:200], outcome.provider_id
        if outcome.verdict is Verdict.SENT:
            message.state, message.sent_at = MessageState.SENT, now
        elif outcome.verdict is Verdict.UNCERTAIN:
            message.state = MessageState.UNCERTAIN
        elif outcome.verdict is Verdict.FAILED or message.attempts > len(BACK_OFF):
            message.state = MessageState.FAILED
        else:
            message.state = MessageState.QUEUED
            message.not_before = now + BACK_OFF[message.attempts - 1]


def _sort_out(messages: list[Message], now: datetime) -> tuple[list[Message], list[Message]]:
    """Return (to send, dropped because of an opt-out or the daily limit)."""
    indexes = {row.phone_index for row in messages if not row.urgent and row.phone_index}
    if not indexes:
        return messages, []
    asked = {_asked(row) for row in messages if row.purpose}
    allowed = may_tell(asked) if asked else set()
    unwanted = set(
        MessagePreference.objects.filter(phone_index__in=indexes, sms_off=True).values_list(
            "phone_index", flat=True
        )
    )
    sent = _sent_today(indexes, now)
    wanted, dropped = [], []
    for message in messages:
        index = message.phone_index
        if message.urgent:
            wanted.append(message)
        elif message.purpose and _asked(message) not in allowed:
            dropped.append(_drop(message, _("本人没有同意或已撤回同意")))
        elif index in unwanted:
            dropped.append(_drop(message, _("本人已关闭短信")))
        elif sent[index] >= settings.MESSAGES_DAILY_LIMIT:
            dropped.append(_drop(message, _("当日短信条数已到上限")))
        else:
            sent[index] += 1
            wanted.append(message)
    return wanted, dropped


def _asked(message: Message) -> tuple[str, str, int | None]:
    return message.purpose, message.phone_index, message.account_id


def _sent_today(indexes: set[str], now: datetime) -> Counter[str]:
    today = timezone.localtime(now).date()
    start = datetime.combine(today, time.min, timezone.get_current_timezone())
    rows = (
        Message.objects.filter(
            channel=Channel.SMS,
            state=MessageState.SENT,
            phone_index__in=indexes,
            sent_at__gte=start,
            urgent=False,
        )
        .values_list("phone_index")
        .annotate(n=Count("id"))
    )
    return Counter(dict(rows))


def _drop(message: Message, reason: str) -> Message:
    message.state, message.error = MessageState.DROPPED, reason
    return message
