"""A mediation from the file to performance and the court: rules, clocks, numbers, who may not."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import product

import pytest
from django.db import transaction
from django.http import Http404

from factories import (
    MONDAY,
    SHANGHAI,
    actor_of,
    agree_mediation,
    make_area,
    make_case,
    make_disputes,
    make_district,
    make_mediation,
    make_staff,
)
from linli.base.accounts.policies import ROLES
from linli.base.messages.models import Message
from linli.kernel.flow import GuardFailed, InvalidStep, NotAllowed, SomeoneFaster, perform
from linli.kernel.ledger.models import Entry
from linli.work.cases.actions import take_step
from linli.work.cases.demo_mediation import load_demo_mediations
from linli.work.cases.mediation import clocks
from linli.work.cases.mediation.actions import (
    open_mediation,
    reveal_parties,
    take_mediation_step,
)
from linli.work.cases.mediation.flow import MEDIATION_FLOW
from linli.work.cases.mediation.models import Mediation, MediationState
from linli.work.cases.mediation.moving import move_mediations
from linli.work.cases.mediation.notices import remind
from linli.work.cases.mediation.queries import visible_mediations
from linli.work.cases.models import Case, Look
from linli.work.cases.policies import POLICIES

pytestmark = pytest.mark.django_db
DAY = MONDAY.date()


@pytest.fixture
def world():
    return make_district()


def step(world, name, mediation, *, actor=None, now=MONDAY, **data):
    actor = actor or world.community_worker
    return take_mediation_step(name, mediation.pk, actor=actor, now=now, data=data)


def fresh(mediation):
    return Mediation.objects.get(pk=mediation.pk)


def accepted(world, **more):
    made = make_mediation(world, **more)
    for party in made.parties.all():
        step(world, "consent", made, party=party.pk, on=DAY)
    step(world, "accept", made, mediator=world.community_worker.account_id)
    return fresh(made)


def test_a_dispute_from_the_door_becomes_one_case_and_one_file(world):
    made = make_mediation(world, key="k")
    again = make_mediation(world, key="k")
    assert again.pk == made.pk
    case = Case.objects.get()
    assert (made.case_id, case.nature, case.state) == (case.pk, "dispute", "in_hand")
    assert case.unit_id == world.community_unit.pk
    assert made.number == f"（2026）{world.community.short_name}民调字第1号"
    entry = Entry.objects.get(subject_type="mediation")
    assert "张" not in str(entry.data)
    assert "独角兽" not in str(entry.data)


def test_a_case_of_another_nature_or_in_mediation_already_is_refused(world):
    data = {"kind": "other", "origin": "offered", "facts": "x"}
    other = make_case(world).case
    with pytest.raises(GuardFailed, match="性质为矛盾纠纷"):
        open_mediation(actor=world.community_worker, now=MONDAY, key="a", data=data, parties=[],
                       case=other)  # fmt: skip
    dispute = make_mediation(world).case
    with pytest.raises(GuardFailed, match="已在调解中"):
        open_mediation(actor=world.community_worker, now=MONDAY, key="b", data=data, parties=[],
                       case=dispute)  # fmt: skip


def test_numbers_run_on_by_committee_and_year(world):
    first, second = make_mediation(world), make_mediation(world)
    next_year = make_mediation(world, now=datetime(2027, 1, 4, 9, tzinfo=SHANGHAI))
    assert (first.serial, second.serial, next_year.serial) == (1, 2, 1)
    assert next_year.number.startswith("（2027）")


def test_a_file_that_fails_leaves_no_gap(world):
    data = {"kind": "neighbours", "origin": "applied", "facts": "x", "title": "t",
            "channel": "window", "area": world.grid}  # fmt: skip
    make_disputes()
    with transaction.atomic():
        open_mediation(actor=world.community_worker, now=MONDAY, key="lost", data=data, parties=[])
        transaction.set_rollback(True)
    assert not Mediation.objects.exists()
    assert make_mediation(world).serial == 1


def test_nobody_is_mediated_against_their_will(world):
    made = make_mediation(world)
    a, b = made.parties.all()
    step(world, "consent", made, party=a.pk, on=DAY)
    with pytest.raises(GuardFailed, match="乙方"):
        step(world, "accept", made, mediator=world.community_worker.account_id)
    with pytest.raises(InvalidStep):
        step(world, "refuse", made, party=b.pk)
    step(world, "refuse", made, party=b.pk, advice=["court"], note="不愿见面")
    assert fresh(made).state == "declined"
    entry = Entry.objects.get(subject_type="mediation", verb="refuse")
    assert entry.data["advice"] == ["court"]
    assert "不愿见面" not in str(entry.data)
    # The case goes on, and whoever handles it is told.
    assert made.case.is_open
    assert Message.objects.filter(template="cases.mediation_ended").exists()


def test_the_clock_of_mediation_ends_with_the_day_and_is_extended_by_consent(world):
    made = accepted(world)
    assert made.due_at == datetime(2026, 4, 15, 23, 59, 59, tzinfo=SHANGHAI)
    with pytest.raises(InvalidStep):
        step(world, "extend", made, days=15, note="等鉴定")
    step(world, "extend", made, days=15, agreed="on", note="等鉴定")
    assert fresh(made).due_at == datetime(2026, 4, 30, 23, 59, 59, tzinfo=SHANGHAI)
    with pytest.raises(InvalidStep):
        step(world, "extend", made, days=31, agreed="on", note="再等")


def test_the_clock_of_the_case_stands_still_while_mediation_runs(world):
    made = accepted(world)
    case = Case.objects.get()
    left = case.due_at
    assert (case.paused_at, case.deadline_at) == (MONDAY, made.due_at)
    with pytest.raises(GuardFailed, match="正在人民调解"):
        take_step(
            "report_done", case.pk, actor=world.community_worker, now=MONDAY,
            data={"result": "好了"},
        )  # fmt: skip
    step(world, "extend", made, days=15, agreed="on", note="等鉴定")
    case.refresh_from_db()
    assert case.deadline_at == fresh(made).due_at
    later = MONDAY + timedelta(days=7)
    step(world, "fail", made, note="分歧太大", advice=["court"], now=later)
    case.refresh_from_db()
    assert case.paused_at is None
    assert case.due_at == case.deadline_at == left + timedelta(days=7)
    assert not fresh(made).holds_case


def test_a_suspended_case_keeps_its_own_clock(world):
    made = make_mediation(world)
    Case.objects.update(paused_at=MONDAY, deadline_at=MONDAY + timedelta(days=3))
    for party in made.parties.all():
        step(world, "consent", made, party=party.pk, on=DAY)
    step(world, "accept", made, mediator=world.community_worker.account_id)
    assert Case.objects.get().deadline_at == MONDAY + timedelta(days=3)
    step(world, "fail", made, note="分歧太大", advice=["court"])
    assert Case.objects.get().paused_at == MONDAY


def test_a_mediator_a_party_objects_to_is_out_for_good(world):
    made = accepted(world)
    party = made.parties.first()
    other = make_staff("community_worker", world.community, world.community_unit)
    with pytest.raises(GuardFailed, match="回避"):
        step(world, "change", made, mediator=world.community_worker.account_id,
             objector=party.pk, note="是亲戚")  # fmt: skip
    step(world, "change", made, mediator=other.pk, objector=party.pk, note="是亲戚")
    assert fresh(made).mediator_id == other.pk
    with pytest.raises(GuardFailed, match="申请您回避"):
        step(world, "extend", made, days=1, agreed="on", note="x")
    with pytest.raises(NotAllowed):
        reveal_parties(made.pk, actor=world.community_worker, now=MONDAY, reason="联系")
    with pytest.raises(GuardFailed, match="回避"):
        step(world, "change", made, actor=actor_of(other), note="x",
             mediator=world.community_worker.account_id)  # fmt: skip


def test_only_mediators_of_the_place_can_be_chosen(world):
    made = make_mediation(world)
    for party in made.parties.all():
        step(world, "consent", made, party=party.pk, on=DAY)
    for who in (world.other_dispatcher, world.handler, world.grid_worker):
        with pytest.raises(InvalidStep):
            step(world, "accept", made, mediator=who.account_id)
    step(world, "accept", made, mediator=world.dispatcher.account_id)


def test_a_written_agreement_takes_effect_once_all_have_signed(world):
    made = accepted(world)
    a, b = made.parties.all()
    step(world, "hold", made, held_at="2026-03-16T10:00", place="调解室", present=[a.pk],
         record="甲方到场")  # fmt: skip
    with pytest.raises(GuardFailed, match="起草"):
        step(world, "conclude", made, on=DAY)
    step(world, "draft", made, form="written", matter="噪声", terms="关窗")
    step(world, "sign", made, party=a.pk, on=DAY + timedelta(days=1))
    with pytest.raises(GuardFailed, match="乙方还没有签名"):
        step(world, "conclude", made, on=DAY)
    with pytest.raises(GuardFailed, match="不能再改"):
        step(world, "draft", made, form="written", matter="噪声", terms="开窗")
    step(world, "sign", made, party=b.pk, on=DAY)
    with pytest.raises(GuardFailed, match="早于当事人签名"):
        step(world, "conclude", made, on=DAY)
    step(world, "unsign", made, note="写错")
    assert set(made.parties.values_list("signed_on", flat=True)) == {None}


def test_an_agreement_reports_the_case_done_and_performance_closes_the_file(world):
    made = agree_mediation(world, make_mediation(world))
    case = Case.objects.get()
    assert (made.state, made.due_at, case.state) == ("agreed", None, "done")
    row = made.obligations.get()
    step(world, "perform", made, obligation=row.pk, result="partly", on=DAY)
    with pytest.raises(GuardFailed, match="1项"):
        step(world, "finish", made)
    step(world, "visit", made, note="乙方答应月底付清")
    step(world, "perform", made, obligation=row.pk, result="performed", on=DAY)
    done = fresh(made)
    assert (done.state, done.version) == ("performed", Entry.objects.filter(
        subject_type="mediation").count())  # fmt: skip
    # The court can still be asked.
    court = {"court": "区法院", "on": DAY, "joint": "on", "no_status": "on"}
    step(world, "apply", done, **court)
    step(world, "ruling", done, result="confirmed", ruling="（2026）民特1号")
    assert fresh(done).confirmation == "confirmed"


def test_an_agreement_that_is_not_kept_ends_with_advice(world):
    made = agree_mediation(world, make_mediation(world))
    with pytest.raises(InvalidStep):
        step(world, "end_unperformed", made, note="失联")
    step(world, "end_unperformed", made, note="失联", advice=["court"])
    assert fresh(made).state == "unperformed"


def test_failing_leaves_the_case_with_its_handler_who_is_told(world):
    made = accepted(world)
    step(world, "fail", made, note="分歧太大", advice=["court", "arbitration"])
    assert fresh(made).state == "failed"
    assert Case.objects.get().state == "in_hand"
    told = Message.objects.get(template="cases.mediation_ended")
    assert "分歧" not in told.body


def test_the_court_is_asked_within_30_days_together_and_once(world):
    made = agree_mediation(world, make_mediation(world), oral=True)
    assert made.confirm_until == date(2026, 4, 15)
    good = {"court": "区法院", "on": DAY, "joint": "on", "no_status": "on"}
    for missing in ("joint", "no_status", "court"):
        with pytest.raises(InvalidStep):
            step(world, "apply", made, **{k: v for k, v in good.items() if k != missing})
    with pytest.raises(GuardFailed, match="早于协议生效"):
        step(world, "apply", made, **good | {"on": DAY - timedelta(days=1)})
    with pytest.raises(GuardFailed, match="没有等待结果"):
        step(world, "ruling", made, result="refused", ruling="1")
    step(world, "apply", made, **good)
    with pytest.raises(GuardFailed, match="已经申请过"):
        step(world, "apply", made, **good)
    Mediation.objects.update(confirmation="none")
    with pytest.raises(GuardFailed, match="已超过"):
        step(world, "apply", made, **good | {"on": date(2026, 4, 16)})


@pytest.mark.parametrize(
    ("effective", "until"),
    [
        (date(2026, 3, 16), date(2026, 4, 15)),  # a Wednesday
        (date(2026, 4, 2), date(2026, 5, 6)),  # within the Labour Day holiday
        (date(2026, 3, 12), date(2026, 4, 13)),  # a Saturday moves to Monday
        (date(2026, 9, 2), date(2026, 10, 8)),  # within the National Day holiday
        (date(2025, 12, 2), date(2026, 1, 4)),  # New Year; that Sunday is worked
    ],
)
def test_the_last_day_for_the_court_is_a_working_day(effective, until):
    got = clocks.confirm_until(effective, "370705")
    assert got >= effective + timedelta(days=30)
    assert got == until


def test_reminders_come_once_each_and_stop(world):
    made = agree_mediation(world, make_mediation(world))
    due = MONDAY + timedelta(days=10)

    def count(template):
        return Message.objects.filter(template=template).count()

    remind(MONDAY)
    assert count("cases.mediation_owed") == count("cases.mediation_confirm") == 0
    for day, owed in ((7, 1), (8, 1), (10, 2), (11, 3), (12, 3)):
        remind(MONDAY + timedelta(days=day))
        assert count("cases.mediation_owed") == owed, day
    remind(MONDAY + timedelta(days=20))
    remind(MONDAY + timedelta(days=20))
    assert (count("cases.mediation_confirm"), count("cases.mediation_party")) == (1, 1)
    text = Message.objects.get(template="cases.mediation_party").body
    assert "张" not in text
    row = made.obligations.get()
    step(world, "perform", made, now=due, obligation=row.pk, result="performed", on=DAY)
    before = count("cases.mediation_owed")
    remind(MONDAY + timedelta(days=60))
    assert count("cases.mediation_owed") == before


def test_the_mediator_is_reminded_of_the_end_of_mediation(world):
    made = accepted(world)
    other = make_staff("community_worker", world.community, world.community_unit)
    step(world, "change", made, mediator=other.pk, note="调班")
    for day in (24, 25, 26, 29, 31, 32):
        remind(MONDAY + timedelta(days=day))
    told = Message.objects.filter(template="cases.mediation_due")
    assert told.count() == 3
    assert set(told.values_list("account_id", flat=True)) == {other.pk}


def test_looking_at_the_parties_is_recorded_and_their_names_are_sealed(world):
    made = make_mediation(world)
    assert made.parties.first().shown == "张*丰"
    with pytest.raises(GuardFailed):
        reveal_parties(made.pk, actor=world.community_worker, now=MONDAY, reason=" ")
    with pytest.raises(NotAllowed):
        reveal_parties(made.pk, actor=world.lead, now=MONDAY, reason="看看")
    with pytest.raises(Http404):
        reveal_parties(made.pk, actor=world.other_dispatcher, now=MONDAY, reason="看看")
    _found, rows = reveal_parties(
        made.pk, actor=world.community_worker, now=MONDAY, reason="通知时间"
    )
    assert [row.name for row in rows] == ["张三丰", "李四"]
    assert Look.objects.get().reason == "通知时间"
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("select name::text, phone::text from cases_mediation_party")
        stored = str(cursor.fetchall())
    assert "张三丰" not in stored
    assert "张三丰".encode().hex() not in stored


def test_scope_and_roles(world):
    made = make_mediation(world)
    for outsider in (world.other_dispatcher, world.handler, world.grid_worker, world.resident):
        assert not visible_mediations(outsider).exists()
        with pytest.raises(Http404):
            step(world, "extend", made, actor=outsider)
    data = {"kind": "other", "origin": "offered", "facts": "x", "title": "t",
            "channel": "window", "area": world.grid}  # fmt: skip
    for outsider in (world.other_dispatcher, world.grid_worker, world.lead):
        with pytest.raises(NotAllowed):
            open_mediation(actor=outsider, now=MONDAY, key="x", parties=[], data=data)


def test_an_open_mediation_moves_along_with_its_area(world):
    made = agree_mediation(world, make_mediation(world))
    ended = make_mediation(world)
    step(world, "refuse", ended, party=ended.parties.first().pk, advice=["court"])
    heir = make_area("370705001001009", "新网格")
    args = (world.grid, [heir], lambda *_point: None, MONDAY, world.district_dispatcher)
    assert move_mediations(*args) == 1
    assert (fresh(made).area_code, fresh(ended).area_code) == (heir.code, world.grid.code)
    assert move_mediations(*args) == 0
    moved = Entry.objects.get(subject_type="mediation", verb="move_area")
    assert moved.data == {"was_area": world.grid.code}
    assert fresh(made).number == made.number


class Passed(Exception):
    """The step was taken; it is taken back so that the next one meets the same mediation."""


def test_every_state_step_and_role(world):
    """A role over the whole district may take exactly the steps the table and the policies name."""
    made = make_mediation(world)
    actors = {role: actor_of(make_staff(role, world.district, world.department)) for role in ROLES}
    for state, known, role in product(MediationState.values, MEDIATION_FLOW.steps, ROLES):
        due = MONDAY if state in {"accepted", "mediating"} else None
        Mediation.objects.filter(pk=made.pk).update(state=state, due_at=due)
        expected = (
            Http404 if role not in POLICIES["cases.mediation"]
            else SomeoneFaster if state not in known.sources
            else None if role in POLICIES[known.permission]
            else NotAllowed
        )  # fmt: skip
        try:
            with transaction.atomic():
                perform(
                    MEDIATION_FLOW, known.name, made.pk, actor=actors[role], now=MONDAY, data={}
                )
                raise Passed
        except (Passed, InvalidStep, GuardFailed):
            got = None
        except (Http404, SomeoneFaster, NotAllowed) as error:
            got = type(error)
        assert got is expected, (state, known.name, role)


def test_the_demonstration_shows_mediations_in_every_stage_once(world):
    make_disputes()
    assert load_demo_mediations(now=MONDAY) == 6
    assert load_demo_mediations(now=MONDAY) == 0
    assert sorted(Mediation.objects.values_list("state", flat=True)) == [
        "agreed", "declined", "failed", "mediating", "performed", "registered",
    ]  # fmt: skip
    assert Mediation.objects.get(state="performed").confirmation == "confirmed"
