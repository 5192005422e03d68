"""The category tree to start with."""

from __future__ import annotations

import pytest

from factories import MONDAY, START, make_area, make_case, make_district, make_unit
from linli.work.cases import setup
from linli.work.cases.catalogue import LIMITS, load_catalogue, rows
from linli.work.cases.dispatching import rule_for, unit_for
from linli.work.cases.limits import DEFAULTS, limit_for
from linli.work.cases.models import Category, DispatchRule, TimeLimit

pytestmark = pytest.mark.django_db


@pytest.fixture
def district():
    setup.forget()
    return make_area("370705", "测试区")


def test_the_table_is_a_tree_of_two_levels():
    codes = [row["code"] for row in rows()]
    assert len(codes) == len(set(codes))
    assert {code[:2] for code in codes} == {code for code in codes if len(code) == 2}
    for top in (code for code in codes if len(code) == 2):
        assert sum(code.startswith(top) for code in codes) == 9


def test_loading_again_changes_nothing(district):
    n = load_catalogue(district=district, valid_from=START)
    Category.objects.filter(code="0101").update(name="改过的名字")
    before = (Category.objects.count(), DispatchRule.objects.count(), TimeLimit.objects.count())
    load_catalogue(district=district, valid_from=START)
    assert (
        Category.objects.count(),
        DispatchRule.objects.count(),
        TimeLimit.objects.count(),
    ) == before
    assert n == 13 * 9
    assert Category.objects.get(code="0101").name == "改过的名字"


def test_routes(district):
    load_catalogue(district=district, valid_from=START)
    grid = make_unit("grid", make_area("370705001001001"))
    office = make_unit("subdistrict", make_area("370705001"))
    by_code = setup.current().by_code
    automatic = rule_for(by_code["0101"], grid.area_code, MONDAY)
    assert automatic.automatic
    assert unit_for(by_code["0101"], grid.area_code, MONDAY) == grid
    assert unit_for(by_code["0401"], grid.area_code, MONDAY) == office  # no such department yet
    planning = make_unit("department", district, line="planning")
    assert unit_for(by_code["0401"], grid.area_code, MONDAY) == planning


def test_what_goes_to_a_community_stands_on_its_list(district):
    load_catalogue(district=district, valid_from=START)
    for rule in DispatchRule.objects.filter(target__in=("grid", "community")):
        assert rule.category.on_community_list


def test_limits_equal_the_defaults_of_the_field(district):
    load_catalogue(district=district, valid_from=START)
    assert {what for what, *_ in LIMITS} == set(DEFAULTS)
    for what, limit in DEFAULTS.items():
        assert limit_for(what, MONDAY) == limit
    assert "山东" in TimeLimit.objects.get(what="ordinary").source


def test_a_case_keeps_the_category_of_its_own_district():
    world = make_district()
    load_catalogue(district=world.district, valid_from=START)
    case = make_case(world, category=Category.objects.get(code="0902")).case
    assert unit_for(case.category, case.area_code, MONDAY) == world.community_unit
