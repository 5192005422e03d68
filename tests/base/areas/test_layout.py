"""Proposed layouts: contiguous, within bounds, every dwelling in one grid; decided once, by some."""

from __future__ import annotations

import pytest
import shapely
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Point

from factories import MONDAY, make_area, make_staff, make_tiles, spot, tile
from linli.base.accounts.queries import actor_of
from linli.base.areas import jobs, queries
from linli.base.areas.actions import Overtaken, adopt_plan, ask_for_layout, merge_grids, reject_plan
from linli.base.areas.coverage import square_metres
from linli.base.areas.editing import layout_token
from linli.base.areas.layout.dwellings import Dwelling, read_dwellings
from linli.base.areas.layout.proposal import Infeasible, Standing, propose
from linli.base.areas.layout.rules import Wish
from linli.base.areas.layout.solver import Task, components, divide
from linli.base.areas.models import Area, LayoutPlan, PlanState, Succession
from linli.kernel.ledger.models import Entry


def block(columns, rows, households=50):
    """Return dwellings on a square raster over 2 x 2 tiles."""
    return [
        Dwelling(*spot((x + 0.5) * 2 / columns, (y + 0.5) * 2 / rows), households, f"{x}-{y}")
        for x in range(columns)
        for y in range(rows)
    ]


FOUR = [Standing(tile(x, y)) for y in range(2) for x in range(2)]


def check(found, outline, dwellings, wish):
    shapes = [draft.shape for draft in found.drafts]
    assert {shape.geom_type for shape in shapes} == {"Polygon"}
    assert shapely.coverage_is_valid(shapes)
    rest = shapely.symmetric_difference(shapely.union_all(shapes), outline)
    assert square_metres(rest) < 1.0
    held = sorted(number for draft in found.drafts for number in draft.dwellings)
    assert held == list(range(len(dwellings)))
    for draft in found.drafts:
        assert draft.households == sum(dwellings[n].households for n in draft.dwellings)
        for number in draft.dwellings:
            one = dwellings[number]
            assert draft.shape.intersects(Point(one.lon, one.lat))
        if not draft.fixed:
            assert wish.low <= draft.households <= wish.high


