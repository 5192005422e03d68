"""Working time: holidays, make-up days, local exceptions, and the laws of adding."""

from __future__ import annotations

import time as clock
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.kernel.ledger.models import Entry
from linli.kernel.scope import SYSTEM
from linli.kernel.worktime import rules
from linli.kernel.worktime.actions import set_hours, set_override
from linli.kernel.worktime.calendar import is_estimated
from linli.kernel.worktime.clock import Clock
from linli.kernel.worktime.reckon import (
    add_working_days,
    add_working_minutes,
    is_open,
    working_minutes_between,
)

pytestmark = pytest.mark.django_db
SH = ZoneInfo("Asia/Shanghai")


@pytest.fixture(autouse=True)
def fresh():
    rules.forget()
    yield
    rules.forget()


def at(year, month, day, hour=9, minute=0):
    return datetime(year, month, day, hour, minute, tzinfo=SH)


def test_minutes_skip_lunch_night_and_weekend():
    assert add_working_minutes(at(2026, 3, 16, 11, 45), 30) == at(2026, 3, 16, 13, 45)
    assert add_working_minutes(at(2026, 3, 20, 17, 20), 30) == at(2026, 3, 23, 8, 50)
    assert add_working_minutes(at(2026, 3, 21, 3, 0), 30) == at(2026, 3, 23, 9, 0)
    assert add_working_minutes(at(2026, 3, 16, 11, 30), 30) == at(2026, 3, 16, 12, 0)


def test_national_day_2025_with_its_make_up_days():
    # 1 to 8 October off; Sunday 28 September and Saturday 11 October are worked.
    assert add_working_days(at(2025, 9, 26), 1) == at(2025, 9, 28, 17, 30)
    assert add_working_days(at(2025, 9, 30), 1) == at(2025, 10, 9, 17, 30)
    assert add_working_days(at(2025, 9, 30), 3) == at(2025, 10, 11, 17, 30)
    assert not is_open(at(2025, 10, 6))
    assert is_open(at(2025, 10, 11))


def test_across_new_year_and_unknown_years():
    assert add_working_days(at(2025, 12, 31), 1).date() > date(2026, 1, 1)
    assert is_estimated(2040)
    assert not is_estimated(2025)
    assert add_working_days(at(2040, 6, 1), 1) == at(2040, 6, 4, 17, 30)
    assert add_working_days(at(2026, 1, 5), 1500).year >= 2031


def test_local_exceptions_and_hours_reach_their_area_only():
    set_override(
        actor=SYSTEM,
        now=at(2026, 1, 1),
        day=date(2026, 3, 17),
        is_workday=False,
        area_prefix="370705001",
    )
    assert add_working_days(at(2026, 3, 16), 1, "370705001001") == at(2026, 3, 18, 17, 30)
    assert add_working_days(at(2026, 3, 16), 1, "370705002001") == at(2026, 3, 17, 17, 30)
    set_hours(
        actor=SYSTEM,
        now=at(2026, 1, 1),
        periods=[("09:00", "20:00")],
        valid_from=date(2026, 3, 18),
        area_prefix="370705002",
    )
    assert add_working_days(at(2026, 3, 16), 1, "370705002001") == at(2026, 3, 17, 17, 30)
    assert add_working_days(at(2026, 3, 16), 2, "370705002001") == at(2026, 3, 18, 20, 0)
    assert set(Entry.objects.values_list("subject_type", flat=True)) == {
        "worktime.override",
        "worktime.hours",
    }


@pytest.mark.parametrize(
    "periods", [[], [("9", "x")], [("10:00", "09:00")], [("08:00", "12:00"), ("11:00", "13:00")]]
)
def test_bad_hours_are_refused(periods):
    with pytest.raises(ValidationError):
        set_hours(actor=SYSTEM, now=at(2026, 1, 1), periods=periods, valid_from=date(2026, 1, 1))


moments = st.datetimes(datetime(2024, 1, 1), datetime(2026, 12, 1)).map(
    lambda naive: naive.replace(microsecond=0, second=0, tzinfo=UTC)
)


@given(moments, st.integers(1, 5000), st.integers(1, 5000))
@settings(max_examples=80, deadline=None)
def test_adding_is_additive_and_measured_back(start, first, second):
    there = add_working_minutes(start, first)
    assert there > start
    assert add_working_minutes(there, second) == add_working_minutes(start, first + second)
    assert working_minutes_between(start, there) == first


@given(moments, moments, st.integers(0, 40))
@settings(max_examples=60, deadline=None)
def test_later_starts_never_end_earlier(one, other, days):
    early, late = sorted((one, other))
    assert add_working_days(early, days) <= add_working_days(late, days)
    assert add_working_minutes(early, days * 60) <= add_working_minutes(late, days * 60)


@given(moments, st.integers(60, 3000), st.integers(0, 2000), st.integers(0, 5000))
@settings(max_examples=60, deadline=None)
def test_a_pause_adds_exactly_its_working_time(start, limit, run, rest):
    paused_at = add_working_minutes(start, run) if run else start
    resumed = paused_at + timedelta(minutes=rest)
    stopped = Clock(limit, start).pause(paused_at)
    assert stopped.due() is None
    used = min(run, limit)
    due = stopped.resume(resumed).due()
    assert due == add_working_minutes(resumed, limit - used)
    if run < limit:
        gained = working_minutes_between(paused_at, resumed)
        assert working_minutes_between(start, due) == limit + gained


def test_a_hundred_thousand_deadlines_take_about_a_second():
    add_working_minutes(at(2026, 3, 16), 1)
    began = clock.perf_counter()
    for number in range(20_000):
        add_working_minutes(at(2026, 3, 16), number % 3000, "370705001001")
    assert (clock.perf_counter() - began) * 5 < 4
