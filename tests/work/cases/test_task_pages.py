"""Sub-tasks in the browser: opened from a case, listed, answered; what is refused loses nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from factories import make_case, make_district
from linli.base.accounts.models import Account
from linli.work.cases.actions import take_step
from linli.work.cases.models import Case
from linli.work.cases.tasks.actions import open_tasks, take_task_step
from linli.work.cases.tasks.follow_ups import open_follow_ups, sampled
from linli.work.cases.tasks.models import SubTask

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_district()


@pytest.fixture
def case(world):
    now = timezone.now()
    done = make_case(world, now=now).case
    take_step("accept", done.pk, actor=world.dispatcher, now=now)
    data = {"unit": world.grid_unit.pk, "urgency": "ordinary"}
    take_step("dispatch", done.pk, actor=world.dispatcher, now=now, data=data)
    take_step("sign_in", done.pk, actor=world.grid_worker, now=now)
    return Case.objects.get(pk=done.pk)


def enter(client, actor):
    client.force_login(Account.objects.get(pk=actor.account_id), "django.contrib.auth.backends.ModelBackend")  # fmt: skip
    return client


def test_from_the_case_to_the_answer(client, world, case, django_assert_max_num_queries):
    enter(client, world.grid_worker)
    page = client.get(reverse("cases:detail", args=[case.number])).content.decode()
    address = reverse("cases:task_new", args=[case.number, "extension"])
    assert address in page
    assert reverse("cases:task_new", args=[case.number, "whistle"]) not in page
    answer = client.post(address, {"token": "t1", "days": "99", "text": "等配件"})
    assert answer.status_code == 422
    assert "最多延长10个工作日" in answer.content.decode()
    assert "等配件" in answer.content.decode()
    answer = client.post(address, {"token": "t1", "days": "3", "text": "等配件"})
    assert answer.status_code == 302
    client.post(address, {"token": "t1", "days": "3", "text": "等配件"})
    task = SubTask.objects.get()
    enter(client, world.dispatcher)
    with django_assert_max_num_queries(12):
        listed = client.get(reverse("cases:tasks")).content.decode()
    assert case.number in listed
    with django_assert_max_num_queries(12):
        shown = client.get(reverse("cases:task", args=[task.pk])).content.decode()
    assert "同意延期" in shown
    assert "等配件" in shown
    step = reverse("cases:task_step", args=[task.pk, "refuse"])
    answer = client.post(step, {"version": task.version, "note": ""})
    assert answer.status_code == 422
    grant = reverse("cases:task_step", args=[task.pk, "grant"])
    assert client.post(grant, {"version": task.version, "note": "同意"}).status_code == 302
    late = client.post(step, {"version": task.version, "note": "我写了很多理由"})
    assert late.status_code == 409
    assert "我写了很多理由" in late.content.decode()
    story = client.get(reverse("cases:detail", args=[case.number])).content.decode()
    assert "延期：同意延期" in story


def test_outsiders_and_unknown_kinds(client, world, case):
    tasks = open_tasks(
        "co_handling", case.pk, actor=world.grid_worker, now=timezone.now(), key="k",
        data={"units": [world.department.pk], "text": "请协助"},
    )  # fmt: skip
    enter(client, world.grid_worker)
    assert client.get(f"/desk/cases/{case.number}/tasks/nothing/").status_code == 404
    assert client.post(f"/desk/tasks/{tasks[0].pk}/steps/nothing/").status_code == 404
    assert client.get("/desk/tasks/?which=nothing").status_code == 200
    assert client.get("/desk/tasks/?kind=nothing").status_code == 422
    enter(client, world.other_dispatcher)
    for address in (f"/desk/tasks/{tasks[0].pk}/", f"/desk/cases/{case.number}/tasks/extension/"):
        assert client.get(address).status_code == 404
    enter(client, world.handler)
    assert client.get(f"/desk/tasks/{tasks[0].pk}/").status_code == 200
    assert client.get(f"/desk/cases/{case.number}/").status_code == 200


def closed(world, case, **more):
    now = timezone.now() - timedelta(days=2)
    values = {"state": "closed", "closed_at": now, "deadline_at": None} | more
    Case.objects.filter(pk=case.pk).update(**values)
    return timezone.now()


def test_a_low_rating_is_mended_by_the_unit_and_confirmed_by_another(world, case):
    now = closed(world, case, rating=1, rated_at=timezone.now())
    assert open_follow_ups(now=now)["mend"] == 1
    assert open_follow_ups(now=now)["mend"] == 0
    task = SubTask.objects.get(kind="mend")
    assert task.unit == world.grid_unit
    take_task_step("contact", task.pk, actor=world.grid_worker, now=now, data={"note": "打了"})
    take_task_step("finish", task.pk, actor=world.grid_worker, now=now, data={"note": "重做"})
    take_task_step("confirm", task.pk, actor=world.agent, now=now, data={})
    task.refresh_from_db()
    assert task.state == "ended"


def test_call_backs_are_drawn_once_and_fill_in_the_case(world, case, settings):
    settings.CALL_BACK_PERCENT = 0
    now = closed(world, case)
    assert open_follow_ups(now=now)["call_back"] == 0
    settings.CALL_BACK_PERCENT = 100
    assert open_follow_ups(now=now)["call_back"] == 1
    task = SubTask.objects.get(kind="call_back")
    take_task_step("miss", task.pk, actor=world.agent, now=now, data={})
    take_task_step("reach", task.pk, actor=world.agent, now=now, data={"solved": "yes", "rating": "4"})  # fmt: skip
    case.refresh_from_db()
    assert (case.rating, case.solved) == (4, True)
    assert case.called_back_at == now


def test_three_misses_end_a_call_back(world, case, settings):
    settings.CALL_BACK_PERCENT = 100
    now = closed(world, case)
    open_follow_ups(now=now)
    task = SubTask.objects.get()
    for _turn in range(3):
        take_task_step("miss", task.pk, actor=world.agent, now=now, data={})
    task.refresh_from_db()
    assert (task.state, task.due_at, task.misses) == ("ended", None, 3)


def test_the_sample_is_as_large_as_asked():
    share = sum(sampled(number, 20) for number in range(10_000)) / 10_000
    assert 0.18 < share < 0.22
