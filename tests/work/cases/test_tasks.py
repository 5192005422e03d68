"""Sub-tasks: each kind's life, its clock, what it does to the case, and what is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.http import Http404

from factories import MONDAY, make_case, make_district
from linli.kernel.flow import GuardFailed, InvalidStep, NotAllowed
from linli.kernel.ledger.models import Entry
from linli.work.cases.actions import take_step
from linli.work.cases.models import Case
from linli.work.cases.queries import get_case
from linli.work.cases.tasks.actions import open_tasks, take_task_step
from linli.work.cases.tasks.models import SubTask
from linli.work.cases.tasks.queries import listed_tasks

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def world():
    return make_district()


@pytest.fixture
def case(world):
    """Return a case in hand of the grid."""
    done = make_case(world).case
    take_step("accept", done.pk, actor=world.dispatcher, now=MONDAY)
    data = {"unit": world.grid_unit.pk, "urgency": "ordinary"}
    take_step("dispatch", done.pk, actor=world.dispatcher, now=MONDAY, data=data)
    take_step("sign_in", done.pk, actor=world.grid_worker, now=MONDAY)
    return Case.objects.get(pk=done.pk)


def begin(kind, case, actor, now=MONDAY, key="k", **data):
    return open_tasks(kind, case.pk, actor=actor, now=now, data={"text": "事由"} | data, key=key)


def go(step, task, actor, now=MONDAY, **data):
    take_task_step(step, task.pk, actor=actor, now=now, data=data)
    task.refresh_from_db()
    return task


class TestExtension:
    def test_granted_once_and_told(self, world, case):
        (task,) = begin("extension", case, world.grid_worker, days=10)
        assert (task.unit_id, task.level) == (world.subdistrict_unit.pk, "subdistrict")
        go("grant", task, world.dispatcher)
        case.refresh_from_db()
        assert case.due_at == task.until == case.deadline_at
        assert (task.state, task.due_at) == ("granted", None)
        entry = Entry.objects.get(subject_type="case", subject_id=case.pk, verb="extend")
        assert entry.data["due"] > entry.data["was_due"]
        assert entry.actor_id == world.dispatcher.account_id
        with pytest.raises(GuardFailed, match="延期一次"):
            begin("extension", case, world.grid_worker, days=1, key="second")

    @pytest.mark.parametrize("days", ["0", "11", "", "三天", "2.5"])
    def test_bad_days_are_named_at_the_field(self, world, case, days):
        with pytest.raises(InvalidStep) as refused:
            begin("extension", case, world.grid_worker, days=days)
        assert "days" in refused.value.form.errors
        assert not SubTask.objects.exists()

    def test_who_asks_does_not_grant(self, world, case):
        (task,) = begin("extension", case, world.grid_worker, days=3)
        with pytest.raises(NotAllowed):
            go("grant", task, world.grid_worker)
        with pytest.raises(Http404):
            go("grant", task, world.other_dispatcher)

    def test_one_at_a_time_and_harmless_when_sent_twice(self, world, case):
        first = begin("extension", case, world.grid_worker, days=3, key="same")
        again = begin("extension", case, world.grid_worker, days=3, key="same")
        assert [task.pk for task in first] == [task.pk for task in again]
        with pytest.raises(GuardFailed):
            begin("extension", case, world.grid_worker, days=3, key="other")

    def test_it_ends_when_the_case_leaves_the_unit(self, world, case):
        (task,) = begin("extension", case, world.grid_worker, days=3)
        ask = {"proposed": world.department.pk, "reason": "不归我们"}
        take_step("ask_return", case.pk, actor=world.grid_worker, now=MONDAY, data=ask)
        ruling = {"unit": world.department.pk, "ruling": "同意"}
        take_step("grant_return", case.pk, actor=world.dispatcher, now=MONDAY, data=ruling)
        task.refresh_from_db()
        assert (task.state, task.due_at) == ("cancelled", None)


class TestSuspension:
    def test_the_clock_stands_still_and_goes_on(self, world, case):
        was = case.due_at
        until = (MONDAY + timedelta(days=20)).date().isoformat()
        (task,) = begin("suspension", case, world.grid_worker, until=until)
        go("grant", task, world.dispatcher, until=until)
        case.refresh_from_db()
        assert case.paused_at == MONDAY
        assert case.deadline_at == task.due_at == task.until
        done = {"result": "好了"}
        with pytest.raises(GuardFailed, match="挂账"):
            take_step("report_done", case.pk, actor=world.grid_worker, now=MONDAY, data=done)
        go("resume", task, world.grid_worker, now=MONDAY + timedelta(days=7))
        case.refresh_from_db()
        # A week of seven days holds five working days; the end of handling moves by as much.
        assert case.due_at == was + timedelta(days=7)
        assert (case.paused_at, case.deadline_at) == (None, case.due_at)

    @pytest.mark.parametrize("until", ["2020-01-01", "2035-01-01"])
    def test_review_dates_are_near_and_ahead(self, world, case, until):
        with pytest.raises(GuardFailed, match="复核日期"):
            begin("suspension", case, world.grid_worker, until=until)

    def test_a_day_that_is_none(self, world, case):
        with pytest.raises(InvalidStep) as refused:
            begin("suspension", case, world.grid_worker, until="下周")
        assert "until" in refused.value.form.errors


class TestCoHandling:
    def test_the_case_waits_for_its_helpers(self, world, case):
        with pytest.raises(Http404):
            get_case(world.handler, case.pk)
        (task,) = begin("co_handling", case, world.grid_worker, units=[world.department.pk])
        assert get_case(world.handler, case.pk).pk == case.pk
        assert [row.pk for row in listed_tasks(world.handler, "mine")] == [task.pk]
        done = {"result": "好了"}
        with pytest.raises(GuardFailed, match="城市管理局"):
            take_step("report_done", case.pk, actor=world.grid_worker, now=MONDAY, data=done)
        go("sign_in", task, world.handler)
        with pytest.raises(NotAllowed):
            go("confirm", go("finish", task, world.handler, note="拆了"), world.handler)
        assert [row.pk for row in listed_tasks(world.grid_worker, "mine")] == [task.pk]
        go("confirm", task, world.grid_worker)
        take_step("report_done", case.pk, actor=world.grid_worker, now=MONDAY, data=done)
        with pytest.raises(Http404):
            get_case(world.handler, case.pk)

    def test_several_units_each_have_their_own(self, world, case):
        units = [world.department.pk, world.community_unit.pk]
        assert len(begin("co_handling", case, world.dispatcher, units=units)) == 2

    @pytest.mark.parametrize("units", [[], ["0"], ["abc"]])
    def test_no_such_unit(self, world, case, units):
        with pytest.raises(InvalidStep) as refused:
            begin("co_handling", case, world.grid_worker, units=units)
        assert "units" in refused.value.form.errors


class TestWhistle:
    def test_called_departments_sign_in_within_two_working_hours(self, world, case):
        (task,) = begin("whistle", case, world.community_worker, units=[world.department.pk],
                        place="三号楼下")  # fmt: skip
        assert task.due_at == MONDAY + 2 * HOUR
        go("sign_in", task, world.handler, now=MONDAY + HOUR)
        entry = Entry.objects.get(subject_type="whistle", verb="sign_in")
        assert entry.data["on_time"] is True
        go("arrive", task, world.handler, now=MONDAY + 2 * HOUR, lon="119.1", lat="36.7", note="到")
        assert (task.arrived_at, task.lon) == (MONDAY + 2 * HOUR, 119.1)
        go("finish", task, world.handler, note="清理完毕")
        go("send_back", task, world.community_worker, note="还有一处")
        go("finish", task, world.handler, note="都清了")
        assert go("confirm", task, world.community_worker).state == "ended"

    def test_late_is_late(self, world, case):
        (task,) = begin("whistle", case, world.community_worker, units=[world.department.pk],
                        place="三号楼下")  # fmt: skip
        go("sign_in", task, world.handler, now=MONDAY + 3 * HOUR)
        assert Entry.objects.get(subject_type="whistle", verb="sign_in").data["on_time"] is False

    def test_only_a_community_calls(self, world, case):
        with pytest.raises(NotAllowed):
            begin("whistle", case, world.grid_worker, units=[world.department.pk], place="x")

    def test_a_place_out_of_the_world(self, world, case):
        (task,) = begin("whistle", case, world.community_worker, units=[world.department.pk],
                        place="三号楼下")  # fmt: skip
        go("sign_in", task, world.handler)
        with pytest.raises(InvalidStep) as refused:
            go("arrive", task, world.handler, lon="1e9", lat="36", note="到")
        assert "lon" in refused.value.form.errors


class TestEscalation:
    def test_level_by_level_up_to_the_district(self, world, case):
        for unit, actor, taker in (
            (world.community_unit, world.grid_worker, world.community_worker),
            (world.subdistrict_unit, world.community_worker, world.dispatcher),
        ):
            (task,) = begin("escalation", case, actor, key=unit.name)
            go("take", task, taker)
            case.refresh_from_db()
            assert (case.unit_id, case.state) == (unit.pk, "dispatched")
            take_step("sign_in", case.pk, actor=taker, now=MONDAY)
        (task,) = begin("escalation", case, world.dispatcher, key="last")
        assert task.level == "district"
        with pytest.raises(NotAllowed):
            go("take", task, world.dispatcher)
        go("instruct", task, world.district_dispatcher, note="请街道牵头")
        case.refresh_from_db()
        assert (case.unit_id, task.state) == (world.subdistrict_unit.pk, "refused")


class TestSupervision:
    def test_the_holder_answers_and_the_next_holder_owes_it(self, world, case):
        until = (MONDAY + timedelta(days=2)).date().isoformat()
        (task,) = begin("supervision", case, world.lead, until=until)
        with pytest.raises(NotAllowed):
            begin("supervision", case, world.grid_worker, until=until, key="no")
        (up,) = begin("escalation", case, world.grid_worker, key="up")
        go("take", up, world.community_worker)
        task.refresh_from_db()
        assert task.unit_id == world.community_unit.pk
        go("answer", task, world.community_worker, note="今天办")
        assert go("confirm", task, world.lead).state == "ended"


def test_an_outsider_finds_nothing(world, case):
    (task,) = begin("extension", case, world.grid_worker, days=3)
    for actor in (world.other_dispatcher, world.resident):
        with pytest.raises(Http404):
            go("grant", task, actor)
        with pytest.raises((Http404, NotAllowed)):  # residents do see their own case
            begin("extension", case, actor, days=1, key="x")


def test_version_and_ledger_agree(world, case):
    (task,) = begin("co_handling", case, world.grid_worker, units=[world.department.pk])
    go("sign_in", task, world.handler)
    go("finish", task, world.handler, note="好")
    entries = Entry.objects.filter(subject_type="co_handling", subject_id=task.pk)
    assert [entry.seq for entry in entries.order_by("seq")] == [1, 2, 3]
    assert task.version == 3
