"""Scope: ranges over codes, failing closed, widest areas, business lines."""

from __future__ import annotations

import pytest

from factories import make_area
from linli.base.areas.models import Area
from linli.kernel.scope import ANONYMOUS, SYSTEM, Actor, Grant, within
from linli.kernel.scope.registry import DuplicatePermission, register_permissions


def actor(*grants: Grant) -> Actor:
    return Actor(kind="staff", account_id=1, grants=grants)


@pytest.mark.django_db
def test_a_range_holds_all_below_and_no_neighbour():
    for code in ("370705001001001", "370705002001", "370705010001", "370706"):
        make_area(code)
    found = Area.objects.filter(within(["370705001"], "code")).values_list("code", flat=True)
    assert sorted(found) == ["370705001", "370705001001", "370705001001001"]
    assert Area.objects.filter(within(["370705"], "code")).count() == 8
    assert not Area.objects.filter(within([], "code")).exists()
    assert "BETWEEN" not in str(Area.objects.filter(within(["370705"], "code")).query)


def test_permissions_follow_role_area_and_line():
    one = actor(Grant("subdistrict_dispatcher", "370705001", frozenset({"urban"})))
    assert one.can("cases.dispatch", "370705001002")
    assert not one.can("cases.dispatch", "370705002")
    assert not one.can("cases.dispatch", "370705")
    assert one.can("cases.dispatch", "370705001", "urban")
    assert not one.can("cases.dispatch", "370705001", "health")
    assert not one.can("no.such.permission", "370705001")
    assert not ANONYMOUS.can("cases.view")
    assert SYSTEM.can("cases.view")


def test_the_widest_areas_only():
    one = actor(
        Grant("subdistrict_dispatcher", "370705001001"),
        Grant("subdistrict_dispatcher", "370705001"),
        Grant("subdistrict_dispatcher", "370705003"),
    )
    assert one.areas("cases.dispatch") == ("370705001", "370705003")
    assert one.areas("accounts.manage") == ()


def test_a_permission_is_declared_once():
    with pytest.raises(DuplicatePermission):
        register_permissions({"cases.view": ("system_admin",)})
