"""Every state x step x role of an article, and that nobody publishes their own text."""

from __future__ import annotations

from itertools import product

import pytest
from django.db import transaction
from django.http import Http404

from factories import MONDAY, make_article, make_district, make_staff
from linli.base.accounts.policies import ROLES
from linli.base.accounts.queries import actor_of
from linli.kernel.flow import GuardFailed, InvalidStep, NotAllowed, SomeoneFaster, perform
from linli.kernel.scope.registry import all_permissions
from linli.life.knowledge.flow import ARTICLE_FLOW
from linli.life.knowledge.models import ArticleState, ArticleVersion
from linli.life.knowledge.policies import POLICIES
from linli.life.knowledge.queries import visible_versions

pytestmark = pytest.mark.django_db
OPEN = ("draft", "in_review", "withdrawn")


class Passed(Exception):
    """The step was taken; it is taken back."""


def attempt(step: str, version_id: int, actor) -> None:
    with transaction.atomic():
        perform(ARTICLE_FLOW, step, version_id, actor=actor, now=MONDAY, data={})
        raise Passed


def test_permissions_belong_to_known_roles():
    for permission, roles in POLICIES.items():
        assert all_permissions()[permission] == set(roles) <= set(ROLES)


@pytest.mark.parametrize("role", ROLES)
def test_every_state_step_and_role(role):
    world = make_district()
    actor = actor_of(make_staff(role, world.district))
    version = make_article(world, publish=False)
    for state, step in product(ARTICLE_FLOW.states, ARTICLE_FLOW.steps):
        ArticleVersion.objects.filter(pk=version.pk).update(state=state)
        own = role in {*POLICIES["knowledge.write"], *POLICIES["knowledge.approve"]}
        sees = own or (role in POLICIES["knowledge.view"] and state not in OPEN)
        assert visible_versions(actor).filter(pk=version.pk).exists() == sees
        expected: tuple[type[Exception], ...]
        if not sees:
            expected = (Http404,)
        elif state not in step.sources:
            expected = (SomeoneFaster,)
        elif role not in POLICIES[step.permission]:
            expected = (NotAllowed,)
        else:
            expected = (InvalidStep, GuardFailed, Passed)
        with pytest.raises(expected):
            attempt(step.name, version.pk, actor)


def test_a_second_person_publishes():
    world = make_district()
    from linli.life.knowledge import actions

    data = {"area_code": world.subdistrict, "title": "几点开门", "questions": "", "answer": "八点",
            "source": "", "category": None, "valid_from": MONDAY.date(),
            "expires_on": MONDAY.date()}  # fmt: skip
    mine = actions.write_article(actor=world.dispatcher, now=MONDAY, data=data)
    actions.take_step("submit", mine.pk, actor=world.dispatcher, now=MONDAY)
    with pytest.raises(GuardFailed, match="另一人"):
        actions.take_step("publish", mine.pk, actor=world.dispatcher, now=MONDAY)
    done = actions.take_step("publish", mine.pk, actor=world.district_dispatcher, now=MONDAY)
    assert done.subject.state == ArticleState.PUBLISHED
    assert done.subject.reviewer_id == world.district_dispatcher.account_id


def test_another_unit_does_not_withdraw_what_it_does_not_answer_for():
    from linli.life.knowledge import actions

    world = make_district()
    version = make_article(world)
    data = {"remark": "内容有误"}
    with pytest.raises(GuardFailed, match="负责单位"):
        actions.take_step("withdraw", version.pk, actor=world.agent, now=MONDAY, data=data)
    done = actions.take_step("withdraw", version.pk, actor=world.handler, now=MONDAY, data=data)
    assert (done.subject.state, done.subject.remark) == ("withdrawn", "内容有误")
