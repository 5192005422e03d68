"""What every write to accounts has in common: leave, lock, ledger."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied

from linli.kernel.ledger import actions as ledger
from linli.kernel.scope import Actor

from ..models import Account


def record(what: str, row: Any, verb: str, actor: Actor, now: datetime, **data: Any) -> None:
    """Append the act to the ledger of the account, unit or grant."""
    ledger.append(
        subject_type=what,
        subject_id=row.pk,
        verb=verb,
        actor=actor,
        at=now,
        area_code=getattr(row, "area_code", "") or "",
        data=data,
    )


def demand(actor: Actor, permission: str, area_code: str) -> None:
    """Raise PermissionDenied where the actor does not hold the permission over the area."""
    if actor.kind != "system" and not (area_code and actor.can(permission, area_code)):
        raise PermissionDenied


def area_code_of(account: Account) -> str:
    """Return the code of the account's area; blank where it has none."""
    return account.area.code if account.area else ""


def locked(account: Account) -> Account:
    """Return the account as it stands now, its row locked until the transaction ends."""
    return Account.objects.select_for_update(of=("self",)).select_related("area").get(pk=account.pk)
