"""Whatever people do with a case and its sub-tasks, in whatever order, the books stay right."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

import pytest
from django.db import transaction
from django.http import Http404
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from factories import MONDAY, make_case, make_district
from linli.kernel.flow import StepRefused
from linli.kernel.ledger.models import Entry
from linli.work.cases.actions import take_step
from linli.work.cases.flow import CASE_FLOW
from linli.work.cases.models import OPEN_STATES, Case, State
from linli.work.cases.tasks.actions import open_tasks, take_task_step
from linli.work.cases.tasks.flows import FLOWS
from linli.work.cases.tasks.follow_ups import open_follow_ups
from linli.work.cases.tasks.models import ENDED_STATES, SubTask
from linli.work.cases.tasks.opening import OPENINGS

pytestmark = pytest.mark.django_db
HELD = {State.DISPATCHED, State.IN_HAND, State.DONE}
PEOPLE = (
    "dispatcher", "district_dispatcher", "community_worker", "grid_worker", "handler", "agent",
    "lead", "resident",
)  # fmt: skip


class Desk(RuleBasedStateMachine):
    """One case, everybody who may touch it, and a clock that only goes forward."""

    world: ClassVar = None
    taken: ClassVar[set[str]] = set()

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()

    @initialize(far=st.integers(0, 5))
    def report(self, far: int) -> None:
        """Begin anywhere between a fresh report and a closed case."""
        self.now, self.count = MONDAY, 0
        self.case_id = make_case(self.world).case.pk
        self.lead = make_case(self.world, actor=self.world.agent).case
        people = self.world
        way = (
            ("accept", people.dispatcher), ("dispatch", people.dispatcher),
            ("sign_in", people.grid_worker), ("report_done", people.grid_worker),
            ("close", people.community_worker),
        )  # fmt: skip
        for name, actor in way[:far]:
            take_step(name, self.case_id, actor=actor, now=self.now,
                      data=self.values(self.units()[0]))  # fmt: skip

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    def values(self, unit) -> dict:
        later = (self.now + timedelta(days=9)).date().isoformat()
        return {
            "unit": unit.pk, "proposed": unit.pk, "units": [self.world.department.pk], "note": "说明",
            "result": "已处理", "reason": "outside_duty", "ruling": "同意", "text": "事由",
            "place": "东门", "days": 5, "until": later, "rating": "2", "solved": "no",
            "reached": "yes", "urgency": "ordinary", "into": self.lead.number,
        }  # fmt: skip

    def units(self):
        return (
            self.world.grid_unit, self.world.community_unit, self.world.department,
            self.world.subdistrict_unit,
        )  # fmt: skip

    @rule(minutes=st.integers(1, 3 * 24 * 60))
    def wait(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule(unit=st.integers(0, 3), turn=st.integers(0, 60))
    def step(self, unit: int, turn: int) -> None:
        case = Case.objects.get(pk=self.case_id)
        open_to = [
            (actor, step.name)
            for actor in (getattr(self.world, who) for who in PEOPLE)
            for step in CASE_FLOW.available(case, actor)
            if step.name not in {"decline", "add_note", "settle", "merge"} or turn % 7 == 0
        ]
        if not open_to:
            return
        actor, name = open_to[turn % len(open_to)]
        try:
            with transaction.atomic():
                take_step(name, case.pk, actor=actor, now=self.now,
                          data=self.values(self.units()[unit]))  # fmt: skip
            self.taken.add(name)
        except (StepRefused, Http404):
            return

    @rule(turn=st.integers(0, 60))
    def begin(self, turn: int) -> None:
        self.count += 1
        case = Case.objects.select_related("unit").get(pk=self.case_id)
        open_to = [
            (actor, kind)
            for actor in (getattr(self.world, who) for who in PEOPLE)
            for kind, opening in OPENINGS.items()
            if opening.allows(actor, case)
        ]
        actor, kind = open_to[turn % len(open_to)]
        try:
            with transaction.atomic():
                open_tasks(kind, self.case_id, actor=actor, now=self.now,
                           data=self.values(self.world.department), key=f"m{self.count}")  # fmt: skip
            self.taken.add(kind)
        except (StepRefused, Http404):
            return

    @rule(turn=st.integers(0, 60))
    def act(self, turn: int) -> None:
        tasks = SubTask.objects.filter(case_id=self.case_id, ended_at=None).order_by("id")
        open_to = [
            (task, actor, step.name)
            for task in tasks
            for actor in (getattr(self.world, who) for who in PEOPLE)
            for step in FLOWS[task.kind].available(task, actor)
        ]
        if not open_to:
            return
        task, actor, name = open_to[turn % len(open_to)]
        try:
            with transaction.atomic():
                take_task_step(name, task.pk, actor=actor, now=self.now,
                               data=self.values(self.units()[0]))  # fmt: skip
            self.taken.add(f"{task.kind}.{name}")
        except (StepRefused, Http404):
            return

    @rule()
    def follow_up(self) -> None:
        open_follow_ups(now=self.now)

    @invariant()
    def one_holder_until_the_end(self) -> None:
        case = Case.objects.get(pk=self.case_id)
        if case.state in HELD:
            assert case.unit_id is not None
        assert (case.deadline_at is not None) == (case.state in OPEN_STATES)
        if case.paused_at:
            assert case.state in HELD
            assert SubTask.objects.filter(case=case, kind="suspension", state="paused").exists()

    @invariant()
    def a_merged_case_follows_and_is_followed(self) -> None:
        case, lead = Case.objects.get(pk=self.case_id), Case.objects.get(pk=self.lead.pk)
        merged = case.state == State.MERGED
        assert (case.merged_into_id == lead.pk) == merged
        assert (case.merged_into_id is None) == (not merged)
        assert lead.behind == int(merged)
        assert lead.is_open
        if merged:
            assert case.due_at is None

    @invariant()
    def no_clock_without_an_owner(self) -> None:
        for task in SubTask.objects.filter(case_id=self.case_id):
            assert task.unit_id is not None
            assert (task.due_at is None) == (task.state in ENDED_STATES)
            assert (task.ended_at is None) == (task.state not in ENDED_STATES)

    @invariant()
    def the_ledger_tells_the_same_story(self) -> None:
        case = Case.objects.get(pk=self.case_id)
        assert replay("case", case.pk) == (case.state, case.version)
        told = Entry.objects.filter(subject_type="case", subject_id=case.pk, data__has_key="unit")
        last = told.order_by("-seq").exclude(verb="ask_return").first()
        if last is not None:
            assert last.data["unit"] == case.unit_id
        for task in SubTask.objects.filter(case=case):
            assert replay(task.kind, task.pk) == (task.state, task.version)


def replay(kind: str, pk: int) -> tuple[str, int]:
    """Return state and version as the ledger alone tells them."""
    state, seq = "", 0
    for entry in Entry.objects.filter(subject_type=kind, subject_id=pk).order_by("seq"):
        assert entry.seq == seq + 1
        if "from" in entry.data and seq:
            assert entry.data["from"] == state
        state, seq = entry.data.get("to", state), entry.seq
    return state, seq


def test_the_books_stay_right():
    Desk.world, Desk.taken = make_district(), set()
    run_state_machine_as_test(
        seed(3)(Desk),  # the same walk whatever the text of this file
        settings=settings(
            max_examples=50, stateful_step_count=40, deadline=None, database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
    # The walk is worth something only where it got far and wide.
    assert len(Desk.taken) >= 25, sorted(Desk.taken)
    assert sum("." in name for name in Desk.taken) >= 10, sorted(Desk.taken)
