from __future__ import annotations

import pytest
from django.test import Client

from factories import MONDAY, make_area
from linli.base.accounts import demo
from linli.base.accounts.actions import create_staff, create_unit, grant_role
from linli.base.accounts.demo_staff import short_name
from linli.base.accounts.models import Account, GrantRow, Unit
from linli.base.accounts.policies import ROLES
from linli.kernel.ledger.models import Entry
from linli.kernel.scope import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    for sub in (1, 2):
        for community in (1, 2):
            for grid in (1, 2, 3):
                make_area(f"370705{sub:03d}{community:03d}{grid:03d}")
    return demo.load_demo(now=MONDAY, target=240)


def test_every_role_has_a_named_log_in_in_places_that_belong_together(town):
    named = {login.role: Account.objects.get(username=login.username) for login in demo.DEMO_LOGINS}
    assert set(named) == set(ROLES)
    grid = named["grid_worker"]
    assert grid.area.code.startswith(named["community_worker"].area.code)
    assert grid.area.code.startswith(named["subdistrict_dispatcher"].area.code)
    assert named["department_handler"].unit.line == "urban"
    for role, account in named.items():
        assert account.grants.get().role == role
        assert account.check_password(demo.DEMO_LOGINS[0].password)


def test_every_place_has_a_unit_and_people(town):
    assert Unit.objects.count() == town["units"] == 1 + 18 + 2 + 4 + 12
    assert Account.objects.filter(kind="staff").count() == town["staff"]
    for unit in Unit.objects.exclude(kind="district"):
        assert Account.objects.filter(unit=unit).exists(), unit
    grid = Unit.objects.filter(kind="grid").first()
    assert grid.parent.kind == "community"
    assert grid.parent.parent.kind == "subdistrict"


def test_loading_again_changes_nothing(town):
    assert demo.load_demo(now=MONDAY) == {"units": 0, "staff": 0}
    assert GrantRow.objects.count() == town["staff"]


def test_the_bulk_path_writes_the_ledger_as_the_actions_do(town):
    area = make_area("370705001")
    unit = create_unit(actor=SYSTEM, now=MONDAY, kind="subdistrict", code="X", name="x", area=area)
    account = create_staff(
        actor=SYSTEM, now=MONDAY, username="single", name="单个", password=None, unit=unit
    )
    grant = grant_role(actor=SYSTEM, now=MONDAY, account=account, role="window_clerk", area=area)
    pairs = [
        ("unit", unit.pk, Unit.objects.get(kind="subdistrict", area=area, active=True, line="",
                                           code__startswith="SU").pk),
        ("account", account.pk, Account.objects.get(username="window").pk),
        ("grant", grant.pk, GrantRow.objects.get(account__username="window").pk),
    ]  # fmt: skip
    for kind, single, bulk in pairs:
        one, many = (Entry.objects.get(subject_type=kind, subject_id=pk) for pk in (single, bulk))
        assert (one.verb, one.seq, one.actor_kind, one.area_code) == (
            many.verb, many.seq, many.actor_kind, many.area_code,
        )  # fmt: skip
        assert one.data.keys() == many.data.keys()


def test_a_named_log_in_works(town, settings):
    settings.STAFF_SECOND_FACTOR = False
    login = demo.DEMO_LOGINS[0]
    data = {"username": login.username, "password": login.password}
    assert Client().post("/staff/login/", data).url == "/desk/"


@pytest.mark.parametrize(
    ("name", "short"),
    [("中学街社区居民委员会", "中学街"), ("一社区", "一"), ("前村村民委员会", "前村")],
)
def test_a_centre_is_called_after_its_community_not_after_the_committee(name, short):
    assert short_name(name) == short
