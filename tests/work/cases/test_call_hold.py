"""A call-back is held in the database: whoever asks on another connection is told no."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connections
from django.utils import timezone

from factories import make_case, make_district
from linli.work.cases.models import CallHold, SubTask
from linli.work.cases.tasks.holds import keep, let_go


@pytest.fixture
def task():
    world = make_district()
    now = timezone.now()
    case = make_case(world).case
    task = SubTask.objects.create(
        kind="call_back", state="open", open_key="x", case=case, area_code=case.area_code,
        unit=world.community_unit, opened_at=now, due_at=now,
    )  # fmt: skip
    return world, task.pk, now


@pytest.mark.django_db(transaction=True)
def test_of_two_connections_one_gets_the_call_and_no_cache_is_asked(task):
    world, task_id, now = task
    barrier, got = threading.Barrier(2), []

    def ask(actor) -> None:
        try:
            barrier.wait(5)
            got.append((actor, keep(actor, task_id, now=now)))
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=ask, args=(who,))
        for who in (world.agent, world.district_dispatcher)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    cache.clear()  # what a process remembers for itself does not matter
    (winner,) = [who for who, kept in got if kept]
    (loser,) = [who for who, kept in got if not kept]
    assert keep(winner, task_id, now=now)
    assert not keep(loser, task_id, now=now + timedelta(minutes=9))
    assert keep(loser, task_id, now=now + timedelta(minutes=11))


@pytest.mark.django_db
def test_only_who_holds_a_call_lets_it_go(task):
    world, task_id, now = task
    assert keep(world.agent, task_id, now=now)
    let_go(world.district_dispatcher, task_id)
    assert CallHold.objects.filter(task_id=task_id, account_id=world.agent.account_id).exists()
    let_go(world.agent, task_id)
    assert keep(world.district_dispatcher, task_id, now=now)
