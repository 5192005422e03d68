"""What each verb of a case adds to the measures."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from linli.base.indicators.folding import summed
from linli.base.indicators.models import STOCK
from linli.base.indicators.queries import rate_from
from linli.base.indicators.registry import Fact, FoldRule, indicator
from linli.work.cases.indicators import HANDLING, fold

ZONE = ZoneInfo("Asia/Shanghai")
GRID = "370705001001001"
MON, TUE, FRI = date(2026, 3, 16), date(2026, 3, 17), date(2026, 3, 20)
NINE = datetime(2026, 3, 16, 9, 0, tzinfo=ZONE)


def iso(day: date, hour: int = 17) -> str:
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZONE).isoformat()


def counted(verb: str, at: datetime = NINE, area: str = GRID, **data):
    """Return the tallies of one entry in its community, without the levels above."""
    data = {key.rstrip("_"): value for key, value in data.items()}
    fact = Fact(verb, at, at.date(), area, data)
    total = summed(FoldRule("case", fold), [fact])
    return {(name[5:], day): n for (name, code, day), n in total.items() if code == area[:12]}


def opened(state: str, n: int = 1) -> dict:
    return {(f"open.{state}", STOCK): n}


def test_register():
    assert counted(
        "register", category="0101", top="01", nature="help", channel="hotline",
        accept_due=iso(TUE, 9), to="registered",
    ) == {
        ("registered", MON): 1,
        ("registered.top.01", MON): 1,
        ("registered.nature.help", MON): 1,
        ("registered.channel.hotline", MON): 1,
        ("accept_due", TUE): 1,
        ("clock", TUE): 1,
        ("open", STOCK): 1,
    } | opened("registered")  # fmt: skip


def test_accept_on_the_day_it_fell_due():
    moved = opened("registered", -1) | opened("accepted") | {("clock", TUE): -1, ("clock", FRI): 1}
    told = {"from_": "registered", "to": "accepted", "was_clock": iso(TUE), "clock": iso(FRI)}
    assert counted("accept", on_time=True, **told) == moved | {("accept_on_time", TUE): 1}
    assert counted("accept", on_time=False, **told) == moved


def test_decline_is_an_answer_but_never_due():
    assert counted("decline", from_="registered", to="declined", was_clock=iso(MON)) == {
        ("declined", MON): 1,
        ("accept_on_time", MON): 1,
        ("clock", MON): -1,
        ("open", STOCK): -1,
    } | opened("registered", -1)
    late = counted("decline", from_="registered", to="declined", was_clock=iso(MON, 8))
    assert ("accept_on_time", MON) not in late


def test_dispatch_falls_due_on_its_day():
    assert counted(
        "dispatch", from_="accepted", to="dispatched", redispatch=False, unit=1, due=iso(FRI),
        contact_due=iso(TUE), was_clock=iso(MON), clock=iso(FRI),
    ) == {
        ("dispatched", MON): 1,
        ("due", FRI): 1,
        ("contact_due", TUE): 1,
        ("clock", MON): -1,
        ("clock", FRI): 1,
    } | opened("accepted", -1) | opened("dispatched")  # fmt: skip


def test_redispatch_moves_the_limit_and_never_counts_twice():
    assert counted("dispatch", redispatch=True, unit=2) == {}
    moved = counted("dispatch", redispatch=True, unit=2, was_due=iso(TUE), due=iso(FRI))
    assert moved == {("due", TUE): -1, ("due", FRI): 1}


def test_extension_moves_the_limit():
    moved = counted("extend", was_due=iso(TUE), due=iso(FRI), was_clock=iso(TUE), clock=iso(FRI))
    assert moved == {("due", TUE): -1, ("due", FRI): 1, ("clock", TUE): -1, ("clock", FRI): 1}


def test_a_suspension_moves_the_limit_too():
    moved = counted("resume", was_due=iso(TUE), due=iso(FRI), was_clock=iso(TUE), clock=iso(FRI))
    assert moved == {("due", TUE): -1, ("due", FRI): 1, ("clock", TUE): -1, ("clock", FRI): 1}


def test_a_corrected_place_takes_the_case_along():
    fact = Fact("dispatch", NINE, MON, GRID, {
        "from": "accepted", "to": "dispatched", "was_area": "370705002001001",
        "was_clock": iso(MON), "clock": iso(FRI), "due": iso(FRI), "redispatch": False,
    })  # fmt: skip
    total = summed(FoldRule("case", fold), [fact])
    assert total["case.open", "370705002", STOCK] == -1
    assert total["case.open", "370705001", STOCK] == 1
    assert ("case.open", "370705", STOCK) not in total, "the district has as many as before"
    assert total["case.clock", "370705002001", MON] == -1
    assert total["case.clock", "370705001001", FRI] == 1


def test_contact():
    assert counted("contact", on_time=True, due=iso(TUE)) == {
        ("contacted", MON): 1,
        ("contact_on_time", TUE): 1,
    }
    assert counted("contact", on_time=False, due=iso(MON)) == {("contacted", MON): 1}


def test_sign_in_and_done_only_move_the_case():
    assert counted("sign_in", from_="dispatched", to="in_hand", unit=1) == (
        opened("dispatched", -1) | opened("in_hand")
    )
    assert counted(
        "report_done", from_="in_hand", to="done", on_time=True, was_clock=iso(FRI), clock=iso(TUE)
    ) == opened("in_hand", -1) | opened("done") | {("clock", FRI): -1, ("clock", TUE): 1}


def test_send_back_is_a_check_and_rework():
    assert counted("send_back", from_="done", to="in_hand") == (
        {("checks", MON): 1, ("rework", MON): 1} | opened("done", -1) | opened("in_hand")
    )


@pytest.mark.parametrize("on_time", [True, False])
def test_close(on_time):
    expected = {
        ("closed", MON): 1,
        ("checks", MON): 1,
        ("due_closed", FRI): 1,
        (HANDLING.measure(100)[5:], MON): 1,
        ("open", STOCK): -1,
        ("clock", TUE): -1,
    } | opened("done", -1)
    if on_time:
        expected["closed_on_time", FRI] = 1
    assert expected == counted(
        "close", from_="done", to="closed", on_time=on_time, due=iso(FRI), minutes=100,
        was_clock=iso(TUE), settled_on_spot=False,
    )  # fmt: skip


def test_settled_on_the_spot_was_never_due():
    assert counted(
        "settle", from_="registered", to="closed", on_time=True, due=None, settled_on_spot=True,
        was_clock=iso(MON),
    ) == {
        ("closed", MON): 1,
        ("settled", MON): 1,
        ("accept_on_time", MON): 1,
        ("clock", MON): -1,
        ("open", STOCK): -1,
    } | opened("registered", -1)  # fmt: skip


def test_returns():
    assert counted("ask_return", unit=1, proposed=2) == {("returns_asked", MON): 1}
    assert counted("refuse_return", unit=1) == {("returns_refused", MON): 1}
    granted = counted("grant_return", from_="in_hand", to="dispatched", unit=2)
    assert granted == {("returns_granted", MON): 1} | opened("in_hand", -1) | opened("dispatched")


def test_call_back_and_rating():
    assert counted("call_back", reached=False, solved=None, rating=None) == {("call_backs", MON): 1}
    assert counted("call_back", reached=True, solved=False, rating=2) == {
        ("call_backs", MON): 1,
        ("call_backs_reached", MON): 1,
        ("rated.2", MON): 1,
        ("solved_asked", MON): 1,
    }
    assert counted("rate", rating=5, solved=True) == {
        ("rated.5", MON): 1,
        ("solved_asked", MON): 1,
        ("solved", MON): 1,
    }


def test_a_later_answer_replaces_the_earlier():
    changed = counted("rate", rating=5, was_rating=2, solved=True, was_solved=False)
    assert changed == {("rated.2", MON): -1, ("rated.5", MON): 1, ("solved", MON): 1}
    assert counted("rate", rating=4, was_rating=4, solved=True, was_solved=True) == {}
    worse = counted("rate", rating=4, was_rating=4, solved=False, was_solved=True)
    assert worse == {("solved", MON): -1}


def test_an_area_known_to_the_subdistrict_counts_there():
    total = summed(FoldRule("case", fold), [Fact("ask_return", NINE, MON, "370705001", {})])
    assert total == Counter(
        {("case.returns_asked", "370705", MON): 1, ("case.returns_asked", "370705001", MON): 1}
    )


def test_published_month_of_tianmen():
    """Due 972, closed 911: 93.72 %; on time 737: 75.82 %."""
    facts = []
    for number in range(972):
        facts.append(Fact("dispatch", NINE, MON, GRID, {"due": iso(FRI)}))
        if number < 911:
            told = {"due": iso(FRI), "on_time": number < 737}
            facts.append(Fact("close", NINE, MON, GRID, told))
    total = summed(FoldRule("case", fold), facts)
    measured = {
        name: n for (name, area, day), n in total.items() if (area, day) == (GRID[:12], FRI)
    }
    closing = rate_from(indicator("case.closing"), measured)
    on_time = rate_from(indicator("case.on_time"), measured)
    assert (closing.numerator, closing.denominator, closing.shown) == (911, 972, "93.72%")
    assert (on_time.numerator, on_time.denominator, on_time.shown) == (737, 972, "75.82%")


def test_buckets_and_quantiles():
    names = HANDLING.measures
    assert len(names) == len(HANDLING.edges) + 1
    assert HANDLING.measure(0) == HANDLING.measure(5) == names[0]
    assert HANDLING.measure(6) == names[1]
    assert HANDLING.measure(10**6) == names[-1]
    assert HANDLING.quantile(0.5, {}) is None
    exact = sorted(range(1, 2001))
    measured = Counter(HANDLING.measure(minutes) for minutes in exact)
    for share in (0.5, 0.9):
        true = exact[int(share * len(exact)) - 1]
        assert HANDLING.quantile(share, measured) == pytest.approx(true, rel=0.2)
