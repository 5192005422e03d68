"""Remind those who decide of requests that are due."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from linli.kernel.scope import roles_with

from ..accounts.models import Account
from ..accounts.queries import holders
from . import telling
from .changes.models import ChangeRequest, RequestState
from .erasing.models import ErasureRequest, ErasureState

BEFORE = timedelta(days=3)


def remind_deciders(*, now: datetime) -> int:
    """Tell those who decide of each request due within three days, and again when it is late.

    A late one is told to whoever answers for personal data too. Returns how many requests there
    were; the keys of the messages keep a second run silent.
    """
    asked = ChangeRequest.objects.filter(state=RequestState.ASKED, due_at__lt=now + BEFORE)
    erase = ErasureRequest.objects.filter(state=ErasureState.RECEIVED, due_at__lt=now + BEFORE)
    count = 0
    for row in asked.order_by("pk"):
        _remind(row, "request", "people.decide", f"/desk/people/requests/{row.pk}/", now)
        count += 1
    for one in erase.order_by("pk"):
        _remind(one, "erasure", "people.erase", f"/desk/people/erasures/{one.pk}/", now)
        count += 1
    return count


def _remind(row: Any, kind: str, permission: str, link: str, now: datetime) -> None:
    late = row.due_at <= now
    roles = set(roles_with(permission)) | ({"privacy_officer"} if late else set())
    people: dict[int, Account] = {
        account.pk: account
        for role in sorted(roles)
        for account in holders(role, row.area_code, now)
    }
    template = f"people.{kind}_{'late' if late else 'due'}"
    day = f"{timezone.localtime(row.due_at):%Y-%m-%d}"
    for account in people.values():
        telling.tell(
            account, template, {"day": day}, key=f"{template}:{row.pk}:{account.pk}", now=now,
            link=link,
        )  # fmt: skip


def left_of(due: datetime, now: datetime) -> str:
    """Return the days left until a request is due, or by how many it is late, in words."""
    days = (timezone.localdate(due) - timezone.localdate(now)).days
    if due <= now:
        return _("已超期%(n)d天") % {"n": max(-days, 0)}
    return _("还剩%(n)d天") % {"n": days}