class TestProposal:
    def test_uneven_grids_become_even_ones_that_tile(self):
        dwellings = block(8, 8)
        uneven = [Standing(tile(0, 0, 0.5, 2)), Standing(tile(0.5, 0, 1.5, 2))]
        found = propose(tile(0, 0, 2, 2), uneven, dwellings, Wish(300, 500, 8))
        check(found, tile(0, 0, 2, 2), dwellings, Wish(300, 500))
        assert len(found.drafts) == 8
        assert found.before == (800, 2400)

    def test_what_is_even_already_stays_as_it_is(self):
        dwellings = block(6, 6)
        wish = Wish(400, 500)
        found = propose(tile(0, 0, 2, 2), FOUR, dwellings, wish)
        check(found, tile(0, 0, 2, 2), dwellings, wish)
        assert found.moved_households == 0
        assert sorted(draft.same for draft in found.drafts) == [0, 1, 2, 3]
        assert found.borders.new == 0

    def test_a_special_grid_keeps_its_shape(self):
        standing = [Standing(FOUR[0].shape, special=True), *FOUR[1:]]
        dwellings = block(8, 8, 25)
        found = propose(tile(0, 0, 2, 2), standing, dwellings, Wish(250, 350))
        check(found, tile(0, 0, 2, 2), dwellings, Wish(250, 350))
        (fixed,) = [draft for draft in found.drafts if draft.fixed]
        assert fixed.shape.equals(FOUR[0].shape)

    def test_two_records_at_one_point_go_together(self):
        dwellings = [*block(6, 6), Dwelling(*spot(1 / 6, 1 / 6), 30, "副楼")]
        found = propose(tile(0, 0, 2, 2), FOUR, dwellings, Wish(400, 520))
        check(found, tile(0, 0, 2, 2), dwellings, Wish(400, 520))
        assert any({0, 36} <= set(draft.dwellings) for draft in found.drafts)

    @pytest.mark.parametrize(
        ("dwellings", "wish", "words"),
        [
            ([], Wish(), "没有带户数的楼栋"),
            (block(1, 1, 700), Wish(), "超过上限500户"),
            (block(2, 3, 100), Wish(400, 500), "怎样都分不成"),
            (block(4, 4), Wish(300, 500, 5), "不能分成5格"),
            (block(4, 4), Wish(500, 300), "下限应为正数"),
        ],
    )
    def test_what_cannot_be_is_said(self, dwellings, wish, words):
        with pytest.raises(Infeasible) as caught:
            propose(tile(0, 0, 2, 2), FOUR, dwellings, wish)
        assert words in "".join(caught.value.reasons)

    @settings(max_examples=8, deadline=None)
    @given(
        st.lists(
            st.tuples(st.integers(1, 199), st.integers(1, 199), st.integers(1, 40)),
            min_size=30, max_size=60, unique_by=lambda one: one[:2],
        )
    )  # fmt: skip
    def test_any_scatter_tiles_and_holds_every_dwelling(self, points):
        dwellings = [Dwelling(*spot(x / 100, y / 100), n) for x, y, n in points]
        total = sum(one.households for one in dwellings)
        wish = Wish(1, total)
        found = propose(tile(0, 0, 2, 2), FOUR, dwellings, wish)
        check(found, tile(0, 0, 2, 2), dwellings, wish)

    @settings(max_examples=10, deadline=None)
    @given(st.lists(st.integers(1, 9), min_size=24, max_size=24), st.integers(2, 5))
    def test_every_group_hangs_together(self, loads, count):
        near = [
            {other: 10.0 for other in (n - 6, n + 6) if 0 <= other < 24}
            | {other: 10.0 for other in (n - 1, n + 1) if 0 <= other < 24 and other // 6 == n // 6}
            for n in range(24)
        ]
        groups = divide(Task(loads, near, count, 1, 1000, 10.0), runs=1)
        assert set(groups) == set(range(count))
        for group in range(count):
            members = {n for n in range(24) if groups[n] == group}
            assert len(components(members, near)) == 1

    def test_a_file_says_which_row_is_wrong(self):
        lon, lat = spot(0.5, 0.5)
        body = f"lon,lat,households,label\n{lon},{lat},30,1号楼\n{lon},9,30,\n{lon},{lat},许多,\n"
        read = read_dwellings(body.encode(), tile(0, 0, 2, 2))
        assert [(row.label, row.households) for row in read.rows] == [("1号楼", 30)]
        assert [(bad.line, bad.reason) for bad in read.bad] == [
            (3, "不在本社区范围内"),
            (4, "户数应为0至5000的整数"),
        ]


@pytest.fixture
def community(db):
    """Two grids of 600 and 200 households in eight building groups."""
    community = make_tiles(columns=2, rows=1)
    first, second = community.children.order_by("code")
    Area.objects.filter(level="building").delete()
    for n in range(8):
        building = make_area(f"{(first if n < 6 else second).code}{n + 1:03d}", f"{n + 1}号楼")
        place = spot(0.08 + n * 0.15, 0.5) if n < 6 else spot(1.2 + (n - 6) * 0.4, 0.5)
        building.lon, building.lat = place
        building.households = 100
        building.save()
    Area.objects.filter(pk=first.pk).update(households=600)
    Area.objects.filter(pk=second.pk).update(households=200)
    return community


@pytest.fixture
def dispatcher(community):
    return actor_of(make_staff("subdistrict_dispatcher", make_area("370705001")))


def ask(community, actor, **more):
    more.setdefault("wish", Wish(300, 500))
    return ask_for_layout(actor=actor, now=MONDAY, community=community, **more)


class TestDeciding:
    def test_adopting_is_one_act_and_every_household_stays(self, community, dispatcher):
        plan = ask(community, dispatcher)
        assert plan.state == PlanState.WAITING
        assert [row["households"] for row in plan.before] == [600, 200]
        assert [row["households"] for row in plan.after] == [400, 400]
        assert plan.figures["moved_households"] == 200
        act = adopt_plan(actor=dispatcher, now=MONDAY, plan=plan)
        plan.refresh_from_db()
        assert (plan.state, plan.act) == (PlanState.ADOPTED, act.key)
        grids = community.children.filter(valid_to=None)
        assert sorted(grid.households for grid in grids) == [400, 400]
        buildings = Area.objects.filter(level="building", valid_to=None, parent__in=grids)
        assert buildings.count() == 8
        assert queries.coverage_of(community).complete
        assert Succession.objects.filter(act=act.key).exists()
        entry = Entry.objects.get(subject_type="layout_plan", verb="adopt_layout")
        assert entry.data["act"] == str(act.key)
        with pytest.raises(ValidationError, match="已不在"):
            adopt_plan(actor=dispatcher, now=MONDAY, plan=plan)

    def test_grids_changed_meanwhile_stop_it(self, community, dispatcher):
        plan = ask(community, dispatcher)
        merge_grids(
            actor=dispatcher, now=MONDAY, community=community, token=layout_token(community),
            grids=list(community.children.all()), name="合并网格",
        )  # fmt: skip
        with pytest.raises(Overtaken):
            adopt_plan(actor=dispatcher, now=MONDAY, plan=plan)
        plan.refresh_from_db()
        assert plan.state == PlanState.WAITING

    def test_rejecting_needs_a_reason_and_changes_nothing(self, community, dispatcher):
        plan, token = ask(community, dispatcher), layout_token(community)
        with pytest.raises(ValidationError, match="原因"):
            reject_plan(actor=dispatcher, now=MONDAY, plan=plan, reason=" ")
        done = reject_plan(actor=dispatcher, now=MONDAY, plan=plan, reason="跨主干道")
        assert (done.state, done.reason) == (PlanState.REJECTED, "跨主干道")
        assert layout_token(community) == token
        assert Entry.objects.filter(subject_type="layout_plan", verb="reject_layout").count() == 1

    def test_what_cannot_be_stores_nothing(self, community, dispatcher):
        with pytest.raises(ValidationError, match="怎样都分不成"):
            ask(community, dispatcher, wish=Wish(450, 500))
        assert not LayoutPlan.objects.exists()

    def test_a_large_one_is_left_to_the_job(self, community, dispatcher):
        plan = ask(community, dispatcher, at_once=3)
        assert plan.state == PlanState.COMPUTING
        with pytest.raises(ValidationError, match="正在计算"):
            ask(community, dispatcher, at_once=3)
        jobs.solve_layout(plan.pk)
        jobs.solve_layout(plan.pk)
        plan.refresh_from_db()
        assert (plan.state, plan.progress) == (PlanState.WAITING, 100)

    def test_an_uploaded_list_takes_the_registers_place(self, community, dispatcher):
        many = [Dwelling(*spot(0.1 + n * 0.13, 0.4), 80, f"{n}号") for n in range(10)]
        plan = ask(community, dispatcher, uploaded=many)
        assert sum(row["households"] for row in plan.after) == 800
        act = adopt_plan(actor=dispatcher, now=MONDAY, plan=plan)
        assert all(300 <= area.households <= 500 for area in act.made)

    @pytest.mark.parametrize(
        ("role", "code"),
        [
            ("community_worker", "370705001001"),
            ("grid_worker", "370705001001001"),
            ("subdistrict_dispatcher", "370705002"),
            ("district_lead", "370705"),
        ],
    )
    def test_others_may_neither_ask_nor_decide(self, community, dispatcher, role, code):
        other = actor_of(make_staff(role, make_area(code)))
        plan = ask(community, dispatcher)
        with pytest.raises(PermissionDenied):
            ask(community, other)
        with pytest.raises(PermissionDenied):
            adopt_plan(actor=other, now=MONDAY, plan=plan)
        with pytest.raises(PermissionDenied):
            reject_plan(actor=other, now=MONDAY, plan=plan, reason="不行")
        assert LayoutPlan.objects.get().state == PlanState.WAITING


class TestPages:
    @pytest.fixture
    def client(self, community):
        client = Client()
        client.force_login(make_staff("subdistrict_dispatcher", make_area("370705001")))
        return client

    def test_ask_see_and_adopt(self, client, community):
        data = {"community": community.code, "low": 300, "high": 500, "keep_borders": "on"}
        answer = client.post("/desk/areas/layouts/", data, follow=True)
        text = answer.content.decode()
        assert "换网格的户数：200" in text
        plan = LayoutPlan.objects.get()
        for side, counts in (("before", ["600", "200"]), ("after", ["400", "400"])):
            layer = client.get(f"/desk/areas/layouts/{plan.pk}/{side}.geojson").json()
            assert [part["properties"]["text"] for part in layer["features"]] == counts
        answer = client.post(f"/desk/areas/layouts/{plan.pk}/adopt/", {"note": ""}, follow=True)
        assert "新布局已生效" in answer.content.decode()

    def test_bad_input_is_answered_and_kept(self, client, community):
        data = {"community": community.code, "low": 460, "high": 480}
        answer = client.post("/desk/areas/layouts/", data)
        assert answer.status_code == 422
        text = answer.content.decode()
        assert "怎样都分不成" in text
        assert 'value="460"' in text
        data = {"community": community.code, "low": 500, "high": 300}
        assert "不能小于最少" in client.post("/desk/areas/layouts/", data).content.decode()

    def test_rejecting_without_a_reason_is_answered_at_the_field(self, client, community):
        data = {"community": community.code, "low": 300, "high": 500}
        client.post("/desk/areas/layouts/", data)
        plan = LayoutPlan.objects.get()
        address = f"/desk/areas/layouts/{plan.pk}/reject/"
        assert "请写明不采用的原因" in client.post(address, {"reason": ""}).content.decode()
        client.post(address, {"reason": "跨主干道"})
        assert "跨主干道" in client.get(f"/desk/areas/layouts/{plan.pk}/").content.decode()

    def test_a_running_computation_shows_how_far_it_is(self, client, community, dispatcher):
        plan = ask(community, dispatcher, at_once=0)
        address = f"/desk/areas/layouts/{plan.pk}/progress/"
        assert "hx-get" in client.get(address).content.decode()
        jobs.solve_layout(plan.pk)
        assert client.get(address)["HX-Refresh"] == "true"
