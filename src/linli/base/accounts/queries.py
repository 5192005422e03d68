"""Read accounts, units and grants."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils import timezone

from linli.kernel.scope import ANONYMOUS, Actor, Grant

from .models import Account, AccountKind, GrantRow


def actor_of(user: Any) -> Actor:
    """Return the actor for a logged-in account (grants in force today), or ANONYMOUS."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return ANONYMOUS
    if user.kind == AccountKind.RESIDENT:
        return Actor(kind="resident", account_id=user.pk, name=user.name)
    today = timezone.localdate()
    rows = GrantRow.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=today), account=user, valid_from__lte=today
    )
    return Actor(
        kind="staff",
        account_id=user.pk,
        name=str(user),
        grants=tuple(Grant(row.role, row.area_code, frozenset(row.lines)) for row in rows),
        unit_ids=frozenset({user.unit_id} if user.unit_id else ()),
    )


def account_name(account_id: int) -> str:
    """Return the name to show for an account; blank where there is none."""
    found = Account.objects.filter(pk=account_id).only("name", "username").first()
    return str(found) if found else ""
