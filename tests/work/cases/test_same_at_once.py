"""Several people at one matter at the same moment: nobody is lost, nothing hangs."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connections
from django.http import Http404

from factories import MONDAY, make_case, make_district, make_resident, make_staff
from linli.base.accounts.queries import actor_of
from linli.kernel.flow import StepRefused
from linli.kernel.ledger.models import Entry
from linli.kernel.scope import ANONYMOUS
from linli.work.cases.actions import join_matter, take_step
from linli.work.cases.models import Case, Joiner

HOUR = timedelta(hours=1)
PHONE = "19000012345"


def report(world):
    return make_case(world, actor=actor_of(make_resident(world.community))).case


def merge_only(case, into, actor):
    data = {"into": into.number}
    take_step("merge", case.pk, actor=actor, now=MONDAY + HOUR, data=data)


def race(*acts):
    """Run the acts at the same moment, each in a connection of its own; return what came of them."""
    barrier, results = threading.Barrier(len(acts)), []

    def run(act):
        barrier.wait(5)
        try:
            act()
            results.append("done")
        except (StepRefused, Http404) as error:
            results.append(str(error))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(results) == len(acts), "one of them hangs"
    return results


@pytest.fixture
def crowd(committed):
    world = make_district()
    other = actor_of(make_staff("subdistrict_dispatcher", world.subdistrict))
    return world, other, [report(world) for _ in range(4)]


def test_two_dispatchers_merge_the_same_case(crowd):
    world, other, (lead, second, case, _rest) = crowd
    results = race(
        lambda: merge_only(case, lead, world.dispatcher),
        lambda: merge_only(case, second, other),
    )
    assert results.count("done") == 1
    case.refresh_from_db()
    leads = Case.objects.filter(behind__gt=0)
    assert [row.pk for row in leads] == [case.merged_into_id]
    entries = Entry.objects.filter(subject_type="case", subject_id=case.pk, verb="merge")
    assert entries.count() == 1


def test_each_into_the_other_makes_no_ring(crowd):
    world, other, (one, two, *_rest) = crowd
    for _ in range(3):
        race(
            lambda: merge_only(one, two, world.dispatcher),
            lambda: merge_only(two, one, other),
        )
        one.refresh_from_db()
        two.refresh_from_db()
        assert not (one.merged_into_id and two.merged_into_id)
        for case in (one, two):
            if case.state == "merged":
                take_step("unmerge", case.pk, actor=world.dispatcher, now=MONDAY + HOUR,
                          data={"note": "再试"})  # fmt: skip


def test_two_cases_into_one_lose_nobody(crowd):
    world, other, (lead, one, two, _rest) = crowd
    results = race(
        lambda: merge_only(one, lead, world.dispatcher), lambda: merge_only(two, lead, other)
    )
    lead.refresh_from_db()
    assert lead.behind == results.count("done") >= 1
    for case in (one, two):  # who was told to try again does
        case.refresh_from_db()
        if case.state != "merged":
            merge_only(case, lead, world.dispatcher)
    lead.refresh_from_db()
    assert lead.people == 3


def test_joining_while_it_is_merged_is_counted_somewhere(crowd):
    world, _other, (lead, case, *_rest) = crowd
    race(
        lambda: merge_only(case, lead, world.dispatcher),
        lambda: join_matter(case.pk, actor=ANONYMOUS, now=MONDAY, key="k", phone=PHONE),
    )
    lead.refresh_from_db()
    case.refresh_from_db()
    if case.state == "merged":
        assert lead.behind == 1 + Joiner.objects.count()


def test_the_same_neighbour_twice_at_once_counts_once(crowd):
    _world, _other, (case, *_rest) = crowd
    results = race(
        *[lambda: join_matter(case.pk, actor=ANONYMOUS, now=MONDAY, key="k", phone=PHONE)] * 3
    )
    case.refresh_from_db()
    assert results == ["done"] * 3
    assert (case.people, Joiner.objects.count()) == (2, 1)
