"""Every sub-task flow: each state x step x role is allowed exactly where the table says so."""

from __future__ import annotations

from itertools import product

import pytest
from django.db import transaction
from django.http import Http404

from factories import MONDAY, make_case, make_district, make_staff, make_unit
from linli.base.accounts.policies import ROLES
from linli.base.accounts.queries import actor_of
from linli.kernel.flow import GuardFailed, InvalidStep, NotAllowed, SomeoneFaster, perform
from linli.work.cases.policies import DISPATCHERS, POLICIES
from linli.work.cases.tasks.flows import FLOWS
from linli.work.cases.tasks.models import ENDED_STATES, SubTask

pytestmark = pytest.mark.django_db


def may(role: str, permission: str, place: str, level: str) -> bool:
    """Say from the policies alone whether a role over the whole district may take the step.

    `place` is where the person stands: in the unit that holds the sub-task, in the one that asked
    for it, or in neither.
    """
    if permission == "cases.task_handle":
        handles = role in POLICIES["cases.handle"]
        return handles and (place == "holds" or role == "community_worker")
    if permission == "cases.task_confirm":
        return role in DISPATCHERS or (place == "asked" and role in POLICIES["cases.handle"])
    if permission == "cases.task_decide":
        if level == "district":
            return role == "district_dispatcher"
        if level == "community":
            return role in POLICIES["cases.check"]
        return role in DISPATCHERS
    return role in POLICIES[permission]


class Passed(Exception):
    """The step was taken; it is taken back so that the next one meets the same sub-task."""


def attempt(flow, step: str, task_id: int, actor) -> None:
    with transaction.atomic():
        perform(flow, step, task_id, actor=actor, now=MONDAY, data={})
        raise Passed


@pytest.mark.parametrize("kind", FLOWS)
@pytest.mark.parametrize("place", ["holds", "asked", "neither"])
def test_every_state_step_and_role(kind, place):
    world, flow = make_district(), FLOWS[kind]
    case = make_case(world).case
    asker = make_unit("community", world.community, name="发起单位")
    elsewhere = make_unit("department", world.district)
    unit = {"holds": world.grid_unit, "asked": asker, "neither": elsewhere}[place]
    task = SubTask.objects.create(
        kind=kind, case=case, area_code=case.area_code, unit=world.grid_unit, from_unit=asker,
        state=flow.initial, open_key="t:0", opened_at=MONDAY, due_at=MONDAY, version=1,
    )  # fmt: skip
    for role in ROLES:
        actor = actor_of(make_staff(role, world.district, unit))
        works = role in POLICIES["cases.handle"]
        sees = role in POLICIES["cases.view"] or (works and place != "neither")
        assert flow.visible(actor).filter(pk=task.pk).exists() == sees
        levels = ("community", "subdistrict", "district")
        for state, step, level in product(flow.states, flow.steps, levels):
            ended = state in ENDED_STATES
            SubTask.objects.filter(pk=task.pk).update(
                state=state, level=level, version=1,
                ended_at=MONDAY if ended else None, due_at=None if ended else MONDAY,
            )  # fmt: skip
            expected: tuple[type[Exception], ...]
            if not sees:
                expected = (Http404,)
            elif state not in step.sources:
                expected = (SomeoneFaster,)
            elif not may(role, step.permission, place, level):
                expected = (NotAllowed,)
            else:
                # Only the form or a rule of the matter (or of its case) is left.
                expected = (InvalidStep, GuardFailed, SomeoneFaster, Passed)
            with pytest.raises(expected):
                attempt(flow, step.name, task.pk, actor)
