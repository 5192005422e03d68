"""Make and take back keys, and count what is asked."""

from __future__ import annotations

import hashlib
import secrets
from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction

from linli.base.areas.models import Area
from linli.kernel.ledger import actions as ledger
from linli.kernel.scope import Actor

from .models import ApiKey, Minute

USED_STEP = timedelta(minutes=5)


def hash_key(key: str) -> str:
    """Return the stored form of a key."""
    return hashlib.sha256(key.strip().encode()).hexdigest()


@transaction.atomic
def make_key(
    *,
    actor: Actor,
    now: datetime,
    name: str,
    area: Area,
    may_read: bool = False,
    may_read_texts: bool = False,
    may_report: bool = False,
    per_minute: int = 60,
    expires_on: date | None = None,
) -> tuple[ApiKey, str]:
    """Make a key that holds within an area; return it with its text, which nobody can show again.

    Raises PermissionDenied outside the actor's areas.
    """
    if actor.kind != "system" and not actor.can("api.manage", area.code):
        raise PermissionDenied
    text = f"linli_{secrets.token_urlsafe(30)}"
    row = ApiKey.objects.create(
        name=name, shown=text[:12], key_hash=hash_key(text), area=area, area_code=area.code,
        may_read=may_read or may_read_texts, may_read_texts=may_read_texts, may_report=may_report,
        per_minute=per_minute, expires_on=expires_on, made_by_id=actor.account_id, made_at=now,
    )  # fmt: skip
    may = [what for what in ("may_read", "may_read_texts", "may_report") if getattr(row, what)]
    ledger.append(
        subject_type="api_key", subject_id=row.pk, verb="make", actor=actor, at=now,
        area_code=area.code, data={"may": may}, seq=1,
    )  # fmt: skip
    return row, text


@transaction.atomic
def revoke_key(key_id: int, *, actor: Actor, now: datetime) -> ApiKey:
    """Take a key back, at once and for good; a second time changes nothing."""
    row = ApiKey.objects.select_for_update().get(pk=key_id)
    if actor.kind != "system" and not actor.can("api.manage", row.area_code):
        raise PermissionDenied
    if row.revoked_at is None:
        row.revoked_at = now
        row.save(update_fields=["revoked_at"])
        ledger.append(
            subject_type="api_key", subject_id=row.pk, verb="revoke", actor=actor, at=now,
            area_code=row.area_code,
        )  # fmt: skip
    return row


def count_request(asker: str, *, now: datetime) -> int:
    """Count a request of this asker; return how many it made in the running minute.

    One statement, so that no two processes lose one.
    """
    minute = now.replace(second=0, microsecond=0)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO api_minute (asker, at, count) VALUES (%s, %s, 1)"
            " ON CONFLICT (asker, at) DO UPDATE SET count = api_minute.count + 1 RETURNING count",
            [asker, minute],
        )
        return int(cursor.fetchone()[0])


def note_use(key: ApiKey, *, now: datetime) -> None:
    """Keep when a key was last used, at most once in five minutes."""
    if key.used_at is None or now - key.used_at > USED_STEP:
        ApiKey.objects.filter(pk=key.pk).update(used_at=now)


def forget_minutes(*, now: datetime) -> int:
    """Delete the counts of more than an hour ago; return how many."""
    return Minute.objects.filter(at__lt=now - timedelta(hours=1)).delete()[0]
