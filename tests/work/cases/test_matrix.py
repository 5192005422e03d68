"""Every state x step x role: allowed exactly where the table and the policies say so."""

from __future__ import annotations

from itertools import product

import pytest
from django.http import Http404

from factories import MONDAY, make_case, make_district, make_staff, make_unit
from linli.base.accounts.policies import ROLES
from linli.base.accounts.queries import actor_of
from linli.kernel.flow import GuardFailed, InvalidStep, NotAllowed, SomeoneFaster, perform
from linli.work.cases.flow import CASE_FLOW
from linli.work.cases.models import Case
from linli.work.cases.policies import POLICIES
from linli.work.cases.queries import visible_cases

pytestmark = pytest.mark.django_db


def may(role: str, permission: str, holds: bool, state: str) -> bool:
    """Say from the policies alone whether a role over the whole district may take the step."""
    if permission == "cases.rate":
        return False
    if permission == "cases.answer" and state in {"dispatched", "in_hand"}:
        permission = "cases.handle"  # then it is for whoever holds the case
    if permission == "cases.handle":
        # Over the district a community worker also acts for its grids.
        return role in POLICIES[permission] and (holds or role == "community_worker")
    if permission == "cases.note" and holds:
        return True
    return role in POLICIES[permission]


@pytest.mark.parametrize(("role", "holds"), list(product(ROLES, (True, False))))
def test_every_state_step_and_role(role, holds):
    world = make_district()
    unit = world.grid_unit if holds else make_unit("department", world.district)
    actor = actor_of(make_staff(role, world.district, unit))
    case = make_case(world).case
    sees = role in POLICIES["cases.view"] or (holds and role in POLICIES["cases.handle"])
    for state, step in product(CASE_FLOW.states, CASE_FLOW.steps):
        Case.objects.filter(pk=case.pk).update(state=state, unit=world.grid_unit, version=1)
        assert visible_cases(actor).filter(pk=case.pk).exists() == sees
        expected: tuple[type[Exception], ...]
        if not sees:
            expected = (Http404,)
        elif state not in step.sources:
            expected = (SomeoneFaster,)
        elif not may(role, step.permission, holds, state):
            expected = (NotAllowed,)
        else:
            # Past every check of turn and right: only its form or a rule of the matter is left.
            expected = (InvalidStep, GuardFailed, Passed)
        with pytest.raises(expected):
            attempt(step.name, case.pk, actor)


class Passed(Exception):
    """The step was taken; it is taken back so that the next one meets the same case."""


def attempt(step: str, case_id: int, actor) -> None:
    from django.db import transaction

    with transaction.atomic():
        perform(CASE_FLOW, step, case_id, actor=actor, now=MONDAY, data={})
        raise Passed
