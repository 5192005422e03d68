"""One act on many cases: by rule, by hand, with what may not be; a repeat changes nothing."""

from __future__ import annotations

import re

import pytest

from factories import MONDAY, make_case, make_district
from linli.base.accounts.models import Account
from linli.kernel.ledger.models import Entry
from linli.work.cases import setup
from linli.work.cases.actions import accept_and_dispatch, take_step
from linli.work.cases.models import Case, DispatchRule

pytestmark = pytest.mark.django_db
ADDRESS = "/desk/cases/together/"


@pytest.fixture
def world():
    return make_district()


def enter(client, actor):
    client.force_login(Account.objects.get(pk=actor.account_id))
    return client


def asked(client, act, cases):
    """Choose the cases and return the fields of the form that comes back."""
    page = client.post(ADDRESS, {"act": act, "pick": [case.number for case in cases]})
    assert page.status_code == 200
    form = page.content.decode().split('data-draft="together-')[1]
    fields: dict = {}
    for name, value in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form):
        fields.setdefault(name, []).append(value)
    return fields


def test_a_morning_of_reports_goes_out_by_rule_in_two_presses(client, world):
    rubbish = [make_case(world).case for _ in range(3)]
    building = make_case(world, category=world.urban).case
    enter(client, world.dispatcher)
    fields = asked(client, "dispatch", [*rubbish, building])
    page = client.post(ADDRESS, fields)
    assert page.status_code == 200
    assert "4件全部完成" in page.content.decode()
    units = set(Case.objects.filter(state="dispatched").values_list("category__code", "unit__name"))
    assert units == {("0101", "一社区第1网格"), ("0102", "城市管理局")}
    entries = Entry.objects.filter(subject_type="case").count()
    again = client.post(ADDRESS, fields)
    assert "4件全部完成" in again.content.decode()
    assert Entry.objects.filter(subject_type="case").count() == entries


def test_one_unit_for_all_and_one_that_may_not_take_it(client, world):
    fine, forbidden = make_case(world).case, make_case(world, category=world.urban).case
    enter(client, world.dispatcher)
    fields = asked(client, "dispatch", [fine, forbidden]) | {"unit": world.grid_unit.pk}
    text = client.post(ADDRESS, fields).content.decode()
    assert "完成1件，1件没有办成" in text
    fine.refresh_from_db()
    forbidden.refresh_from_db()
    assert (fine.state, forbidden.state) == ("dispatched", "registered")


def test_without_a_rule_the_case_stays_and_says_so(client, world):
    case = make_case(world).case
    DispatchRule.objects.all().delete()
    setup.forget()
    enter(client, world.dispatcher)
    assert (
        "没有适用的派遣规则"
        in client.post(ADDRESS, asked(client, "dispatch", [case])).content.decode()
    )
    case.refresh_from_db()
    assert case.state == "registered"


def test_a_case_that_moved_on_meanwhile_is_left_alone(client, world):
    case, other = make_case(world).case, make_case(world).case
    enter(client, world.dispatcher)
    fields = asked(client, "accept", [case, other])
    take_step("accept", case.pk, actor=world.district_dispatcher, now=MONDAY)
    text = client.post(ADDRESS, fields).content.decode()
    assert "慢了一步" in text
    assert "完成1件，1件没有办成" in text


def test_what_does_not_fit_is_named_before(client, world):
    done, fresh = make_case(world).case, make_case(world).case
    accept_and_dispatch(
        done.pk, actor=world.dispatcher, now=MONDAY, data={"unit": world.grid_unit.pk}
    )
    enter(client, world.dispatcher)
    page = client.post(ADDRESS, {"act": "accept", "pick": [done.number, fresh.number]})
    assert [case.pk for case in page.context["others"]] == [done.pk]
    assert [case.pk for case in page.context["fitting"]] == [fresh.pk]


def test_nobody_reaches_cases_of_others_through_it(client, world):
    case = make_case(world).case
    enter(client, world.other_dispatcher)
    answer = client.post(ADDRESS, {"act": "accept", "pick": [case.number]}, follow=True)
    assert "不在您的权限范围内" in answer.content.decode()
    forged = {"act": "accept", "pick": [case.number], "sure": "1", "token": "a" * 32}
    client.post(ADDRESS, forged)
    case.refresh_from_db()
    assert case.state == "registered"


def test_the_grid_worker_may_sign_in_many_but_accept_none(client, world):
    cases = [make_case(world).case for _ in range(2)]
    for case in cases:
        accept_and_dispatch(
            case.pk, actor=world.dispatcher, now=MONDAY, data={"unit": world.grid_unit.pk}
        )
    late = make_case(world).case
    enter(client, world.grid_worker)
    client.post(ADDRESS, asked(client, "sign_in", cases))
    assert set(Case.objects.filter(pk__in=[c.pk for c in cases]).values_list("state")) == {
        ("in_hand",)
    }
    forged = {"act": "accept", "pick": [late.number], "sure": "1", "token": "b" * 32}
    client.post(ADDRESS, forged)
    late.refresh_from_db()
    assert late.state == "registered"


def test_a_form_left_blank_comes_back_with_the_choice_kept(client, world):
    case = make_case(world).case
    enter(client, world.dispatcher)
    page = client.post(ADDRESS, {"act": "add_note", "pick": [case.number], "sure": "1", "note": ""})
    assert page.status_code == 422
    assert page.context["form"].errors["note"]
    assert [row.pk for row in page.context["fitting"]] == [case.pk]


@pytest.mark.parametrize(
    ("posted", "words"),
    [
        ({"act": "accept"}, "请先在列表里勾选工单"),
        ({"act": "accept", "pick": ["1"] * 101}, "一次最多办理100件"),
        ({"act": "accept", "pick": ["abc", "x" * 99]}, "选中的工单不存在"),
    ],
)
def test_a_bad_choice_is_explained_on_the_list(client, world, posted, words):
    enter(client, world.dispatcher)
    assert words in client.post(ADDRESS, posted, follow=True).content.decode()


def test_an_unknown_act_is_not_there(client, world):
    enter(client, world.dispatcher)
    assert client.post(ADDRESS, {"act": "rate", "pick": ["1"]}).status_code == 404


def test_asking_about_fifty_takes_few_queries(client, world, django_assert_max_num_queries):
    cases = [make_case(world).case for _ in range(50)]
    enter(client, world.dispatcher)
    with django_assert_max_num_queries(12):
        client.post(ADDRESS, {"act": "accept", "pick": [case.number for case in cases]})


def test_the_list_keeps_views_under_its_name(client, world):
    make_case(world)
    enter(client, world.dispatcher)
    client.post("/lists/views/save/", {"list": "cases", "name": "没办完的", "query": "open=1"})
    page = client.get("/desk/cases/?open=1").content.decode()
    assert "没办完的" in page
    assert 'aria-current="true"' in page
