"""A week of a tiny district, counted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import Max
from django.utils import timezone

from factories import MONDAY, make_area, make_case, make_district
from linli.base.accounts.models import Account
from linli.base.indicators import actions as indicators
from linli.kernel.ledger.models import Entry
from linli.work.cases.actions import settle_on_spot, take_step

FRIDAY = MONDAY + timedelta(days=4, hours=1)


@pytest.fixture
def now(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: FRIDAY)
    return FRIDAY


@pytest.fixture
def count(monkeypatch):
    """Count the ledger of this test's own transaction, as if it had been committed."""
    monkeypatch.setattr(
        indicators,
        "settled_before",
        lambda: (Entry.objects.aggregate(last=Max("tx"))["last"] or 0) + 1,
    )
    return lambda: indicators.rebuild(now=FRIDAY)


@pytest.fixture
def world(db):
    return make_district()


def take(name, case, actor, when, **data):
    take_step(name, case.pk, actor=actor, now=when, data=data)


def handled(world, done_after: timedelta | None, *, urgency="urgent", start=MONDAY):
    """Register, accept, dispatch, sign in and contact; report done and close where asked."""
    case = make_case(world, urgency=urgency, now=start).case
    take("accept", case, world.dispatcher, start + timedelta(minutes=5))
    take("dispatch", case, world.dispatcher, start + timedelta(minutes=6), unit=world.grid_unit.pk)
    take("sign_in", case, world.grid_worker, start + timedelta(minutes=20))
    take("contact", case, world.grid_worker, start + timedelta(minutes=30))
    if done_after is not None:
        take("report_done", case, world.grid_worker, start + done_after, result="已清运")
        end = start + done_after + timedelta(minutes=10)
        take("close", case, world.community_worker, end, result="已清运")
    return case


@pytest.fixture
def week(world, now, count):
    """In time and satisfied; late and not satisfied; open and overdue; near; declined; settled."""
    good = handled(world, timedelta(hours=2))
    take("rate", good, world.resident, MONDAY + timedelta(hours=4), rating="5", solved="yes")
    late = handled(world, timedelta(days=2))
    take("rate", late, world.resident, MONDAY + timedelta(days=3), rating="1", solved="no")
    take("rate", late, world.resident, MONDAY + timedelta(days=3), rating="2", solved="no")
    handled(world, None)
    back = handled(world, None, urgency="complex")
    take("report_done", back, world.grid_worker, MONDAY + timedelta(hours=3), result="好了")
    take("send_back", back, world.community_worker, MONDAY + timedelta(hours=4), note="没有清")
    elsewhere = make_area("370705002001001")
    make_case(world, now=FRIDAY - timedelta(minutes=10), area=elsewhere)
    missed = make_case(world, now=FRIDAY - timedelta(minutes=55), area=elsewhere).case
    declined = make_case(world, now=MONDAY).case
    take("decline", declined, world.dispatcher, MONDAY + timedelta(hours=1),
         reason="unclear", note="联系不上")  # fmt: skip
    settle_on_spot(
        actor=world.grid_worker, now=MONDAY, result="已扶正", intake_key="spot", channel="patrol",
        title="路牌歪了", text="扶正", category=world.category, area=world.grid,
    )  # fmt: skip
    count()
    world.missed = missed
    return world


@pytest.fixture
def log_in(client):
    def enter(actor):
        client.force_login(
            Account.objects.get(pk=actor.account_id),
            backend="django.contrib.auth.backends.ModelBackend",
        )
        return client

    return enter
