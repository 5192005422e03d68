"""Who may do what to accounts: three administrators, three separate powers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from factories import MONDAY, make_area, make_staff, make_unit
from linli.base.accounts import actions
from linli.base.accounts.models import Account, GrantRow
from linli.base.accounts.queries import account_names, actor_of, unit_for, visible_accounts
from linli.kernel.ledger.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    district, east, west = make_area("370705"), make_area("370705001"), make_area("370705002")

    def admin(role, area):
        account = make_staff(role, area)
        return account, actor_of(account)

    class World:
        areas = (district, east, west)
        unit = make_unit("community", make_area("370705001001"))
        worker = make_staff("community_worker", make_area("370705001001"))
        stranger = make_staff("community_worker", make_area("370705002001"))
        system = admin("system_admin", district)
        security = admin("security_admin", district)
        audit = admin("audit_admin", district)
        east_security = admin("security_admin", east)

    return World


def test_each_administrator_has_their_own_power(world):
    (_d, east, _w) = world.areas
    grant = {"account": world.worker, "role": "window_clerk", "area": east, "now": MONDAY}
    for _account, actor in (world.system, world.audit):
        with pytest.raises(PermissionDenied):
            actions.grant_role(actor=actor, **grant)
        with pytest.raises(PermissionDenied):
            actions.lock(actor=actor, now=MONDAY, account=world.worker)
    row = actions.grant_role(actor=world.security[1], **grant)
    assert Entry.objects.get(subject_type="grant", subject_id=row.pk).verb == "grant"
    for _account, actor in (world.security, world.audit):
        with pytest.raises(PermissionDenied):
            actions.create_staff(
                actor=actor, now=MONDAY, username="n", name="n", password=None, unit=world.unit
            )
        with pytest.raises(PermissionDenied):
            actions.set_password(
                actor=actor, now=MONDAY, account=world.worker, password="Other-Pass-1"
            )
    made = actions.create_staff(
        actor=world.system[1], now=MONDAY, username="n", name="n", password=None, unit=world.unit
    )
    assert made.area == world.unit.area


def test_nobody_changes_their_own_grants_or_closes_their_own_account(world):
    account, actor = world.security
    with pytest.raises(ValidationError, match="自己"):
        actions.grant_role(
            actor=actor, now=MONDAY, account=account, role="district_lead", area=world.areas[0]
        )
    with pytest.raises(ValidationError, match="自己"):
        actions.end_grant(actor=actor, now=MONDAY, grant=account.grants.get())
    with pytest.raises(ValidationError, match="自己"):
        actions.lock(actor=actor, now=MONDAY, account=account)


def test_no_one_holds_two_administrators_roles(world):
    with pytest.raises(ValidationError, match="不同的人"):
        actions.grant_role(
            actor=world.security[1], now=MONDAY, account=world.system[0], role="audit_admin",
            area=world.areas[1],
        )  # fmt: skip


def test_a_grant_stands_once_and_ends_at_once(world):
    give = {
        "actor": world.security[1], "now": MONDAY, "account": world.worker,
        "role": "window_clerk", "area": world.areas[1],
    }  # fmt: skip
    row = actions.grant_role(**give)
    with pytest.raises(ValidationError, match="已授予"):
        actions.grant_role(**give)
    actions.end_grant(actor=world.security[1], now=MONDAY, grant=row)
    row.refresh_from_db()
    assert row.valid_to == MONDAY.date() - timedelta(days=1)
    again = actions.grant_role(**give)  # on the same day
    assert GrantRow.objects.get(pk=again.pk).valid_to is None
    verbs = Entry.objects.filter(subject_type="grant", subject_id=row.pk).order_by("seq")
    assert list(verbs.values_list("verb", flat=True)) == ["grant", "end", "grant"]


def test_a_security_administrator_of_one_subdistrict_has_no_say_in_another(world):
    _account, actor = world.east_security
    assert world.worker in visible_accounts(actor)
    assert world.stranger not in visible_accounts(actor)
    with pytest.raises(PermissionDenied):
        actions.lock(actor=actor, now=MONDAY, account=world.stranger)
    with pytest.raises(PermissionDenied):
        actions.grant_role(
            actor=actor, now=MONDAY, account=world.worker, role="window_clerk",
            area=world.areas[2],
        )  # fmt: skip


def test_those_without_the_permission_see_no_accounts(world):
    assert not visible_accounts(actor_of(world.worker)).exists()


def test_closing_and_opening_an_account(world):
    actions.lock(actor=world.security[1], now=MONDAY, account=world.worker)
    assert not Account.objects.get(pk=world.worker.pk).is_active
    actions.unlock(actor=world.security[1], now=MONDAY, account=world.worker)
    assert Account.objects.get(pk=world.worker.pk).is_active


def test_a_move_to_another_unit_is_recorded(world):
    actions.move_post(actor=world.system[1], now=MONDAY, account=world.worker, unit=world.unit)
    entry = Entry.objects.get(subject_type="account", subject_id=world.worker.pk)
    assert (entry.verb, entry.data) == ("move_post", {"unit": world.unit.pk, "was_unit": None})


@pytest.mark.parametrize("password", ["short1A", "alllowercase", "12345678", "password1234"])
def test_simple_passwords_are_refused(world, password):
    with pytest.raises(ValidationError):
        actions.set_password(
            actor=world.system[1], now=MONDAY, account=world.worker, password=password
        )


def test_names_cost_one_query(world, django_assert_num_queries):
    ids = [world.worker.pk, world.stranger.pk, 10**9]
    with django_assert_num_queries(1):
        names = account_names(ids)
    assert names == {ids[0]: world.worker.name, ids[1]: world.stranger.name, ids[2]: ""}
    with django_assert_num_queries(0):
        account_names(ids)


def test_the_nearest_unit_above_is_found(world):
    assert unit_for("community", "370705001001005") == world.unit
    assert unit_for("community", "370705002") is None
