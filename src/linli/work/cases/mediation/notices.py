"""What a mediator and the parties are told, and when."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils import timezone

from linli.base.accounts.models import Account
from linli.base.messages.actions import queue_message
from linli.base.messages.models import Channel

from .clocks import days_left
from .models import Confirmation, Mediation, MediationState, Obligation, Result

TEMPLATES = {
    "cases.mediation_due": "调解{number}应于{due}前办结，请安排调解或经各方同意延长。",
    "cases.mediation_owed": "调解{number}有一项义务应于{due}履行，请回访当事人并登记结果。",
    "cases.mediation_confirm": "调解{number}可在{due}前由双方共同申请司法确认，请告知当事人。",
    "cases.mediation_party": (
        "您参加的人民调解已达成协议。如需法院确认，请双方在{due}前共同申请，详询调解员。"
    ),
    "cases.mediation_ended": "工单{case}的人民调解{number}已结束：{state}。请继续办理或办结工单。",
}
WARN_MEDIATION = (5, 1, -1)  # days before the end of mediation; -1 is the day after
WARN_CONFIRM = (10, 3)
WARN_OWED = (3, 0, -1)


def link_of(mediation: Mediation) -> str:
    """Return the address of a mediation's page."""
    return f"/desk/mediation/{mediation.pk}/"


def tell(
    who: Account, template: str, mediation: Mediation, key: str, now: datetime, **more: str
) -> None:
    """Put one message on a colleague's desk, once for each key."""
    queue_message(
        key=f"mediation:{mediation.pk}:{key}:{who.pk}", account=who, channel=Channel.SITE,
        template=template, params={"number": mediation.number, **more},
        link=link_of(mediation), now=now,
    )  # fmt: skip


def remind(now: datetime) -> int:
    """Remind mediators of what comes due; return how many mediations were looked at.

    Harmless when repeated: each reminder has a key of its own.
    """
    today = timezone.localdate(now)
    return _of_mediation(today, now) + _of_performance(today, now) + _of_court(today, now)


def _of_mediation(today: date, now: datetime) -> int:
    rows = Mediation.objects.filter(due_at__isnull=False).select_related("mediator")
    rows = rows.filter(due_at__lt=now + timedelta(days=max(WARN_MEDIATION) + 1))
    for row in rows:
        if row.due_at is None:
            continue
        due = timezone.localdate(row.due_at)
        step = _reached(WARN_MEDIATION, (due - today).days)
        if step is not None:
            tell(row.mediator, "cases.mediation_due", row, f"due:{due}:{step}", now, due=_day(due))
    return len(rows)


def _of_performance(today: date, now: datetime) -> int:
    rows = Obligation.objects.filter(
        due_on__lte=today + timedelta(days=max(WARN_OWED)),
        mediation__state=MediationState.AGREED,
    ).exclude(result=Result.PERFORMED)
    for row in rows.select_related("mediation__mediator"):
        step = _reached(WARN_OWED, (row.due_on - today).days)
        if step is not None:
            tell(row.mediation.mediator, "cases.mediation_owed", row.mediation,
                 f"owed:{row.pk}:{step}", now, due=_day(row.due_on))  # fmt: skip
    return len(rows)


def _of_court(today: date, now: datetime) -> int:
    rows = Mediation.objects.filter(
        confirm_until__gte=today, confirmation=Confirmation.NONE,
        confirm_until__lte=today + timedelta(days=max(WARN_CONFIRM)),
        state__in=(MediationState.AGREED, MediationState.PERFORMED),
    )  # fmt: skip
    for row in rows.select_related("mediator").prefetch_related("parties"):
        if row.confirm_until is None:
            continue
        due = _day(row.confirm_until)
        step = _reached(WARN_CONFIRM, days_left(row.confirm_until, today))
        if step is None:
            continue
        tell(row.mediator, "cases.mediation_confirm", row, f"confirm:{step}", now, due=due)
        for party in row.parties.all():
            if party.phone:
                queue_message(
                    key=f"mediation:{row.pk}:confirm:{step}:party{party.pk}", phone=party.phone,
                    channel=Channel.SMS, template="cases.mediation_party", params={"due": due},
                    now=now,
                )  # fmt: skip
    return len(rows)


def _reached(steps: tuple[int, ...], left: int) -> int | None:
    """Return the last of the warnings whose day has come; None before the first."""
    return min((step for step in steps if left <= step), default=None)


def _day(day: date) -> str:
    return f"{day:%m月%d日}"
