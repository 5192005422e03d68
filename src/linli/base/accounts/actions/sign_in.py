"""Staff log-in: password, lock after failures, and the record of it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.auth.hashers import check_password as check_hash
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext as _

from linli.kernel.ledger import actions as ledger
from linli.kernel.scope import Actor

from ..models import Account, AccountKind

FAILURES = 5
LOCKED_FOR = timedelta(minutes=30)


class SignInRefused(Exception):
    """The log-in was refused; `str()` says why without telling which part was wrong."""


def check_password(*, username: str, password: str, now: datetime) -> Account:
    """Return the member of staff for a right name and password; raises SignInRefused.

    Five failures in a row lock the account for 30 minutes.
    """
    wrong = _("登录名或密码不对。")
    with transaction.atomic():
        account = (
            Account.objects.select_for_update(of=("self",))
            .filter(kind=AccountKind.STAFF, username=username.strip())
            .first()
        )
        if account is None:
            make_password(password)  # the same time as a real check, so names cannot be guessed
            reason = wrong
        elif account.locked_until and account.locked_until > now:
            minutes = int((account.locked_until - now).total_seconds() // 60) + 1
            reason = _("连续输错5次，账户已锁定，请%(n)d分钟后再试，或请安全管理员解锁。") % {
                "n": minutes
            }
        elif account.is_active and check_hash(password, account.password):
            account.failed_logins, account.locked_until = 0, None
            account.save(update_fields=["failed_logins", "locked_until"])
            return account
        else:
            reason = _count_failure(account, now) or wrong
    raise SignInRefused(reason)


def _count_failure(account: Account, now: datetime) -> str:
    account.failed_logins += 1
    locked = account.failed_logins >= FAILURES
    if locked:
        account.locked_until, account.failed_logins = now + LOCKED_FOR, 0
    account.save(update_fields=["failed_logins", "locked_until"])
    return _("连续输错5次，账户已锁定30分钟。") if locked else ""


@transaction.atomic
def note_sign_in(*, account: Account, actor: Actor, now: datetime, second_factor: bool) -> None:
    """Record a completed log-in."""
    Account.objects.select_for_update(of=("self",)).get(pk=account.pk)
    ledger.append(
        subject_type="account",
        subject_id=account.pk,
        verb="sign_in",
        actor=actor,
        at=now,
        data={"second_factor": second_factor},
    )


@transaction.atomic
def unlock(*, account: Account, actor: Actor, now: datetime) -> None:
    """Unlock an account before its time."""
    locked = Account.objects.select_for_update(of=("self",)).get(pk=account.pk)
    locked.locked_until, locked.failed_logins = None, 0
    locked.save(update_fields=["locked_until", "failed_logins"])
    ledger.append(subject_type="account", subject_id=account.pk, verb="unlock", actor=actor, at=now)
