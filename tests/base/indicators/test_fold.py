"""Folding: each settled entry exactly once, and never another result than counting anew."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linli.base.indicators import actions
from linli.base.indicators.models import STOCK, FoldCursor, Tally
from linli.base.indicators.queries import rates, stock
from linli.base.indicators.registry import (
    Delta,
    Duplicate,
    FoldRule,
    all_indicators,
    indicator,
    register_fold,
    register_indicators,
)
from linli.kernel.ledger.actions import append
from linli.kernel.scope import SYSTEM

NOW = datetime(2026, 3, 16, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
GRIDS = ("370705001001001", "370705001002001", "370705002001001", "370705002")


def write(subject: int, verb: str, *, area: str = GRIDS[0], minutes: int = 0, **data) -> None:
    data = {key.rstrip("_"): value for key, value in data.items()}
    append(
        subject_type="case", subject_id=subject, verb=verb, actor=SYSTEM,
        at=NOW + timedelta(minutes=minutes), area_code=area, data=data,
    )  # fmt: skip


def tallies() -> Counter:
    return Counter({row[:3]: row[3] for row in Tally.objects.values_list(
        "name", "area_code", "day", "n"
    )})  # fmt: skip


def assert_rebuild_is_the_same() -> Counter:
    folded = tallies()
    actions.rebuild(now=NOW)
    assert tallies() == folded
    return folded


def test_fold_counts_each_entry_once(committed):
    write(1, "register", top="01", to="registered")
    assert actions.fold(now=NOW).entries == 1
    assert actions.fold(now=NOW).entries == 0
    write(1, "decline", from_="registered", to="declined")
    assert actions.fold(now=NOW).entries == 1
    folded = assert_rebuild_is_the_same()
    assert folded["case.registered", "370705", NOW.date()] == 1
    assert not Tally.objects.filter(n=0).exists(), "what came to zero is not kept"
    assert stock(["case.open"], ["370705"]) == {}


def test_a_transaction_that_commits_late_is_not_lost(committed):
    """An older transaction that is still open holds the cursor back; its entries come later."""
    started, finish = threading.Event(), threading.Event()

    def slow() -> None:
        try:
            with transaction.atomic():
                write(1, "register", to="registered")
                started.set()
                finish.wait(20)
        finally:
            connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    assert started.wait(20)
    write(2, "register", to="registered")
    actions.fold(now=NOW)
    before = tallies()["case.registered", "370705", NOW.date()]
    finish.set()
    thread.join()
    actions.fold(now=NOW)
    assert before == 0, "the younger one waits for the older one"
    assert tallies()["case.registered", "370705", NOW.date()] == 2
    assert_rebuild_is_the_same()


def test_parallel_writers_and_folders(committed):
    """Writers in long and short transactions beside two folding processes: nothing twice."""
    failures: list[BaseException] = []

    def guarded(work) -> None:
        try:
            work()
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    def writer(first: int) -> None:
        for subject in range(first, first + 20):
            with transaction.atomic():
                write(subject, "register", area=GRIDS[subject % 4], to="registered")
                write(subject, "decline", from_="registered", to="declined")

    def folder() -> None:
        for _ in range(15):
            actions.fold(now=NOW)

    jobs = [lambda first=first: writer(first) for first in (100, 200, 300)] + [folder, folder]
    threads = [threading.Thread(target=guarded, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    actions.fold(now=NOW)
    folded = assert_rebuild_is_the_same()
    assert folded["case.registered", "370705", NOW.date()] == 60
    assert folded["case.declined", "370705", NOW.date()] == 60
    assert folded["case.open", "370705", STOCK] == 0


entries = st.tuples(
    st.sampled_from(["register", "accept", "dispatch", "close", "rate", "send_back"]),
    st.sampled_from(GRIDS),
    st.sampled_from([None, "registered", "accepted", "dispatched", "done"]),
    st.sampled_from([None, "accepted", "dispatched", "closed"]),
    st.integers(0, 60 * 24 * 3),
    st.one_of(st.none(), st.integers(1, 5)),
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(batches=st.lists(st.lists(entries, max_size=4), max_size=6))
def test_any_sequence_folds_as_it_rebuilds(committed, batches):
    subject = actions.Entry.objects.count() + 1
    for batch in batches:
        with transaction.atomic():
            for verb, area, was, to, minutes, rating in batch:
                due = (NOW + timedelta(minutes=minutes)).isoformat()
                write(
                    subject, verb, area=area, minutes=minutes, from_=was, to=to, rating=rating,
                    due=due, was_clock=due, minutes_=minutes, on_time=bool(minutes % 2),
                )  # fmt: skip
                subject += 1
        actions.fold(now=NOW)
    assert_rebuild_is_the_same()


def test_small_batches_end_at_the_same_sums(committed, monkeypatch):
    for subject in range(1, 8):
        write(subject, "register", to="registered")
    with transaction.atomic():
        for subject in range(8, 20):
            write(subject, "register", to="registered")
    monkeypatch.setattr(actions, "BATCH", 3)
    assert actions.fold(now=NOW).entries == 19
    assert assert_rebuild_is_the_same()["case.registered", "370705", NOW.date()] == 19


def test_new_rules_count_anew(committed, monkeypatch):
    write(1, "register", to="registered")
    actions.fold(now=NOW)

    def other(fact):
        yield Delta("case.seen", fact.day)

    newer = FoldCursor.objects.get(name="case").version + 1
    monkeypatch.setattr(actions, "fold_rules", lambda: (FoldRule("case", other, version=newer),))
    assert actions.fold(now=NOW).entries == 1
    assert {name for name, _, _ in tallies()} == {"case.seen"}
    assert FoldCursor.objects.get(name="case").version == newer


def test_rates_in_one_query(committed, django_assert_num_queries):
    for subject, grade in enumerate((5, 4, 2), start=1):
        write(subject, "rate", rating=grade, solved=True)
    actions.fold(now=NOW)
    with django_assert_num_queries(1):
        found = rates(
            ["case.satisfaction", "case.on_time"], ["370705", "370705002"], NOW.date(), NOW.date()
        )
    assert found["370705"]["case.satisfaction"].shown == "66.67%"
    assert found["370705"]["case.on_time"].shown == "—", "nothing fell due: neither 0 nor 100 %"
    assert found["370705002"]["case.satisfaction"].percent is None


def test_a_key_is_plugged_in_once():
    with pytest.raises(Duplicate):
        register_fold("case", lambda fact: ())
    with pytest.raises(Duplicate):
        register_indicators([indicator("case.on_time")])
    assert len(all_indicators()) >= 8
