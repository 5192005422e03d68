"""When areas follow one another, open work and people move along and the history adds up."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from shapely import LineString

from factories import (
    MONDAY,
    make_case,
    make_district,
    make_resident,
    make_staff,
    make_tiles,
    make_unit,
    spot,
)
from linli.base.accounts.models import Account, Unit
from linli.base.accounts.queries import actor_of
from linli.base.areas import queries
from linli.base.areas.actions import (
    NewCommunity,
    merge_communities,
    merge_grids,
    move_border,
    recode_area,
    rename,
    split_community,
    split_grid,
    urbanise_village,
)
from linli.base.areas.models import Area, Succession
from linli.base.indicators.folding import summed
from linli.base.indicators.registry import Fact, fold_rules
from linli.kernel.ledger.models import Entry
from linli.work.cases.actions import accept_and_dispatch, take_step
from linli.work.cases.models import Case, DispatchRule, State
from linli.work.cases.tasks.actions import open_tasks

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(hours=2)


@pytest.fixture
def world():
    """A district where grid 001 of four has a case in every open state, and closed ones."""
    world = make_district()
    make_tiles(world.community.code)
    world.community.refresh_from_db()
    world.grid.refresh_from_db()
    return world


def dispatched(world, column=0.5, row=0.5, **more):
    """Return a case at a point, in the hands of the grid's unit, with its clocks running."""
    lon, lat = spot(column, row)
    case = make_case(world, lon=lon, lat=lat, **more).case
    accept_and_dispatch(
        case.pk, actor=world.dispatcher, now=MONDAY,
        data={"nature": "help", "urgency": "ordinary", "unit": world.grid_unit.pk},
    )  # fmt: skip
    case.refresh_from_db()
    return case


def closed(world, **more):
    case = dispatched(world, **more)
    for name, actor, data in (
        ("sign_in", world.grid_worker, {}),
        ("report_done", world.grid_worker, {"result": "清运完毕"}),
        ("close", world.community_worker, {"result": "垃圾已清运"}),
    ):
        take_step(name, case.pk, actor=actor, now=MONDAY, data=data)
    case.refresh_from_db()
    return case


def counted() -> Counter:
    """Count all that the ledger holds, as the fold does: (measure, area, day) -> n."""
    total: Counter = Counter()
    for rule in fold_rules():
        rows = Entry.objects.filter(subject_type=rule.subject_type).order_by("pk")
        facts = [
            Fact(row.verb, row.at, timezone.localtime(row.at).date(), row.area_code, row.data)
            for row in rows
        ]
        total.update(summed(rule, facts))
    return Counter({key: n for key, n in total.items() if n})


def below(total: Counter, parent: str, digits: int) -> Counter:
    """Add up the areas of a level below a parent, standing or ended."""
    found: Counter = Counter()
    for (name, area, day), n in total.items():
        if len(area) == digits and area.startswith(parent):
            found[name, day] += n
    return Counter({key: n for key, n in found.items() if n})


def of(total: Counter, code: str) -> Counter:
    return Counter({(name, day): n for (name, area, day), n in total.items() if area == code})


def in_every_state(world):
    """Fill the community with cases: registered, dispatched, in hand with a sub-task, closed."""
    make_case(world)
    dispatched(world)
    worked = dispatched(world)
    take_step("sign_in", worked.pk, actor=world.grid_worker, now=MONDAY, data={})
    open_tasks(
        "whistle", worked.pk, actor=world.community_worker, now=MONDAY, key="w",
        data={"units": [world.department.pk], "place": "东门", "text": "来"},
    )  # fmt: skip
    closed(world)
    closed(world)


ACTS = {
    "split a grid": lambda w: split_grid(
        actor=w.dispatcher, now=LATER, community=w.community, token=None, grid=w.grid,
        line=LineString([spot(0.3, -1), spot(0.3, 2)]),
    ),
    "merge grids": lambda w: merge_grids(
        actor=w.dispatcher, now=LATER, community=w.community, token=None,
        grids=list(w.community.children.filter(valid_to=None).order_by("code")[:2]),
    ),
    "move a border": lambda w: move_border(
        actor=w.dispatcher, now=LATER, community=w.community, token=None,
        moves=[(spot(1, 0), spot(0.2, 0)), (spot(1, 1), spot(0.2, 1))],
    ),
    "recode a grid": lambda w: recode_area(
        actor=w.dispatcher, now=LATER, area=w.grid, code=f"{w.community.code}077"
    ),
    "rename": lambda w: rename(
        actor=w.district_dispatcher, now=LATER, area=w.community, name="新名社区"
    ),
    "recode a community": lambda w: recode_area(
        actor=w.district_dispatcher, now=LATER, area=w.community, code="370705001088"
    ),
    "split a community": lambda w: split_community(
        actor=w.district_dispatcher, now=LATER, community=w.community,
        parts=[
            NewCommunity("南社区", list(w.community.children.order_by("code")[:2])),
            NewCommunity("北社区", list(w.community.children.order_by("code")[2:])),
        ],
    ),
    "merge communities": lambda w: merge_communities(
        actor=w.district_dispatcher, now=LATER, name="联合社区",
        communities=[w.community, make_tiles("370705001002", west=2)],
    ),
}  # fmt: skip


