"""A sheet from draft to closed, and each community's part of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404

from factories import MONDAY, make_area, make_district, make_staff, make_unit
from linli.base.accounts.queries import actor_of
from linli.base.sheets.actions import (
    hand_in_part,
    judge_part,
    remove_column,
    save_cells,
    save_column,
    save_rows,
    take_step,
)
from linli.base.sheets.flow import PART_FLOW, SHEET_FLOW
from linli.base.sheets.models import Cell, Part, PartState, Sheet, SheetState
from linli.kernel.flow import GuardFailed, InvalidStep, NotAllowed, SomeoneFaster, StepRefused
from linli.kernel.ledger.models import Entry
from sheet_factories import admit_sheet, answers, column_data, make_sheet

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_district()


def test_an_admitted_sheet_gives_each_community_a_part_with_what_is_known(world):
    other = make_area("370705002001")
    sheet = make_sheet(world)
    part = admit_sheet(world, sheet)
    assert (sheet.state, sheet.decided_by_id) == ("admitted", world.district_dispatcher.account_id)
    assert set(Part.objects.values_list("area_code", flat=True)) == {
        world.community.code, other.code,
    }  # fmt: skip
    assert (part.cells, part.prefilled, part.typed, part.required, part.share) == (3, 1, 0, 1, 33)
    cell = Cell.objects.get(part=part)
    assert (cell.value, cell.source, cell.by_id) == ("0", "people.residents", None)


def test_cells_are_kept_and_bad_ones_marked(world):
    sheet = make_sheet(world)
    part = admit_sheet(world, sheet)
    data = answers(sheet, 充电桩数量="12", 联系电话="打不通", 实有人口="999")
    form = save_cells(part.pk, actor=world.community_worker, now=MONDAY, data=data)
    assert list(form.errors) == [sheet.columns.get(title="联系电话").field]
    values = {row.column.title: row.value for row in Cell.objects.filter(part=part)}
    assert values == {"实有人口": "0", "充电桩数量": "12"}, "what the register knows is locked"
    part.refresh_from_db()
    assert (part.typed, part.state) == (1, "open")
    entry = Entry.objects.filter(subject_type="sheet_part", verb="save").get()
    assert entry.data == {"changed": 1, "typed": 1}
    save_cells(part.pk, actor=world.community_worker, now=MONDAY, data={})
    part.refresh_from_db()
    assert part.typed == 0, "a blank takes a value away"


def test_it_is_not_handed_in_while_a_required_cell_is_blank(world):
    sheet = make_sheet(world)
    part = admit_sheet(world, sheet)
    worker = world.community_worker
    with pytest.raises(InvalidStep) as caught:
        hand_in_part(part.pk, actor=worker, now=MONDAY, data=answers(sheet, 联系电话="82111234"))
    assert list(caught.value.form.errors) == [sheet.columns.get(title="充电桩数量").field]
    part.refresh_from_db()
    assert (part.state, part.typed) == ("open", 1), "what was typed is kept"
    data = answers(sheet, 充电桩数量="0", 联系电话="82111234")
    for _ in range(2):
        done = hand_in_part(part.pk, actor=worker, now=MONDAY, data=data, key="k")
    assert done.replayed
    part.refresh_from_db()
    assert (part.state, part.worker_id, part.share) == ("handed_in", worker.account_id, 100)
    with pytest.raises(SomeoneFaster):
        save_cells(part.pk, actor=worker, now=MONDAY, data=data)


def test_the_asker_sends_back_with_a_reason_and_accepts(world):
    sheet = make_sheet(world)
    part = admit_sheet(world, sheet)
    data = answers(sheet, 充电桩数量="9000")
    hand_in_part(part.pk, actor=world.community_worker, now=MONDAY, data=data)
    with pytest.raises(InvalidStep):
        judge_part("send_back", part.pk, actor=world.handler, now=MONDAY, data={})
    for actor in (world.district_dispatcher, world.community_worker):
        with pytest.raises(NotAllowed):
            judge_part("accept", part.pk, actor=actor, now=MONDAY)
    judge_part("send_back", part.pk, actor=world.handler, now=MONDAY, data={"reason": "多了个0"})
    data = answers(sheet, 充电桩数量="900")
    hand_in_part(part.pk, actor=world.community_worker, now=MONDAY, data=data)
    judge_part("accept", part.pk, actor=world.handler, now=MONDAY)
    part.refresh_from_db()
    assert (part.state, part.reason) == ("accepted", "")
    take_step("close", sheet.pk, actor=world.handler, now=MONDAY)
    with pytest.raises(GuardFailed):
        judge_part("send_back", part.pk, actor=world.handler, now=MONDAY, data={"reason": "再改"})


def test_who_may_not(world):
    sheet = make_sheet(world)
    stranger = actor_of(make_staff("department_handler", world.district, make_unit(
        "department", world.district, line="health")))  # fmt: skip
    for actor in (stranger, world.community_worker, world.resident, world.district_dispatcher):
        with pytest.raises(Http404):
            take_step("submit", sheet.pk, actor=actor, now=MONDAY)
        with pytest.raises(Http404):
            save_column(sheet.pk, actor=actor, now=MONDAY, data=column_data("x"))
    with pytest.raises(PermissionDenied):
        make_sheet(world, actor=world.community_worker)
    with pytest.raises(PermissionDenied):
        make_sheet(world, actor=world.dispatcher, area=world.other_subdistrict)
    own = make_sheet(world, actor=world.district_dispatcher, title="自己的表")
    take_step("submit", own.pk, actor=world.district_dispatcher, now=MONDAY)
    with pytest.raises(NotAllowed):
        take_step("admit", own.pk, actor=world.district_dispatcher, now=MONDAY)
    with pytest.raises(Http404):
        take_step("admit", own.pk, actor=world.dispatcher, now=MONDAY)
    part = admit_sheet(world, sheet)
    outsider = actor_of(make_staff("community_worker", make_area("370705002001")))
    for actor in (outsider, world.grid_worker, world.resident):
        with pytest.raises(Http404):
            save_cells(part.pk, actor=actor, now=MONDAY, data={})
    with pytest.raises(NotAllowed):
        save_cells(part.pk, actor=world.handler, now=MONDAY, data={})


def test_only_a_draft_is_written(world):
    sheet = make_sheet(world)
    with pytest.raises(ValidationError):
        save_column(sheet.pk, actor=world.handler, now=MONDAY, data=column_data("充电桩总数"))
    first = sheet.columns.first()
    take_step("submit", sheet.pk, actor=world.handler, now=MONDAY)
    with pytest.raises(ValidationError):
        save_column(sheet.pk, actor=world.handler, now=MONDAY, data=column_data("车棚"))
    with pytest.raises(ValidationError):
        remove_column(sheet.pk, first.pk, actor=world.handler, now=MONDAY)


def test_what_is_known_or_asked_already_may_not_be_asked(world):
    for title in ("低保人数", "60岁以上老年人数", "实有人口（人）"):
        sheet = make_sheet(world, columns=((title, {}),))
        with pytest.raises(GuardFailed, match="不能再问"):
            take_step("submit", sheet.pk, actor=world.handler, now=MONDAY)
    admit_sheet(world, make_sheet(world))
    again = make_sheet(world, title="又一张", columns=(("充电桩", {}),), area=world.community)
    with pytest.raises(GuardFailed, match="充电桩"):
        take_step("submit", again.pk, actor=world.handler, now=MONDAY)
    elsewhere = make_sheet(world, title="说明", columns=(("说明", {"kind": "note"}),))
    with pytest.raises(GuardFailed, match="还没有栏目"):
        take_step("submit", elsewhere.pk, actor=world.handler, now=MONDAY)


def test_a_refused_sheet_is_mended_and_a_late_one_not_sent_out(world):
    sheet = make_sheet(world)
    take_step("submit", sheet.pk, actor=world.handler, now=MONDAY)
    with pytest.raises(InvalidStep):
        take_step("refuse", sheet.pk, actor=world.lead, now=MONDAY, data={"reason": " "})
    take_step("refuse", sheet.pk, actor=world.lead, now=MONDAY, data={"reason": "没有必要"})
    take_step("revise", sheet.pk, actor=world.handler, now=MONDAY)
    late = MONDAY + timedelta(days=10)
    with pytest.raises(GuardFailed, match="截止日期"):
        take_step("submit", sheet.pk, actor=world.handler, now=late)


# state -> step -> who can take it, among the roles below
SHEET_TABLE = {
    "draft": {"submit": "h", "withdraw": "h"},
    "submitted": {"admit": "dl", "refuse": "dl", "withdraw": "h"},
    "admitted": {"close": "h", "withdraw": "h"},
    "refused": {"revise": "h", "withdraw": "h"},
}
PART_TABLE = {
    "open": {"save": "c", "hand_in": "c"},
    "sent_back": {"save": "c", "hand_in": "c"},
    "handed_in": {"accept": "h", "send_back": "h"},
    "accepted": {"send_back": "h"},
}


def roles(world):
    return {
        "h": world.handler, "d": world.district_dispatcher, "l": world.lead,
        "s": world.dispatcher, "c": world.community_worker, "g": world.grid_worker,
        "a": world.agent, "r": world.resident,
    }  # fmt: skip


@pytest.mark.parametrize("state", SheetState.values)
def test_every_step_of_a_sheet_by_state_and_role(world, state):
    sheet = make_sheet(world)
    Sheet.objects.filter(pk=sheet.pk).update(state=state)
    data = {"reason": "x"}
    for step in SHEET_FLOW.steps:
        for name, actor in roles(world).items():
            if name in SHEET_TABLE.get(state, {}).get(step.name, ""):
                take_step(step.name, sheet.pk, actor=actor, now=MONDAY, data=data)
                assert Sheet.objects.get(pk=sheet.pk).state == step.target
                Sheet.objects.filter(pk=sheet.pk).update(state=state)
                Cell.objects.all().delete()
                Part.objects.all().delete()
            else:
                with pytest.raises((StepRefused, Http404)):
                    take_step(step.name, sheet.pk, actor=actor, now=MONDAY, data=data)


@pytest.mark.parametrize("state", PartState.values)
def test_every_step_of_a_part_by_state_and_role(world, state):
    sheet = make_sheet(world)
    part = admit_sheet(world, sheet)
    Part.objects.filter(pk=part.pk).update(state=state)
    data = answers(sheet, 充电桩数量="3")
    take = {
        "save": lambda actor: save_cells(part.pk, actor=actor, now=MONDAY, data=data),
        "look": lambda actor: save_rows(
            part.pk, [], actor=actor, now=MONDAY, data={}, on_the_spot=True
        ),
        "hand_in": lambda actor: hand_in_part(part.pk, actor=actor, now=MONDAY, data=data),
        "accept": lambda actor: judge_part("accept", part.pk, actor=actor, now=MONDAY),
        "send_back": lambda actor: judge_part(
            "send_back", part.pk, actor=actor, now=MONDAY, data={"reason": "改"}
        ),
    }
    for step in PART_FLOW.steps:
        for name, actor in roles(world).items():
            if name in PART_TABLE.get(state, {}).get(step.name, ""):
                take[step.name](actor)
                assert Part.objects.get(pk=part.pk).state == (step.target or state)
                Part.objects.filter(pk=part.pk).update(state=state)
            else:
                with pytest.raises((StepRefused, Http404)):
                    take[step.name](actor)
