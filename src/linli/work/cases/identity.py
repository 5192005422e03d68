"""One person, whichever door they came through: the log-in and the phone are the same reporter.

Who logs in has shown that the phone is theirs, so what was reported by phone, at a window, a kiosk
or through another system under that number is theirs as well. Protected matters are left out:
others of a household may read the phone, and those matters are looked up by tracking code alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet, Subquery

from linli.base.accounts.models import Account, AccountKind

if TYPE_CHECKING:
    from linli.kernel.scope import Actor

    from .models import Case


def reported_by(account_id: int) -> Q:
    """Return the condition "this resident reported it", logged in or under their phone."""
    phone = _with_phone().filter(pk=account_id).values("phone_index")
    return Q(reporter_id=account_id) | Q(
        reporter=None, protected=False, phone_index=Subquery(phone)
    )


def is_reporter(actor: Actor, case: Case) -> bool:
    """Tell whether a resident is the one who reported a case."""
    if actor.kind != "resident" or actor.account_id is None:
        return False
    if case.reporter_id is not None:
        return case.reporter_id == actor.account_id
    account = account_of(case)
    return account is not None and account.pk == actor.account_id


def account_of(case: Case) -> Account | None:
    """Return the account of who reported a case: the one logged in, or the one with their phone."""
    if case.reporter_id is not None:
        return case.reporter
    if case.protected or not case.phone_index:
        return None
    return _with_phone().filter(phone_index=case.phone_index).order_by("pk").first()


def _with_phone() -> QuerySet[Account]:
    rows = Account.objects.filter(kind=AccountKind.RESIDENT, is_active=True)
    return rows.exclude(phone_index="")
