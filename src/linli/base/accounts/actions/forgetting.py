"""Close a resident's account so that nothing of the person is left in it."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from linli.kernel.scope import Actor

from ..models import Account, AccountKind, LoginCode
from .record import locked, record


@transaction.atomic
def forget_resident(*, actor: Actor, now: datetime, account: Account) -> None:
    """Empty name, phone and log-in name of a resident's account and close it; sessions end.

    The row stays, so that what it reported keeps its reference. With the phone free, the same
    person may begin anew. Raises PermissionDenied for staff, or an actor other than the system.
    """
    row = locked(account)
    if actor.kind != "system" or row.kind != AccountKind.RESIDENT:
        raise PermissionDenied
    LoginCode.objects.filter(phone_index=row.phone_index).exclude(phone_index="").delete()
    row.name = row.phone = row.phone_index = row.title = ""
    row.username, row.area, row.is_active = f"gone-{row.pk}", None, False
    row.set_unusable_password()
    row.save()
    record("account", row, "forget", actor, now)
