"""An emergency from the alarm to the lessons: clocks, calls, measures, reports; who may not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.http import Http404

from factories import MONDAY, actor_of, make_district, make_staff
from linli.base.messages.models import Message
from linli.kernel.flow import GuardFailed, InvalidStep, NotAllowed
from linli.kernel.ledger.models import Entry
from linli.work.emergencies.actions import (
    copy_roster,
    pass_on_calls,
    raise_emergency,
    remind_of_reports,
    save_plan,
    save_shift,
    take_step,
)
from linli.work.emergencies.models import Duty, Emergency, Measure
from linli.work.emergencies.queries import visible_emergencies

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
WORDS = {"told": "区应急局", "losses": "暂无", "trend": "可控"}


@pytest.fixture
def world():
    return make_district()


def alarm(world, *, actor=None, key="k1", level=4, now=MONDAY, **more):
    data = {
        "kind": "accident", "level": level, "title": "燃气味", "text": "三单元燃气味很重",
        "happened_at": now - MINUTE, "source": "居民来电",
    } | more  # fmt: skip
    return raise_emergency(
        actor=actor or world.grid_worker, now=now, key=key, area=world.grid, data=data
    )


def gas_plan(world):
    head = {"name": "燃气", "kind": "accident", "area_code": world.district, "active": True}
    measures = [
        {"text": "疏散", "unit_kind": "grid", "minutes": 10},
        {"text": "停气", "unit_id": world.department.pk, "minutes": 20},
    ]
    return save_plan(actor=world.district_dispatcher, now=MONDAY, head=head, measures=measures)


def step(name, emergency, actor, at=MONDAY, **data):
    return take_step(name, emergency.pk, actor=actor, now=at, data=data)


def fresh(emergency):
    return Emergency.objects.get(pk=emergency.pk)


def test_the_alarm_starts_the_clock_and_calls_every_level_once(world):
    made = alarm(world)
    assert (made.owes, made.due_at) == ("phone", MONDAY + 30 * MINUTE)
    units = {call.unit.kind for call in made.calls.all()}
    assert units == {"grid", "community", "subdistrict", "district"}
    assert alarm(world).pk == made.pk
    assert made.calls.count() == 4
    assert Entry.objects.filter(subject_type="emergency").count() == 1


def test_calls_go_out_at_night(world):
    night = MONDAY.replace(hour=2)
    made = alarm(world, now=night)
    texts = Message.objects.filter(template="emergencies.call", channel="sms")
    assert texts.count() == sum(bool(call.account.phone) for call in made.calls.all())
    assert set(texts.values_list("not_before", flat=True)) <= {None}


def test_the_clocks_of_the_reports_follow_one_another(world):
    made, worker = alarm(world), world.community_worker
    step("phone_report", made, worker, MONDAY + 31 * MINUTE, told="街道", losses="暂无")
    late = Entry.objects.get(subject_type="emergency", verb="phone_report")
    assert late.data["on_time"] is False
    assert (fresh(made).owes, fresh(made).due_at) == ("written", MONDAY + 60 * MINUTE)
    step("written_report", made, worker, MONDAY + 60 * MINUTE, **WORDS)
    assert Entry.objects.get(verb="written_report").data["on_time"] is True
    assert fresh(made).due_at == MONDAY + 60 * MINUTE + timedelta(hours=24)
    step("follow_up", made, worker, MONDAY + timedelta(hours=20), **WORDS)
    assert fresh(made).due_at == MONDAY + timedelta(hours=44)
    assert [row.number for row in made.reports.order_by("number")] == [1, 2, 3]


def test_a_first_report_is_made_once_and_follow_ups_need_it(world):
    made, worker = alarm(world), world.community_worker
    with pytest.raises(GuardFailed, match="书面首报"):
        step("follow_up", made, worker, **WORDS)
    step("written_report", made, worker, **WORDS)
    with pytest.raises(GuardFailed, match="已经报过"):
        step("written_report", made, worker, **WORDS)
    with pytest.raises(InvalidStep):
        step("follow_up", made, worker, told="")


def test_the_plan_becomes_measures_of_the_units_of_the_place(world):
    made, plan = alarm(world), gas_plan(world)
    step("start", made, world.dispatcher, level=3, plan=plan.pk)
    rows = list(Measure.objects.filter(emergency=made).order_by("due_at"))
    assert [(row.text, row.unit_id) for row in rows] == [
        ("疏散", world.grid_unit.pk),
        ("停气", world.department.pk),
    ]
    assert rows[1].due_at == MONDAY + 20 * MINUTE
    assert fresh(made).level == 3
    with pytest.raises(GuardFailed, match="负责"):
        step("tick", made, world.grid_worker, measure=rows[1].pk)
    step("tick", made, world.grid_worker, MONDAY + 5 * MINUTE, measure=rows[0].pk, note="已疏散")
    with pytest.raises(GuardFailed, match="已由他人"):
        step("tick", made, world.dispatcher, measure=rows[0].pk)
    with pytest.raises(GuardFailed, match="没有这条措施"):
        step("tick", made, world.dispatcher, measure=rows[0].pk + 999)
    step("written_report", made, world.community_worker, **WORDS)
    assert "疏散" in made.reports.get(kind="written").measures


def test_standing_down_makes_the_final_report_and_stops_the_clock(world):
    made = alarm(world)
    step("start", made, world.dispatcher, level=4)
    with pytest.raises(GuardFailed):
        step("stand_down", made, world.dispatcher, **WORDS)
    step("written_report", made, world.community_worker, **WORDS)
    step("stand_down", made, world.dispatcher, MONDAY + timedelta(hours=2), **WORDS)
    assert (fresh(made).state, fresh(made).due_at, fresh(made).owes) == ("ended", None, "")
    assert made.reports.get(kind="final").number == 2
    step("review", made, world.dispatcher, cause="接口老化", bad="迟到", mend="月底前更换")
    assert fresh(made).state == "reviewed"


def test_who_does_not_answer_is_followed_by_a_deputy_once(world):
    deputy = make_staff("community_worker", world.community, world.community_unit)
    made = alarm(world)
    call = made.calls.get(unit=world.community_unit)
    others = made.calls.exclude(pk=call.pk).filter(answered_at=None)
    assert others.count() == 2, "who raised it need not answer"
    for other in others:
        step("answer", made, actor_of(other.account))
    assert pass_on_calls(now=MONDAY + 9 * MINUTE) == 0
    assert pass_on_calls(now=MONDAY + 10 * MINUTE) == 1
    assert pass_on_calls(now=MONDAY + 10 * MINUTE) == 0
    second = made.calls.get(stands_for=call)
    assert second.account_id in {deputy.pk, world.community_worker.account_id}
    assert second.account_id != call.account_id
    # Nobody is left in the community: that is written down as well.
    assert pass_on_calls(now=MONDAY + 20 * MINUTE) == 1
    last = Entry.objects.filter(verb="pass_on").order_by("-seq").first()
    assert last.data["to_person"] is None
    assert fresh(made).version == Entry.objects.filter(subject_type="emergency").count()


def test_only_who_was_called_can_answer_and_only_once(world):
    made = alarm(world)
    who = actor_of(made.calls.get(unit=world.community_unit).account)
    step("answer", made, who)
    with pytest.raises(GuardFailed):
        step("answer", made, who)
    stranger = actor_of(make_staff("hotline_agent", world.district, world.department))
    with pytest.raises(GuardFailed):
        step("answer", made, stranger)


def test_the_roster_comes_before_the_unit_s_other_people(world):
    night_shift = make_staff("community_worker", world.community, world.community_unit)
    data = {
        "unit": world.community_unit, "account": night_shift, "role": "on_duty",
        "starts_at": MONDAY - MINUTE, "ends_at": MONDAY + timedelta(hours=12),
    }  # fmt: skip
    save_shift(actor=world.community_worker, now=MONDAY, data=data)
    assert alarm(world).calls.get(unit=world.community_unit).account_id == night_shift.pk


def test_an_overdue_report_is_reminded_of_once(world):
    alarm(world)
    remind_of_reports(now=MONDAY + 29 * MINUTE)
    assert not Message.objects.filter(template="emergencies.owed").exists()
    remind_of_reports(now=MONDAY + 30 * MINUTE)
    count = Message.objects.filter(template="emergencies.owed").count()
    assert count > 0
    remind_of_reports(now=MONDAY + 31 * MINUTE)
    assert Message.objects.filter(template="emergencies.owed").count() == count


def test_scope_and_roles(world):
    made = alarm(world)
    with pytest.raises(Http404):
        step("start", made, world.other_dispatcher, level=4)
    with pytest.raises(NotAllowed):
        step("start", made, world.community_worker, level=4)
    with pytest.raises(NotAllowed):
        step("phone_report", made, world.grid_worker, told="x", losses="x")
    with pytest.raises(NotAllowed):
        alarm(world, actor=world.other_dispatcher, key="k2")
    assert not visible_emergencies(world.resident).exists()
    assert not visible_emergencies(world.other_dispatcher).exists()
    # A department sees it from the moment a measure is given to it.
    handler = actor_of(make_staff("department_handler", world.district, world.department))
    assert not visible_emergencies(handler).exists()
    step("start", made, world.dispatcher, level=4, plan=gas_plan(world).pk)
    assert visible_emergencies(handler).get() == made


def test_a_false_alarm_ends_it_with_a_reason(world):
    made = alarm(world)
    with pytest.raises(InvalidStep):
        step("withdraw", made, world.dispatcher, note="")
    step("withdraw", made, world.dispatcher, note="闻到的是油漆味")
    assert (fresh(made).state, fresh(made).due_at) == ("withdrawn", None)
    assert pass_on_calls(now=MONDAY + 60 * MINUTE) == 0


def test_copying_the_roster_repeats_a_week_and_skips_what_overlaps(world):
    who = make_staff("community_worker", world.community, world.community_unit)
    week = timedelta(days=7)
    data = {
        "unit": world.community_unit, "account": who, "role": "on_duty",
        "starts_at": MONDAY, "ends_at": MONDAY + timedelta(hours=24),
    }  # fmt: skip
    save_shift(actor=world.community_worker, now=MONDAY, data=data)
    start = MONDAY.replace(hour=0) + week
    assert copy_roster(actor=world.community_worker, now=MONDAY, start=start) == 1
    assert copy_roster(actor=world.community_worker, now=MONDAY, start=start) == 0
    assert Duty.objects.filter(account=who, starts_at=MONDAY + week).exists()
