"""Response, satisfaction and resolution, counted by hand over every way to answer."""

from __future__ import annotations

from datetime import timedelta

import pytest

from factories import MONDAY, make_case
from linli.insight.cockpit.panel import panel_of
from linli.insight.cockpit.periods import period_of
from linli.insight.cockpit.scope import view_of
from linli.kernel.scope import ANONYMOUS
from linli.work.cases.actions import rate_by_link, rate_tracked, take_step
from linli.work.cases.rating_links import token_for

FRIDAY = MONDAY + timedelta(days=4, hours=1)  # as in conftest
HOUR = timedelta(hours=1)


def closed(world, *, contact=HOUR / 2, end=True, actor=None, **more):
    """Carry a case from Monday morning to its end; `contact` is when the reporter is called."""
    case = make_case(world, actor=actor, urgency="urgent", now=MONDAY, **more).case
    acts = [
        (timedelta(minutes=5), "accept", world.dispatcher, {}),
        (timedelta(minutes=6), "dispatch", world.dispatcher, {"unit": world.grid_unit.pk}),
        (timedelta(minutes=20), "sign_in", world.grid_worker, {}),
    ]
    if contact is not None:
        acts.append((contact, "contact", world.grid_worker, {}))
    if end:
        after = max(contact or HOUR, HOUR)
        acts.append((after, "report_done", world.grid_worker, {"result": "清了"}))
        acts.append((after + HOUR, "close", world.community_worker, {"result": "清了"}))
    for after, step, who, data in sorted(acts, key=lambda act: act[0]):
        take_step(step, case.pk, actor=who, now=MONDAY + after, data=data)
    case.refresh_from_db()
    return case


def answered(rating, solved):
    return {"rating": str(rating), "solved": solved}


@pytest.fixture
def answers(world, now, count):
    later, resident = MONDAY + 5 * HOUR, world.resident

    def own(rating, solved):
        case = closed(world)
        take_step("rate", case.pk, actor=resident, now=later, data=answered(rating, solved))
        return case

    def phoned(**data):
        take_step("call_back", closed(world).pk, actor=world.agent, now=later, data=data)

    stranger = {"actor": ANONYMOUS, "reporter_phone": "19000001234"}
    own(5, "yes")
    own(4, "yes")
    own(3, "yes")  # content enough to be solved, not among the satisfied
    rate_by_link(token_for(closed(world, **stranger).pk, later), now=later, data=answered(2, "no"))
    rate_tracked(closed(world, **stranger), now=later, data=answered(1, "no"))
    phoned(reached="yes", rating="4", solved="no")
    phoned(reached="no")  # nobody answered: neither rated nor asked
    phoned(reached="yes", solved="yes", rating="")  # no grade was given
    changed = own(1, "no")
    take_step("rate", changed.pk, actor=resident, now=later + HOUR, data=answered(5, "yes"))
    closed(world, contact=2 * timedelta(days=1))  # called a day too late
    closed(world, contact=None, end=False)  # never called
    closed(world, contact=None, actor=ANONYMOUS)  # left no way to be called
    count()
    return world


def test_the_three_rates_are_what_a_hand_counts(answers):
    view = view_of(answers.lead, "")
    rates = panel_of(answers.lead, view, period_of("30d", FRIDAY.date()), FRIDAY).total.rates
    found = {name: rates[name].rate for name in ("response", "satisfaction", "resolution")}
    counted = {name: (rate.numerator, rate.denominator) for name, rate in found.items()}
    assert counted == {
        "response": (9, 11),  # eleven left a way to be called, two were not called in time
        "satisfaction": (4, 7),  # grades 5 4 3 2 1 4 5, the last in place of a 1
        "resolution": (5, 8),  # yes yes yes no no no yes yes
    }
    assert {name: rate.shown for name, rate in found.items()} == {
        "response": "81.82%", "satisfaction": "57.14%", "resolution": "62.50%",
    }  # fmt: skip


def test_without_an_answer_there_is_no_rate(world, now, count):
    closed(world, contact=None, actor=ANONYMOUS)
    count()
    view = view_of(world.lead, "")
    rates = panel_of(world.lead, view, period_of("30d", FRIDAY.date()), FRIDAY).total.rates
    for name in ("response", "satisfaction", "resolution"):
        assert (rates[name].rate.denominator, rates[name].rate.shown) == (0, "—")
