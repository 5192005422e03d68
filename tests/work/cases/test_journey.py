"""One case from report to rating, through the actions."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.http import Http404

from factories import MONDAY, make_case, make_district
from linli.base.messages.models import Message
from linli.kernel.flow import GuardFailed, InvalidStep, NotAllowed, SomeoneFaster
from linli.kernel.ledger.models import Entry
from linli.work.cases.actions import accept_and_dispatch, settle_on_spot, take_step
from linli.work.cases.models import Case
from linli.work.cases.queries import case_by_tracking, get_by_number, visible_cases, work_list
from linli.work.cases.timeline import timeline

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_district()


def step(name, case, actor, minutes=0, **data):
    return take_step(name, case.pk, actor=actor, now=MONDAY + timedelta(minutes=minutes), data=data)


def in_hand(world):
    case = make_case(world).case
    step("accept", case, world.dispatcher)
    step("dispatch", case, world.dispatcher, unit=world.grid_unit.pk)
    step("sign_in", case, world.grid_worker, 5)
    return case


def test_report_to_rating(world):
    case = in_hand(world)
    step("report_done", case, world.grid_worker, 60, result="已清运")
    step("close", case, world.community_worker, 90, result="垃圾已清运，感谢反映")
    step("rate", case, world.resident, 120, rating="5", solved="yes")
    case.refresh_from_db()
    assert (case.state, case.rating, case.solved) == ("closed", 5, True)
    assert case.deadline_at is None
    verbs = list(
        Entry.objects.filter(subject_type="case", subject_id=case.pk)
        .order_by("seq")
        .values_list("verb", "seq")
    )
    assert [verb for verb, _ in verbs] == [
        "register", "accept", "dispatch", "sign_in", "report_done", "close", "rate",
    ]  # fmt: skip
    assert [seq for _, seq in verbs] == list(range(1, 8))
    closing = Entry.objects.get(subject_id=case.pk, subject_type="case", verb="close")
    assert closing.data["on_time"] is True
    assert closing.data["minutes"] == 60
    told = Message.objects.filter(account_id=world.resident.account_id).order_by("id")
    assert [m.template.split(".")[1] for m in told] == [
        "register", "accept", "dispatch", "sign_in", "report_done", "close",
    ]  # fmt: skip
    assert "垃圾已清运，感谢反映" in told.last().body


def test_public_timeline_names_units_not_people(world):
    case = in_hand(world)
    case.refresh_from_db()
    items = timeline(case, public=True)
    assert items[-1].who == "一社区第1网格"
    assert items[0].who == "反映人"


def test_same_key_is_one_case(world):
    first = make_case(world, intake_key="same")
    again = make_case(world, intake_key="same")
    assert again.repeated
    assert again.case.pk == first.case.pk
    assert Case.objects.count() == 1
    assert Message.objects.count() == 1


def test_second_dispatcher_is_told_who_was_faster(world):
    case = make_case(world).case
    step("accept", case, world.dispatcher)
    with pytest.raises(SomeoneFaster) as caught:
        step("accept", case, world.district_dispatcher)
    assert "受理" in str(caught.value)
    assert world.dispatcher.name in str(caught.value)


def test_community_cannot_be_sent_what_is_not_its_duty(world):
    case = make_case(world, category=world.urban).case
    step("accept", case, world.dispatcher)
    with pytest.raises(GuardFailed, match="不在社区职责清单"):
        step("dispatch", case, world.dispatcher, unit=world.community_unit.pk)
    step("dispatch", case, world.dispatcher, unit=world.department.pk)


def test_second_return_is_ruled_on_by_the_district_and_a_third_is_refused(world):
    case = in_hand(world)
    ask = {"proposed": world.department.pk, "reason": "不属于网格职责"}
    step("ask_return", case, world.grid_worker, 10, **ask)
    with pytest.raises(GuardFailed, match="等待裁定"):
        step("report_done", case, world.grid_worker, 11, result="x")
    due = Case.objects.get(pk=case.pk).due_at
    step("refuse_return", case, world.dispatcher, 20, ruling="属于网格职责")
    step("ask_return", case, world.grid_worker, 30, **ask)
    with pytest.raises(GuardFailed, match="区级"):
        step("grant_return", case, world.dispatcher, 31, unit=world.department.pk, ruling="同意")
    step(
        "grant_return", case, world.district_dispatcher, 32, unit=world.department.pk, ruling="同意"
    )
    case.refresh_from_db()
    assert (case.state, case.unit_id, case.due_at) == ("dispatched", world.department.pk, due)
    step("sign_in", case, world.handler, 40)
    with pytest.raises(GuardFailed, match="不得再退"):
        step("ask_return", case, world.handler, 41, proposed=world.grid_unit.pk, reason="再退")


def test_clock_starts_at_dispatch_and_is_not_restarted(world):
    case = make_case(world).case
    step("accept", case, world.dispatcher)
    step("dispatch", case, world.dispatcher, unit=world.grid_unit.pk)
    case.refresh_from_db()
    due = case.due_at
    assert due.date() == MONDAY.date() + timedelta(days=7)
    step("dispatch", case, world.dispatcher, 60 * 24, unit=world.department.pk)
    case.refresh_from_db()
    assert (case.due_at, case.deadline_at) == (due, due)
    entry = Entry.objects.filter(subject_id=case.pk, verb="dispatch").order_by("-seq").first()
    assert entry.data["redispatch"] is True
    assert "due" not in entry.data


def test_handler_may_not_check_own_work(world):
    case = in_hand(world)
    step("report_done", case, world.grid_worker, result="好了")
    with pytest.raises(NotAllowed):
        step("close", case, world.grid_worker, result="好了")


def test_evidence_only_where_the_category_needs_it(world):
    world.category.needs_photo = True
    world.category.save()
    case = in_hand(world)
    with pytest.raises(GuardFailed, match="照片"):
        step("report_done", case, world.grid_worker, result="好了")


def test_what_was_typed_survives_a_bad_form(world):
    case = make_case(world).case
    with pytest.raises(InvalidStep) as caught:
        step("decline", case, world.dispatcher, reason="", note="请找物业")
    assert caught.value.form.data["note"] == "请找物业"
    assert "reason" in caught.value.form.errors


def test_scope(world):
    case = make_case(world).case
    assert not visible_cases(world.other_dispatcher).exists()
    with pytest.raises(Http404):
        step("accept", case, world.other_dispatcher)
    assert visible_cases(world.lead).count() == 1
    assert not visible_cases(world.handler).exists()


def test_work_lists_follow_the_turn(world):
    case = make_case(world).case
    assert [c.pk for c in work_list(world.dispatcher)] == [case.pk]
    assert not work_list(world.grid_worker)
    accept_and_dispatch(
        case.pk, actor=world.dispatcher, now=MONDAY, data={"unit": world.grid_unit.pk}
    )
    assert not work_list(world.dispatcher)
    assert [c.pk for c in work_list(world.grid_worker)] == [case.pk]


def test_tracking_without_log_in(world):
    from linli.kernel.scope import ANONYMOUS

    done = make_case(world, actor=ANONYMOUS)
    assert done.tracking_code
    assert case_by_tracking(done.case.number, done.tracking_code.lower()) == done.case
    assert case_by_tracking(done.case.number, "WRONGONE") is None
    assert case_by_tracking("999999" + done.case.number[6:], done.tracking_code) is None
    assert get_by_number(world.dispatcher, done.case.number) == done.case


def test_settled_on_the_spot(world):
    done = settle_on_spot(
        actor=world.grid_worker, now=MONDAY, result="已扶起倒伏单车", intake_key="k1",
        channel="patrol", title="单车倒伏", text="东门", category=world.category, area=world.grid,
        nature="event",
    )  # fmt: skip
    case = Case.objects.get(pk=done.case.pk)
    assert case.state == "closed"
    assert list(
        Entry.objects.filter(subject_id=case.pk).order_by("seq").values_list("verb", flat=True)
    ) == ["register", "settle"]


def test_retry_with_a_key_changes_nothing(world):
    case = make_case(world).case
    one = take_step("accept", case.pk, actor=world.dispatcher, now=MONDAY, key="abc")
    two = take_step("accept", case.pk, actor=world.dispatcher, now=MONDAY, key="abc")
    assert (one.replayed, two.replayed, one.seq) == (False, True, two.seq)
