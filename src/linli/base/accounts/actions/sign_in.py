"""Log-in of staff: password, second factor, lock after failures, and the record of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol

from django.contrib.auth.hashers import check_password as check_hash
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext as _

from linli.kernel.scope import Actor
from linli.kernel.secrets.index import blind_index

from .. import mfa
from ..models import Account, AccountKind, UnknownName
from .record import locked, record

FAILURES = 5
LOCKED_FOR = timedelta(minutes=30)


class SignInRefused(Exception):
    """The log-in was refused; `str()` says why without telling which part was wrong."""


class _Counted(Protocol):
    failed_logins: int
    locked_until: datetime | None

    def save(self, *, update_fields: list[str]) -> None: ...


def check_password(*, username: str, password: str, now: datetime) -> Account:
    """Return the member of staff for a right name and password; raises SignInRefused.

    Five failures lock a name for 30 minutes, whether it exists or not. Failures are forgotten only
    by a completed log-in (`note_sign_in`), so that a known password buys no tries at the second
    factor.
    """
    with transaction.atomic():
        account = (
            Account.objects.select_for_update(of=("self",))
            .filter(kind=AccountKind.STAFF, username=username.strip())
            .first()
        )
        counted: _Counted = account or _unknown(username, now)
        reason = _lock_left(counted, now)
        if not reason:
            stored = account.password if account and account.is_active else None
            if stored is None:
                make_password(password)  # the same time as a real check, so names stay unknown
            elif account and check_hash(password, stored):
                return account
            reason = _count_failure(counted, now) or _("登录名或密码不对。")
    raise SignInRefused(reason)


def check_second_factor(*, account: Account, code: str, now: datetime) -> None:
    """Check the code of someone whose password was right; raises SignInRefused.

    A wrong code counts as a failed log-in.
    """
    with transaction.atomic():
        row = locked(account)
        reason = _lock_left(row, now)
        if not reason:
            if row.is_active and mfa.check_second_factor(row, code, now):
                return
            wrong = _("动态验证码不对或已用过，请等下一个再试。")
            reason = _count_failure(row, now) or wrong
    raise SignInRefused(reason)


def _unknown(username: str, now: datetime) -> UnknownName:
    index = blind_index(f"name {username}")
    UnknownName.objects.get_or_create(name_index=index, defaults={"last_at": now})
    return UnknownName.objects.select_for_update().get(name_index=index)


def _lock_left(counted: _Counted, now: datetime) -> str:
    if not counted.locked_until or counted.locked_until <= now:
        return ""
    minutes = int((counted.locked_until - now).total_seconds() // 60) + 1
    return _("连续输错5次，账户已锁定，请%(n)d分钟后再试，或请安全管理员解锁。") % {"n": minutes}


def _count_failure(counted: _Counted, now: datetime) -> str:
    counted.failed_logins += 1
    shut = counted.failed_logins >= FAILURES
    if shut:
        counted.locked_until, counted.failed_logins = now + LOCKED_FOR, 0
    counted.save(update_fields=["failed_logins", "locked_until"])
    return _("连续输错5次，账户已锁定30分钟。") if shut else ""


@transaction.atomic
def note_sign_in(*, account: Account, actor: Actor, now: datetime, second_factor: bool) -> None:
    """Record a completed log-in and forget the failures before it."""
    row = locked(account)
    if row.failed_logins or row.locked_until:
        row.failed_logins, row.locked_until = 0, None
        row.save(update_fields=["failed_logins", "locked_until"])
    record("account", row, "sign_in", actor, now, second_factor=second_factor)
