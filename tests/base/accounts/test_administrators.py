"""System, security and audit administrators are three people, and each can do only their part."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import permutations

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from factories import MONDAY, make_area, make_staff
from linli.base.accounts import actions
from linli.base.accounts.models import GrantRow
from linli.base.accounts.policies import ADMINISTRATORS
from linli.base.accounts.queries import actor_of
from linli.kernel.scope import SYSTEM, all_permissions

pytestmark = pytest.mark.django_db
PAIRS = sorted(permutations(sorted(ADMINISTRATORS), 2))
TODAY = MONDAY.date()
# (dates of the grant that stands, dates of the one asked for), as days from today
SPANS = [
    ((-90, None), (0, None)), ((0, None), (0, 1)), ((0, 30), (10, 20)), ((0, 30), (30, 60)),
    ((10, 20), (0, None)), ((10, 20), (0, 40)), ((-30, 0), (0, 5)),
]  # fmt: skip


def day(offset: int | None) -> date | None:
    return None if offset is None else TODAY + timedelta(days=offset)


def administrators_on(account, when: date) -> set[str]:
    rows = GrantRow.objects.filter(account=account, role__in=ADMINISTRATORS, valid_from__lte=when)
    return {row.role for row in rows if row.valid_to is None or row.valid_to >= when}


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_no_dates_let_one_account_hold_two_of_the_roles(first, second):
    district, east = make_area("370705"), make_area("370705001")
    for held, asked in SPANS:
        account = make_staff("window_clerk", district)
        actions.grant_role(
            actor=SYSTEM, now=MONDAY, account=account, role=first, area=district,
            valid_from=day(held[0]), valid_to=day(held[1]),
        )  # fmt: skip
        with pytest.raises(ValidationError, match="不同的人"):
            actions.grant_role(
                actor=SYSTEM, now=MONDAY, account=account, role=second, area=east,
                valid_from=day(asked[0]), valid_to=day(asked[1]),
            )  # fmt: skip
        for offset in range(-100, 100, 5):
            assert len(administrators_on(account, TODAY + timedelta(days=offset))) <= 1


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_who_has_laid_one_role_down_may_take_another(first, second):
    district = make_area("370705")
    account = make_staff("window_clerk", district)
    row = actions.grant_role(actor=SYSTEM, now=MONDAY, account=account, role=first, area=district)
    actions.end_grant(actor=SYSTEM, now=MONDAY, grant=row)
    actions.grant_role(actor=SYSTEM, now=MONDAY, account=account, role=second, area=district)
    assert administrators_on(account, TODAY) == {second}
    with pytest.raises(ValidationError, match="不同的人"):  # the first one is not taken up again
        actions.grant_role(actor=SYSTEM, now=MONDAY, account=account, role=first, area=district)


def test_no_permission_that_changes_something_is_shared_by_two_administrators():
    shared = {
        name: sorted(roles & ADMINISTRATORS)
        for name, roles in all_permissions().items()
        if len(roles & ADMINISTRATORS) > 1
    }
    # To see who holds what is every administrator's; nothing else is two people's.
    assert {name for name in shared if not name.endswith(".view")} <= READING, shared


# Permissions that only show: what they show is needed by more than one of the three.
READING = {"messages.log"}


@pytest.mark.parametrize("role", sorted(ADMINISTRATORS))
def test_each_administrator_can_do_only_their_part(role):
    cache.clear()
    district = make_area("370705")
    account, other = make_staff(role, district), make_staff("window_clerk", district)
    actor = actor_of(account)
    acts = {
        "system_admin": lambda: actions.create_staff(
            actor=actor, now=MONDAY, username="new", name="新人", password=None, area=district
        ),
        "security_admin": lambda: actions.grant_role(
            actor=actor, now=MONDAY, account=other, role="hotline_agent", area=district
        ),
    }
    for owner, act in acts.items():
        if owner == role:
            act()
        else:
            with pytest.raises(PermissionDenied):
                act()
    client = Client()
    client.force_login(account)
    allowed = {
        "/desk/accounts/": ADMINISTRATORS,
        "/desk/accounts/new/": {"system_admin"},
        "/desk/people/looks/": {"audit_admin"},
        "/desk/people/": set(),
        "/desk/people/erasures/": set(),
    }
    for path, roles in allowed.items():
        answer = client.get(path)
        assert (answer.status_code == 200) == (role in roles), (path, answer.status_code)
