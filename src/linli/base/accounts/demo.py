"""The demonstration's units and staff: the same people every time."""

from __future__ import annotations

from datetime import datetime
from random import Random

from django.contrib.auth.hashers import make_password
from django.db import transaction

from linli.kernel.scope import SYSTEM

from ..areas.models import Area
from .actions.bulk import load_accounts, load_grants, load_units
from .demo_logins import DEMO_LOGINS, DEMO_RESIDENT, DEMO_RESIDENT_PHONE, PASSWORD, DemoLogin
from .demo_staff import draw_posts, draw_units, hire
from .models import Account

__all__ = ["DEMO_LOGINS", "DEMO_RESIDENT", "DEMO_RESIDENT_PHONE", "DemoLogin", "load_demo"]

SEED = 370705


@transaction.atomic
def load_demo(*, now: datetime, target: int = 2000) -> dict[str, int]:
    """Load units and some `target` members of staff on the areas that stand; return the counts.

    Call it after the areas. Nothing happens where the demonstration's log-ins stand already.
    All log in with the same password, so it must never be loaded into a real district.
    """
    if Account.objects.filter(username=DEMO_LOGINS[0].username).exists():
        return {"units": 0, "staff": 0}
    areas = list(Area.objects.filter(valid_to=None).defer("boundary").order_by("code"))
    units = draw_units(areas)
    load_units(actor=SYSTEM, now=now, units=units)
    posts = draw_posts(units, target)
    rng = Random(SEED)  # noqa: S311 - invented people, no secret
    accounts, grants = hire(posts, rng, make_password(PASSWORD), now)
    for account in accounts:
        account.unit_id = account.unit.pk if account.unit else None
    load_accounts(actor=SYSTEM, now=now, accounts=accounts)
    for account, grant in zip(accounts, grants, strict=True):
        grant.account_id = account.pk
    load_grants(actor=SYSTEM, now=now, grants=grants)
    return {"units": len(units), "staff": len(accounts)}
