"""Read accounts, units and grants."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from time import monotonic
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Length
from django.shortcuts import get_object_or_404
from django.utils import timezone

from linli.kernel.ledger.models import Entry
from linli.kernel.scope import ANONYMOUS, Actor, Grant, within

from .models import Account, AccountKind, GrantRow, Unit

NAMES_LAST, NAMES_MOST = 60.0, 20_000  # seconds, names
_names: dict[int, str] = {}
_names_since = [0.0]


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
        grants=tuple(
            Grant(row.role, row.area_code, frozenset(row.lines), tuple(row.past)) for row in rows
        ),
        unit_ids=frozenset({user.unit_id} if user.unit_id else ()),
    )


def account_names(ids: Iterable[int]) -> dict[int, str]:
    """Return the names to show for accounts, each looked up at most once a minute in a process."""
    wanted, moment = set(ids), monotonic()
    if moment - _names_since[0] > NAMES_LAST or len(_names) > NAMES_MOST:
        _names.clear()
        _names_since[0] = moment
    missing = wanted - _names.keys()
    if missing:
        rows = Account.objects.filter(pk__in=missing).only("name", "username")
        _names.update(dict.fromkeys(missing, "") | {row.pk: str(row) for row in rows})
    return {key: _names[key] for key in wanted}


def account_name(account_id: int) -> str:
    """Return the name to show for an account; blank where there is none."""
    return account_names([account_id])[account_id]


def visible_accounts(actor: Actor) -> QuerySet[Account]:
    """Return the staff whose place lies in the areas over which the actor reads accounts."""
    rows = Account.objects.filter(kind=AccountKind.STAFF).select_related("unit", "area")
    if actor.kind == "system":
        return rows
    return rows.filter(within(actor.areas("accounts.view"), field="area__code"))


def get_account(actor: Actor, account_id: int) -> Account:
    """Return one visible account; raises Http404 outside the actor's scope."""
    return get_object_or_404(visible_accounts(actor), pk=account_id)


def grants_of(account: Account) -> QuerySet[GrantRow]:
    """Return an account's grants, the latest first."""
    return account.grants.select_related("area").order_by("-valid_from", "-id")


def visible_units(actor: Actor) -> QuerySet[Unit]:
    """Return the units in the areas over which the actor reads accounts."""
    rows = Unit.objects.select_related("area")
    if actor.kind == "system":
        return rows
    return rows.filter(within(actor.areas("accounts.view")))


def unit_for(kind: str, area_code: str, line: str = "") -> Unit | None:
    """Return the active unit of a kind (and line) at an area, or at the nearest one above it."""
    codes = [area_code[:length] for length in (6, 9, 12, 15, 18) if length <= len(area_code)]
    rows = Unit.objects.filter(kind=kind, area_code__in=codes, active=True)
    if line:
        rows = rows.filter(line=line)
    return rows.order_by(Length("area_code").desc(), "code").first()


def search_accounts(
    actor: Actor, *, words: str = "", role: str = "", area_code: str = ""
) -> QuerySet[Account]:
    """Return visible staff by name or log-in name, role held today and area, in order of log-in."""
    rows = visible_accounts(actor)
    if words:
        rows = rows.filter(Q(name__icontains=words) | Q(username__istartswith=words))
    if area_code:
        rows = rows.filter(within((area_code,), field="area__code"))
    if role:
        today = timezone.localdate()
        held = GrantRow.objects.filter(
            Q(valid_to=None) | Q(valid_to__gte=today), role=role, valid_from__lte=today
        )
        rows = rows.filter(pk__in=held.values("account"))
    return rows.order_by("username")


def history_of(account: Account, limit: int = 100) -> list[Entry]:
    """Return what the ledger holds about an account and its grants, the latest first."""
    grants = list(account.grants.values_list("pk", flat=True))
    about = Q(subject_type="account", subject_id=account.pk)
    about |= Q(subject_type="grant", subject_id__in=grants)
    return list(Entry.objects.filter(about).order_by("-at", "-id")[:limit])


def holders(role: str, area_code: str, on: datetime) -> list[Account]:
    """Return the active staff who hold a role over a place on a day, by number."""
    day = timezone.localdate(on)
    codes = [area_code[:length] for length in (6, 9, 12, 15, 18) if length <= len(area_code)]
    held = GrantRow.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=day), role=role, area_code__in=codes, valid_from__lte=day
    )
    rows = Account.objects.filter(pk__in=held.values("account"), is_active=True)
    return list(rows.order_by("id"))
