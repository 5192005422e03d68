"""Write many units, accounts and grants at once by COPY, with the same ledger entries as singly."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from linli.kernel.bulk import copy_rows, take_ids
from linli.kernel.ledger.actions import append_many
from linli.kernel.ledger.models import Entry
from linli.kernel.scope import Actor

from ..models import Account, GrantRow, Unit


@transaction.atomic
def load_units(*, actor: Actor, now: datetime, units: Sequence[Unit]) -> None:
    """Write new units; a `parent` must stand before its children. Their ids are set."""
    for unit, key in zip(units, take_ids(Unit, len(units)), strict=True):
        unit.pk = key
    for unit in units:
        unit.parent_id = unit.parent.pk if unit.parent else None
    copy_rows(Unit, units)
    append_many(_entry("unit", row.pk, "create", actor, now, row.area_code) for row in units)
    _analyse(Unit)


@transaction.atomic
def load_accounts(*, actor: Actor, now: datetime, accounts: Sequence[Account]) -> None:
    """Write new accounts with the password hashes they carry. Their ids are set."""
    for account, key in zip(accounts, take_ids(Account, len(accounts)), strict=True):
        account.pk = key
        account.date_joined = now
    copy_rows(Account, accounts)
    append_many(
        _entry("account", row.pk, "create", actor, now, "", kind=str(row.kind)) for row in accounts
    )
    _analyse(Account)


@transaction.atomic
def load_grants(*, actor: Actor, now: datetime, grants: Sequence[GrantRow]) -> None:
    """Write new grants to accounts that stand. Their ids are set."""
    for grant, key in zip(grants, take_ids(GrantRow, len(grants)), strict=True):
        grant.pk = key
    copy_rows(GrantRow, grants)
    append_many(_grant_entries(actor, now, grants))
    _analyse(GrantRow)


def _grant_entries(actor: Actor, now: datetime, grants: Sequence[GrantRow]) -> Iterator[Entry]:
    for row in grants:
        yield _entry(
            "grant", row.pk, "grant", actor, now, row.area_code,
            role=row.role, account=row.account_id,
        )  # fmt: skip


def _entry(
    what: str, pk: int, verb: str, actor: Actor, now: datetime, area_code: str, **data: Any
) -> Entry:
    return Entry(
        subject_type=what,
        subject_id=pk,
        seq=1,
        verb=verb,
        actor_kind=actor.kind,
        actor_id=actor.account_id,
        area_code=area_code,
        at=now,
        data=data,
    )


def _analyse(model: type[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {model._meta.db_table}")
