"""Taking steps: turns, keys, scope, rollback, and two at once."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from django.db import connections
from django.http import Http404

from factories import MONDAY, make_case, make_district
from linli.kernel.flow import Flow, SomeoneFaster, Step, UnknownStep, mermaid, perform, states
from linli.kernel.ledger.models import Entry
from linli.kernel.scope import ANONYMOUS
from linli.work.cases.flow import CASE_FLOW, allows
from linli.work.cases.models import Case


@pytest.mark.django_db
class TestOne:
    def test_a_stale_page_is_told_who_and_when_in_local_time(self):
        world = make_district()
        case = make_case(world).case
        perform(CASE_FLOW, "accept", case.pk, actor=world.dispatcher, now=MONDAY, expected=1)
        with pytest.raises(SomeoneFaster) as caught:
            perform(
                CASE_FLOW,
                "add_note",
                case.pk,
                actor=world.dispatcher,
                now=MONDAY,
                expected=1,
                data={"note": "x"},
            )
        assert "09:00:00" in str(caught.value)
        assert world.dispatcher.name in str(caught.value)

    def test_an_effect_that_fails_takes_everything_back(self):
        world = make_district()
        case = make_case(world).case

        def broken(_context):
            raise RuntimeError("no")

        steps = tuple(
            replace(step, effects=(*step.effects, broken)) if step.name == "accept" else step
            for step in CASE_FLOW.steps
        )
        with pytest.raises(RuntimeError):
            perform(
                replace(CASE_FLOW, steps=steps),
                "accept",
                case.pk,
                actor=world.dispatcher,
                now=MONDAY,
            )
        case.refresh_from_db()
        assert (case.state, case.version) == ("registered", 1)
        assert Entry.objects.filter(subject_type="case", subject_id=case.pk).count() == 1

    def test_nobody_outside_learns_that_it_exists(self):
        world = make_district()
        case = make_case(world).case
        for actor in (ANONYMOUS, world.other_dispatcher):
            with pytest.raises(Http404):
                perform(CASE_FLOW, "accept", case.pk, actor=actor, now=MONDAY)

    def test_unknown_steps_and_bad_tables(self):
        with pytest.raises(UnknownStep):
            CASE_FLOW.step("fly")
        with pytest.raises(ValueError, match="unknown states"):
            Flow(
                "x",
                Case,
                {"a": "A"},
                "a",
                (Step("s", "S", states("b"), None, "p"),),
                Case.objects.none,
                allows,
            )

    def test_ledger_replay_gives_the_same_state(self):
        world = make_district()
        case = make_case(world).case
        perform(CASE_FLOW, "accept", case.pk, actor=world.dispatcher, now=MONDAY)
        perform(
            CASE_FLOW,
            "dispatch",
            case.pk,
            actor=world.dispatcher,
            now=MONDAY,
            data={"unit": world.grid_unit.pk},
        )
        state = None
        for entry in Entry.objects.filter(subject_type="case", subject_id=case.pk).order_by("seq"):
            if "to" in entry.data:
                assert entry.data.get("from") == state
                state = entry.data["to"]
        case.refresh_from_db()
        assert state == case.state


def test_of_two_at_once_exactly_one_wins(committed):
    world = make_district()
    case = make_case(world).case
    barrier, results = threading.Barrier(2), []

    def race(actor) -> None:
        barrier.wait(5)
        try:
            perform(CASE_FLOW, "accept", case.pk, actor=actor, now=MONDAY, expected=1)
            results.append("won")
        except SomeoneFaster as error:
            results.append(str(error))
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=race, args=(actor,))
        for actor in (world.dispatcher, world.district_dispatcher)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results.count("won") == 1
    assert any("慢了一步" in text for text in results)
    assert Entry.objects.filter(subject_type="case", subject_id=case.pk, verb="accept").count() == 1


def test_the_diagram_names_every_state_and_step():
    text = mermaid(CASE_FLOW)
    assert all(f"  {name}: " in text for name in CASE_FLOW.states)
    assert all(str(step.label) in text for step in CASE_FLOW.steps)
