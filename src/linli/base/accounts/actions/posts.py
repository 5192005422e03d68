"""Move people between posts, close and open accounts."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from linli.kernel.scope import Actor

from ..models import Account, Unit
from .record import area_code_of, demand, locked, record


@transaction.atomic
def move_post(
    *, actor: Actor, now: datetime, account: Account, unit: Unit, title: str = ""
) -> Account:
    """Move a member of staff to another unit; grants are another person's decision and stay."""
    demand(actor, "accounts.manage", area_code_of(account))
    demand(actor, "accounts.manage", unit.area_code)
    if not unit.active:
        raise ValidationError({"unit": _("该单位已停用。")})
    row = locked(account)
    before = row.unit_id
    row.unit, row.area, row.title = unit, unit.area, title or row.title
    row.save(update_fields=["unit", "area", "title"])
    record("account", row, "move_post", actor, now, unit=unit.pk, was_unit=before)
    return row


@transaction.atomic
def lock(*, actor: Actor, now: datetime, account: Account) -> None:
    """Close an account at once: its sessions end with the next request."""
    demand(actor, "accounts.unlock", area_code_of(account))
    if actor.account_id == account.pk:
        raise ValidationError(_("不能停用自己的账户。"))
    row = locked(account)
    row.is_active = False
    row.save(update_fields=["is_active"])
    record("account", row, "lock", actor, now)


@transaction.atomic
def unlock(*, actor: Actor, now: datetime, account: Account) -> None:
    """Open a closed account, or one that is locked after failed log-ins before its time."""
    demand(actor, "accounts.unlock", area_code_of(account))
    row = locked(account)
    row.is_active, row.locked_until, row.failed_logins = True, None, 0
    row.save(update_fields=["is_active", "locked_until", "failed_logins"])
    record("account", row, "unlock", actor, now)
