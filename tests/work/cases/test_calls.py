"""Call-backs: the phone list, who may ask and who may not, and what an answer sets off."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.http import Http404
from django.test import Client
from django.utils import timezone

from factories import make_case, make_district, make_resident, make_staff
from linli.base.accounts.models import Account
from linli.base.accounts.policies import ROLES
from linli.base.accounts.queries import actor_of
from linli.kernel.flow import GuardFailed, NotAllowed
from linli.work.cases.actions import accept_and_dispatch, rate_tracked, take_step
from linli.work.cases.models import Case, SubTask
from linli.work.cases.own_work import handled
from linli.work.cases.tasks.actions import open_tasks, take_task_step
from linli.work.cases.tasks.calls import calls_to_make
from linli.work.cases.tasks.follow_ups import open_follow_ups

pytestmark = pytest.mark.django_db

CALLERS = {"hotline_agent", "district_dispatcher"}
GOOD = {"solved": "yes", "rating": "5", "reached": "yes"}
BAD = {"solved": "no", "rating": "1", "reached": "yes"}


@pytest.fixture(autouse=True)
def _fresh(settings):
    cache.clear()
    settings.CALL_BACK_PERCENT = 100


@pytest.fixture
def world():
    return make_district()


@pytest.fixture
def now():
    return timezone.now()


def closed_case(world, now, *, days=3, **more):
    """Carry a case through to its end, each step by someone else."""
    at = now - timedelta(days=days)
    case = make_case(world, now=at, reporter_phone="19000001234", **more).case
    accept_and_dispatch(case.pk, actor=world.dispatcher, now=at, data={"unit": world.grid_unit.pk})
    take_step("sign_in", case.pk, actor=world.grid_worker, now=at)
    take_step("report_done", case.pk, actor=world.grid_worker, now=at, data={"result": "清了"})
    take_step("close", case.pk, actor=world.community_worker, now=at, data={"result": "好"})
    case.refresh_from_db()
    return case


def a_call(world, now, **more):
    case = closed_case(world, now, **more)
    open_follow_ups(now=now)
    return SubTask.objects.get(case=case, kind="call_back")


def entered(actor):
    client = Client()
    client.force_login(Account.objects.get(pk=actor.account_id))
    return client


@pytest.mark.parametrize("role", list(ROLES))
def test_which_roles_call_back(world, now, role):
    task = a_call(world, now)
    actor = actor_of(make_staff(role, world.district, world.department))
    client = entered(actor)
    may = role in CALLERS
    assert client.get("/desk/calls/").status_code == (200 if may else 403)
    assert client.get(f"/desk/calls/{task.pk}/").status_code == (200 if may else 403)
    assert client.post("/desk/calls/next/").status_code == (302 if may else 403)
    answer = client.post(f"/desk/calls/{task.pk}/reach/", GOOD)
    assert answer.status_code == (302 if may else 403)
    task.refresh_from_db()
    assert (task.state == "ended") == may
    if not may:
        with pytest.raises((NotAllowed, Http404)):
            take_task_step("reach", task.pk, actor=actor, now=now, data=GOOD)
        with pytest.raises((NotAllowed, Http404)):
            take_step("call_back", task.case_id, actor=actor, now=now, data=GOOD)


HANDLED_BY = ["sign_in", "contact", "report_done", "close", "settle", "helper"]


@pytest.mark.parametrize("act", HANDLED_BY)
def test_whoever_handled_a_case_neither_calls_back_nor_confirms_its_mending(world, now, act):
    """A person with every role, who once laid hand on the case, is refused by each way."""
    unit = world.community_unit if act == "helper" else world.grid_unit
    person = make_staff("hotline_agent", world.district, unit)
    for role in ("district_dispatcher", "grid_worker", "community_worker"):
        person.grants.create(
            role=role, area=world.district, area_code=world.district.code, valid_from="2026-01-01"
        )
    me, at = actor_of(person), now - timedelta(days=3)
    who = dict.fromkeys(("sign_in", "contact", "report_done"), world.grid_worker)
    who |= {"close": world.community_worker}
    who[act] = me
    case = make_case(world, now=at, reporter_phone="19000001234").case
    if act == "settle":
        take_step("settle", case.pk, actor=me, now=at, data={"result": "好"})
    else:
        accept_and_dispatch(
            case.pk, actor=world.dispatcher, now=at, data={"unit": world.grid_unit.pk}
        )
        take_step("sign_in", case.pk, actor=who["sign_in"], now=at)
        if act == "helper":
            [help_task] = open_tasks(
                "co_handling", case.pk, actor=world.grid_worker, now=at, key="k",
                data={"units": [world.community_unit.pk], "text": "请协助"},
            )  # fmt: skip
            take_task_step("sign_in", help_task.pk, actor=me, now=at)
            take_task_step("finish", help_task.pk, actor=me, now=at, data={"note": "办了"})
            take_task_step("confirm", help_task.pk, actor=world.dispatcher, now=at)
        take_step("contact", case.pk, actor=who["contact"], now=at)
        take_step("report_done", case.pk, actor=who["report_done"], now=at, data={"result": "清"})
        take_step("close", case.pk, actor=who["close"], now=at, data={"result": "好"})
    assert handled(case.pk, me.account_id)
    assert not handled(case.pk, world.agent.account_id)
    open_follow_ups(now=now)
    task = SubTask.objects.get(kind="call_back")
    assert task not in calls_to_make(me)
    assert task in calls_to_make(world.agent)
    for step in ("reach", "miss"):
        with pytest.raises(GuardFailed, match="经办或核查过"):
            take_task_step(step, task.pk, actor=me, now=now, data=GOOD)
    with pytest.raises(GuardFailed, match="经办或核查过"):
        take_step("call_back", case.pk, actor=me, now=now, data=GOOD)
    take_task_step("reach", task.pk, actor=world.agent, now=now, data=BAD)
    open_follow_ups(now=now)
    mend = SubTask.objects.get(kind="mend")
    SubTask.objects.filter(pk=mend.pk).update(state="done")
    for step, data in (("confirm", {}), ("send_back", {"note": "没办好"})):
        with pytest.raises(GuardFailed, match="经办或核查过"):
            take_task_step(step, mend.pk, actor=me, now=now, data=data)


@pytest.mark.parametrize("role", [*ROLES, "another resident", "anonymous with a code"])
def test_nobody_but_the_reporter_rates(world, now, role):
    case = closed_case(world, now)
    if role in ROLES:
        actor = actor_of(make_staff(role, world.district, world.grid_unit))
        with pytest.raises(NotAllowed):
            rate_tracked(case, now=now, data=GOOD, actor=actor)
    else:
        actor = actor_of(make_resident())
    with pytest.raises((NotAllowed, Http404)):
        take_step("rate", case.pk, actor=actor, now=now, data=GOOD)
    with pytest.raises(Http404):  # it has an account's reporter, so no code opens it
        rate_tracked(case, now=now, data=GOOD)
    case.refresh_from_db()
    assert case.rating is None
    take_step("rate", case.pk, actor=world.resident, now=now, data=GOOD)


def test_one_click_leads_from_call_to_call_by_clock(world, now):
    first, second = a_call(world, now, days=5), a_call(world, now, days=3)
    SubTask.objects.filter(pk=first.pk).update(due_at=now + timedelta(hours=1))
    SubTask.objects.filter(pk=second.pk).update(due_at=now + timedelta(hours=2))
    client = entered(world.agent)
    text = client.get("/desk/calls/").content.decode()
    assert text.index(f'data-call="{first.pk}"') < text.index(f'data-call="{second.pk}"')
    assert client.post("/desk/calls/next/")["Location"] == f"/desk/calls/{first.pk}/"
    assert "问题解决了吗" in client.get(f"/desk/calls/{first.pk}/").content.decode()
    answer = client.post(f"/desk/calls/{first.pk}/reach/", GOOD | {"token": "a"})
    assert answer["Location"] == f"/desk/calls/{second.pk}/"
    answer = client.post(f"/desk/calls/{second.pk}/miss/", {"token": "b"})
    assert answer["Location"] == "/desk/calls/"  # it is not called again at once
    assert f'data-call="{second.pk}"' in client.get("/desk/calls/").content.decode()
    case = Case.objects.get(pk=first.case_id)
    assert (case.rating, case.solved) == (5, True)


def test_two_agents_get_different_calls_and_a_skipped_one_is_free_again(world, now):
    first, second = a_call(world, now), a_call(world, now)
    other = entered(actor_of(make_staff("hotline_agent", world.district)))
    mine = entered(world.agent)
    assert mine.post("/desk/calls/next/")["Location"] == f"/desk/calls/{first.pk}/"
    assert other.post("/desk/calls/next/")["Location"] == f"/desk/calls/{second.pk}/"
    assert mine.post("/desk/calls/next/", {"skip": first.pk})["Location"] == "/desk/calls/"
    answer = other.post("/desk/calls/next/", {"skip": second.pk})
    assert answer["Location"] == f"/desk/calls/{first.pk}/"
    assert "另一位同事" in mine.get(f"/desk/calls/{first.pk}/").content.decode()


def test_an_answer_without_a_grade_is_refused_at_the_field(world, now):
    task = a_call(world, now)
    answer = entered(world.agent).post(
        f"/desk/calls/{task.pk}/reach/", {"solved": "yes", "note": "说等会再打"}
    )
    assert answer.status_code == 422
    assert "请选择满意程度" in answer.content.decode()
    assert "说等会再打" in answer.content.decode()
    task.refresh_from_db()
    assert task.is_open


def test_a_low_grade_on_the_phone_opens_a_mending_too(world, now):
    task = a_call(world, now)
    take_task_step("reach", task.pk, actor=world.agent, now=now, data=BAD)
    assert Case.objects.get(pk=task.case_id).rated_at == now
    assert open_follow_ups(now=now)["mend"] == 1
    assert SubTask.objects.get(kind="mend").unit == world.grid_unit


def test_whoever_has_answered_is_not_called(world, now):
    task = a_call(world, now)
    take_step("rate", task.case_id, actor=world.resident, now=now, data=GOOD)
    task.refresh_from_db()
    assert (task.state, task.due_at) == ("cancelled", None)
    assert calls_to_make(world.agent) == []


@pytest.mark.parametrize(("percent", "opened"), [(0, 0), (100, 20)])
def test_none_a_sample_or_all_are_called(world, now, settings, percent, opened):
    settings.CALL_BACK_PERCENT = percent
    for _n in range(20):
        case = make_case(world, now=now - timedelta(days=3)).case
        Case.objects.filter(pk=case.pk).update(
            state="closed", closed_at=now - timedelta(days=2), deadline_at=None
        )
    assert open_follow_ups(now=now)["call_back"] == opened


def test_calls_of_another_subdistrict_are_not_there(world, now):
    task = a_call(world, now)
    elsewhere = entered(actor_of(make_staff("hotline_agent", world.other_subdistrict)))
    assert f'data-call="{task.pk}"' not in elsewhere.get("/desk/calls/").content.decode()
    assert elsewhere.get(f"/desk/calls/{task.pk}/").status_code == 404
    assert elsewhere.post(f"/desk/calls/{task.pk}/reach/", GOOD).status_code == 404
