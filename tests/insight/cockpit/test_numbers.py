"""Each number equals the rows it opens."""

from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import urlsplit

import pytest
from django.http import QueryDict
from django.utils import timezone

from factories import DEMO_LOGINS, DEMO_NOW, MONDAY, make_town
from linli.base.areas.models import Area
from linli.insight.cockpit import beneath
from linli.insight.cockpit.panel import panel_of
from linli.insight.cockpit.periods import period_of
from linli.insight.cockpit.scope import view_of
from linli.kernel.scope import Actor, Grant
from linli.work.cases.demo import load_demo
from linli.work.cases.filters import CaseFilter
from linli.work.cases.queries import visible_cases

FRIDAY = MONDAY + timedelta(days=4, hours=1)  # as in conftest
TODAY = FRIDAY.date()


def rows_at(href: str, actor, now=FRIDAY) -> int:
    """Return how many rows a link shows (entries of the ledger: what they add up to)."""
    address = urlsplit(href)
    query = QueryDict(address.query)
    if address.path == "/desk/cases/":
        found = CaseFilter(query, queryset=visible_cases(actor), now=now)
        assert found.form.is_valid(), found.form.errors
        return found.qs.count()
    assert address.path == "/desk/cockpit/rows/"
    start, end = (date.fromisoformat(query[name]) for name in ("start", "end"))
    total, after = 0, None
    while True:
        rows, after = beneath.page_of(query.getlist("m"), query["area"], start, end, after)
        total += sum(row.n for row in rows)
        if after is None:
            return total


def panel(actor, area="", key="30d"):
    return panel_of(actor, view_of(actor, area), period_of(key, TODAY), FRIDAY)


def test_the_week_adds_up(week):
    total = panel(week.lead).total
    assert (total.registered, total.open, total.closed) == (8, 4, 3)
    assert total.near == 1
    assert total.overdue == 2, "one past its limit since Tuesday, one not accepted this morning"
    shown = {key: (cell.rate.numerator, cell.rate.denominator) for key, cell in total.rates.items()}
    assert shown == {
        "on_time": (1, 3),
        "acceptance": (5, 6),
        "response": (4, 4),
        "satisfaction": (1, 2),
        "resolution": (1, 2),
        "rework": (1, 3),
        "returns": (0, 4),
    }
    assert total.rates["on_time"].missed
    assert not total.rates["response"].missed


@pytest.mark.parametrize("key", ["today", "7d", "30d", "month", "last_month", "quarter"])
@pytest.mark.parametrize("area", ["370705", "370705001", "370705002", "370705001001"])
def test_every_number_equals_its_rows(week, area, key):
    found = panel(week.lead, area, key)
    for row in (found.total, *found.parts):
        for name, href in row.hrefs.items():
            assert getattr(row, name) == rows_at(href, week.lead), (row.area, name)
        for cell in row.rates.values():
            assert cell.rate.numerator == rows_at(cell.numerator_href, week.lead), cell
            assert cell.rate.denominator == rows_at(cell.denominator_href, week.lead), cell
    for category in found.categories:
        assert category.count == rows_at(category.href, week.lead)


def test_parts_add_up_to_the_whole(week):
    found = panel(week.lead)
    assert [row.area.code for row in found.parts] == ["370705001", "370705002"]
    assert sum(row.overdue for row in found.parts) == found.total.overdue
    assert sum(row.near for row in found.parts) == found.total.near
    assert found.elsewhere == 0


def test_what_is_not_yet_due_today_waits_until_tomorrow(week):
    period = period_of("30d", TODAY)
    assert (period.end, period.due_end) == (TODAY, date(2026, 3, 19))
    alone = period_of("today", TODAY)
    assert alone.due_end == TODAY


def test_a_dash_where_nothing_was_due(week):
    quiet = panel(week.lead, "370705002", "last_month").total
    assert {cell.rate.shown for cell in quiet.rates.values()} == {"—"}
    assert not quiet.missed
    assert (quiet.typical, quiet.slowest) == ("—", "—")


def test_the_overdue_list_starts_with_the_longest(week):
    late = panel(week.lead).late
    assert len(late) == 2
    assert late[0].deadline_at < late[1].deadline_at
    assert late[1].pk == week.missed.pk


@pytest.mark.parametrize("key", ["today", "30d", "quarter"])
def test_half_a_year_of_cases_equals_its_rows(db, count, key, tmp_path, settings):
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path},
        }
    }
    make_town()
    load_demo(now=DEMO_NOW, count=600, focus=DEMO_LOGINS)
    count()
    district = Area.objects.get(level="district")
    lead = Actor(kind="staff", grants=(Grant("district_lead", district.code),))
    period = period_of(key, timezone.localtime(DEMO_NOW).date())
    found = panel_of(lead, view_of(lead, ""), period, DEMO_NOW)
    assert found.total.open > 20
    for row in (found.total, *found.parts):
        for name, href in row.hrefs.items():
            assert getattr(row, name) == rows_at(href, lead, DEMO_NOW), (row.area, name)
        for cell in row.rates.values():
            assert cell.rate.numerator == rows_at(cell.numerator_href, lead, DEMO_NOW), cell
            assert cell.rate.denominator == rows_at(cell.denominator_href, lead, DEMO_NOW), cell
            assert cell.rate.share is None or 0 <= cell.rate.share <= 1, cell
    for category in found.categories:
        assert category.count == rows_at(category.href, lead, DEMO_NOW)