@pytest.mark.parametrize("act", ACTS)
def test_totals_before_and_after_are_the_same(world, act):
    in_every_state(world)
    before = counted()
    ACTS[act](world)
    after = counted()
    for code in ("370705", "370705001"):
        assert of(after, code) == of(before, code)
        assert below(after, "370705", 12) == below(before, "370705", 12) == of(before, code)
    past = ("case.registered", "case.closed", "case.closed_on_time", "case.dispatched")
    old = {(n, day): k for (n, day), k in of(before, "370705001001").items() if n in past}
    kept = {(n, day): k for (n, day), k in of(after, "370705001001").items() if n in past}
    assert kept == old  # what was done is never taken from where it was done


@pytest.mark.parametrize("act", ACTS)
def test_nothing_open_stays_where_nobody_answers_any_more(world, act):
    in_every_state(world)
    ACTS[act](world)
    for case in Case.objects.exclude(state=State.CLOSED).select_related("area", "unit"):
        assert case.area.valid_to is None
        assert case.area_code == case.area.code
        if case.unit:
            assert case.unit.active
        entry = Entry.objects.filter(subject_type="case", subject_id=case.pk).latest("seq")
        assert entry.seq == case.version
        for task in case.subtasks.filter(ended_at=None):
            assert task.area_code == case.area_code
            assert task.unit.active
    for unit in Unit.objects.filter(active=True).select_related("area"):
        assert unit.area.valid_to is None
        assert unit.area_code == unit.area.code
    assert not Case.objects.filter(state=State.CLOSED).exclude(area_code=world.grid.code).exists()


@pytest.mark.parametrize("act", ACTS)
def test_who_could_see_and_handle_it_still_can(world, act):
    case = dispatched(world)
    ACTS[act](world)
    case.refresh_from_db()
    for who in (world.community_worker, world.dispatcher):
        actor = actor_of(Account.objects.get(pk=who.account_id))
        assert any(case.area_code.startswith(grant.area_code) for grant in actor.grants)
    # Where nobody works on the other side of a moved border yet, who holds the case goes on.
    worker = actor_of(Account.objects.get(pk=world.grid_worker.account_id))
    assert case.unit_id in worker.unit_ids
    take_step("sign_in", case.pk, actor=worker, now=LATER, data={})
    case.refresh_from_db()
    assert case.state == State.IN_HAND


def test_the_case_of_each_side_goes_to_its_side(world):
    west, east = dispatched(world, 0.1, 0.5), dispatched(world, 0.9, 0.5)
    act = ACTS["split a grid"](world)
    west.refresh_from_db()
    east.refresh_from_db()
    assert (east.area, west.area) == tuple(act.made)
    assert act.moved["cases"] == 2
    assert east.due_at == west.due_at is not None  # clocks go on


def test_a_dispatch_rule_goes_on_over_the_heirs(world):
    DispatchRule.objects.create(
        area=world.grid, target="unit", unit=world.department, category=world.category,
        valid_from=world.grid.valid_from,
    )  # fmt: skip
    act = ACTS["recode a grid"](world)
    assert DispatchRule.objects.filter(area=act.made[0], unit=world.department).count() == 1


def test_a_village_becomes_an_urban_community(world):
    old = make_tiles("370705001201", west=2)
    Area.objects.filter(pk=old.pk).update(name="东风村")
    old.refresh_from_db()
    resident = make_resident(old)
    unit = make_unit("community", old, name="东风村服务中心")
    worker = make_staff("community_worker", old, unit)
    act = urbanise_village(
        actor=world.district_dispatcher, now=LATER, area=old, name="东风社区", code="370705001009"
    )
    resident.refresh_from_db()
    unit.refresh_from_db()
    new = act.made[0]
    assert (new.name, new.code, resident.area) == ("东风社区", "370705001009", new)
    assert (unit.name, unit.area_code) == ("东风社区服务中心", new.code)
    assert actor_of(worker).can("areas.post", new.code)
    assert new.children.filter(valid_to=None).count() == 4
    assert queries.coverage_of(new).complete
    assert Succession.objects.filter(act=act.key, was_name="东风村", new=new).exists()


@pytest.mark.parametrize(
    ("name", "code", "field"),
    [
        ("东风新村", "370705001009", "name"),
        ("东风社区", "370705001300", "code"),
        ("东风社区", "370705002009", "code"),
        ("东风社区", "", "code"),
        ("", "370705001009", "name"),
        ("一社区", "370705001009", "name"),
    ],
)
def test_a_bad_name_or_code_is_refused_at_the_field(world, name, code, field):
    old = make_tiles("370705001201", west=2)
    with pytest.raises(ValidationError) as caught:
        urbanise_village(actor=world.district_dispatcher, now=LATER, area=old, name=name, code=code)
    assert field in caught.value.message_dict
    assert not Succession.objects.exists()


def test_a_town_community_is_no_village_and_a_code_is_never_used_twice(world):
    with pytest.raises(ValidationError, match="不是村"):
        urbanise_village(
            actor=world.district_dispatcher, now=LATER, area=world.community, name="x", code="y"
        )
    ACTS["recode a grid"](world)
    again = Area.objects.get(code=f"{world.community.code}002", valid_to=None)
    with pytest.raises(ValidationError, match="用过"):
        recode_area(actor=world.dispatcher, now=LATER, area=again, code=world.grid.code)


@pytest.mark.parametrize("act", ["rename", "recode a community", "split a community"])
def test_a_subdistrict_may_not_reshape_its_communities(world, act):
    world.district_dispatcher = world.dispatcher
    with pytest.raises(PermissionDenied):
        ACTS[act](world)
