"""Edits of grids: each keeps the tiling whole or is refused with its place, and stores nothing."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, Polygon
from shapely.geometry import shape

from factories import MONDAY, draw_on, make_area, make_staff, make_tiles, spot, tile
from linli.base.accounts.queries import actor_of
from linli.base.areas import queries, tiling
from linli.base.areas.actions import (
    Heir,
    Overtaken,
    Refused,
    adopt_layout,
    draw_grid,
    merge_grids,
    move_border,
    split_grid,
)
from linli.base.areas.editing import layout_token
from linli.base.areas.faults import as_geojson, faults
from linli.base.areas.models import Area, PastBoundary, Succession
from linli.kernel.ledger.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def community():
    return make_tiles()


@pytest.fixture
def dispatcher(community):
    return actor_of(make_staff("subdistrict_dispatcher", make_area("370705001")))


def grids(community):
    return list(community.children.filter(valid_to=None).order_by("code"))


def edit(function, community, dispatcher, **more):
    more.setdefault("token", layout_token(community))
    return function(actor=dispatcher, now=MONDAY, community=community, **more)


def whole(community):
    report = queries.coverage_of(community)
    return report is not None and report.complete


class TestSplit:
    def test_a_line_makes_two_grids_that_tile_and_the_building_follows(self, community, dispatcher):
        first = grids(community)[0]
        line = LineString([spot(0.3, -0.2), spot(0.3, 1.2)])
        act = edit(split_grid, community, dispatcher, grid=first, line=line, names=["东片"])
        first.refresh_from_db()
        assert first.valid_to is not None
        assert whole(community)
        assert [area.name for area in act.made] == ["东片", "第5网格"]
        assert [area.code[-3:] for area in act.made] == ["005", "006"]
        building = Area.objects.get(level="building", name="幸福路1号楼")
        assert building.parent == act.made[0]
        assert building.code == act.made[0].code + "001"
        assert [area.households for area in act.made] == [400, None]
        rows = Succession.objects.filter(act=act.key, was_code=first.code).order_by("-share")
        assert [round(row.share, 2) for row in rows] == [0.7, 0.3]
        assert Entry.objects.filter(subject_type="area", data__act=str(act.key)).count() == 5

    def test_neighbours_get_the_vertex_of_the_cut(self, community, dispatcher):
        first, second = grids(community)[:2]
        line = LineString([spot(-0.1, 0.4), spot(1.1, 0.6)])
        edit(split_grid, community, dispatcher, grid=first, line=line)
        second.refresh_from_db()
        assert len(shape(second.boundary).exterior.coords) == 6
        assert whole(community)

    @pytest.mark.parametrize(
        ("line", "words"),
        [
            ([spot(0.2, 0.2), spot(0.2, 0.8)], "没有穿过"),
            ([spot(5, 5), spot(6, 6)], "没有穿过"),
            ([spot(0.0004, -0.1), spot(0.0004, 1.1)], "太小"),
        ],
    )
    def test_a_line_that_makes_no_sense_is_refused_with_its_place(
        self, community, dispatcher, line, words
    ):
        with pytest.raises(Refused, match=words) as caught:
            edit(split_grid, community, dispatcher, grid=grids(community)[0], line=LineString(line))
        assert as_geojson(caught.value.faults)["features"]
        assert len(grids(community)) == 4
        assert not Succession.objects.exists()


class TestMerge:
    def test_neighbours_become_one(self, community, dispatcher):
        first, second, third, _fourth = grids(community)
        act = edit(merge_grids, community, dispatcher, grids=[first, second], name="南片")
        (new,) = act.made
        assert (new.name, new.households) == ("南片", 800)
        assert whole(community)
        assert shape(new.boundary).equals(tile(0, 0, 2, 1))
        assert new.children.filter(valid_to=None).count() == 2
        third.refresh_from_db()
        assert third.valid_to is None

    def test_grids_that_only_touch_at_a_corner_are_refused(self, community, dispatcher):
        first, _second, _third, fourth = grids(community)
        with pytest.raises(Refused, match="不相邻"):
            edit(merge_grids, community, dispatcher, grids=[first, fourth])

    def test_a_name_that_stands_already_is_refused_at_the_field(self, community, dispatcher):
        with pytest.raises(ValidationError, match="已有了") as caught:
            edit(merge_grids, community, dispatcher, grids=grids(community)[:2], name="第3网格")
        assert "name" in caught.value.message_dict


class TestBorder:
    def test_a_shared_corner_moves_for_all_and_snaps(self, community, dispatcher):
        act = edit(move_border, community, dispatcher, moves=[(spot(1, 1), spot(1.2, 1.1))])
        assert whole(community)
        assert len(grids(community)) == 4
        assert PastBoundary.objects.filter(act=act.key).count() == 4
        assert Succession.objects.filter(act=act.key, kind="border").count() == 5

    def test_a_point_of_an_edge_becomes_a_corner(self, community, dispatcher):
        edit(move_border, community, dispatcher, moves=[(spot(1, 0.5), spot(1.3, 0.5))])
        assert whole(community)
        assert len(shape(grids(community)[0].boundary).exterior.coords) == 6

    def test_a_building_that_changes_sides_takes_its_households(self, community, dispatcher):
        edit(
            move_border, community, dispatcher,
            moves=[(spot(1, 0), spot(0.2, 0)), (spot(1, 1), spot(0.2, 1))],
        )  # fmt: skip
        first, second = grids(community)[:2]
        assert (first.households, second.households) == (0, 800)
        assert second.children.filter(valid_to=None).count() == 2

    @pytest.mark.parametrize(
        ("moves", "kind"),
        [
            ([(spot(0, 0), spot(0.3, 0.3))], "gap"),
            ([(spot(0, 0), spot(-0.3, -0.3))], "outside"),
            ([(spot(1, 1), spot(3, 0.5))], "invalid"),
            ([(spot(0.5, 0.5), spot(0.6, 0.6))], "drawn"),
        ],
    )
    def test_what_would_break_the_tiling_is_refused_with_the_place(
        self, community, dispatcher, moves, kind
    ):
        before = {grid.pk: grid.boundary for grid in grids(community)}
        with pytest.raises(Refused) as caught:
            edit(move_border, community, dispatcher, moves=moves)
        assert kind in {fault.kind for fault in caught.value.faults}
        assert {grid.pk: grid.boundary for grid in grids(community)} == before
        assert whole(community)


class TestDraw:
    def test_a_new_grid_takes_ground_from_those_it_covers(self, community, dispatcher):
        act = edit(
            draw_grid, community, dispatcher, ring=tile(0.8, 0.8, 0.4, 0.4), name="广场",
            grid_kind="special", households=0,
        )  # fmt: skip
        assert whole(community)
        assert len(grids(community)) == 5
        assert act.made[0].grid_kind == "special"
        assert Succession.objects.filter(new=act.made[0]).count() == 4

    def test_a_gap_is_filled_by_drawing_over_it(self, community, dispatcher):
        lost = grids(community)[3]
        Area.objects.filter(parent=lost).update(valid_to=MONDAY.date())
        Area.objects.filter(pk=lost.pk).update(valid_to=MONDAY.date())
        assert not whole(community)
        edit(draw_grid, community, dispatcher, ring=tile(0.999, 0.999, 1.5, 1.5), name="东北")
        assert whole(community)

    @pytest.mark.parametrize(
        ("ring", "words"),
        [
            (tile(5, 5), "不在本社区"),
            (tile(0, 0), "整个盖住"),
            (tile(0.4, -1, 0.2, 4), "切成几块"),
            (Polygon([spot(0, 0), spot(1, 1), spot(1, 0), spot(0, 1)]), "自己相交"),
        ],
    )
    def test_a_ring_that_makes_no_sense_is_refused(self, community, dispatcher, ring, words):
        with pytest.raises(Refused, match=words):
            edit(draw_grid, community, dispatcher, ring=ring, name="新")
        assert whole(community)


class TestLayout:
    def test_a_layout_is_adopted_as_one_act_and_same_ground_stays(self, community, dispatcher):
        first, second, _third, _fourth = grids(community)
        act = edit(
            adopt_layout, community, dispatcher,
            grids=[
                Heir("第1网格", tile(0, 0)), Heir("第2网格", tile(1, 0)),
                Heir("北片", tile(0, 1, 2, 1)),
            ],
        )  # fmt: skip
        assert [grid.pk for grid in grids(community)[:2]] == [first.pk, second.pk]
        assert [area.name for area in act.made] == ["北片"]
        assert whole(community)
        assert act.made[0].households == 800
        assert set(Succession.objects.values_list("kind", flat=True)) == {"layout"}

    def test_a_layout_with_a_gap_is_refused_with_the_gap(self, community, dispatcher):
        with pytest.raises(Refused, match="空隙") as caught:
            edit(
                adopt_layout, community, dispatcher,
                grids=[Heir("南", tile(0, 0, 2, 1)), Heir("北", tile(0, 1, 1.9, 1))],
            )  # fmt: skip
        (fault,) = caught.value.faults
        assert fault.shape.intersects(tile(1.9, 1, 0.1, 1).centroid)
        assert len(grids(community)) == 4

    def test_the_same_layout_again_changes_nothing(self, community, dispatcher):
        same = [Heir(grid.name, shape(grid.boundary)) for grid in grids(community)]
        with pytest.raises(ValidationError, match="相同"):
            edit(adopt_layout, community, dispatcher, grids=same)


class TestWhoMay:
    def test_another_subdistrict_and_a_grid_worker_may_not(self, community):
        for role, code in (
            ("subdistrict_dispatcher", "370705002"), ("grid_worker", "370705001001001"),
        ):  # fmt: skip
            actor = actor_of(make_staff(role, make_area(code)))
            with pytest.raises(PermissionDenied):
                edit(merge_grids, community, actor, grids=grids(community)[:2])

    def test_who_edits_an_old_picture_is_told_by_whom_it_was_changed(self, community, dispatcher):
        token = layout_token(community)
        edit(merge_grids, community, dispatcher, grids=grids(community)[:2])
        with pytest.raises(Overtaken, match="合并"):
            edit(merge_grids, community, dispatcher, grids=grids(community)[1:3], token=token)


def test_an_old_fault_is_not_held_against_an_edit(community, dispatcher):
    fourth = grids(community)[3]
    draw_on(fourth, tile(1.1, 1, 0.9, 1))
    edit(merge_grids, community, dispatcher, grids=grids(community)[:2])
    assert len(grids(community)) == 3


AT = st.floats(0.0, 2.0).map(lambda x: round(x, 3))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(AT, AT, AT, AT), min_size=1, max_size=4), st.tuples(AT, AT, AT, AT))
def test_whatever_is_cut_and_moved_still_tiles_or_is_refused(cuts, corner):
    """Random lines across the community; then a corner dragged at random."""
    ground = tile(0, 0, 2, 2)
    parts = {0: tile(0, 0), 1: tile(1, 0), 2: tile(0, 1), 3: tile(1, 1)}
    for number, (a, b, c, d) in enumerate(cuts):
        line = LineString([spot(-0.5, a), spot(b, c), spot(2.5, d)])
        for key in list(parts):
            try:
                others, pieces = tiling.split(parts, key, line)
            except tiling.CannotDraw:
                continue
            fresh = {(number, key, i): piece for i, piece in enumerate(pieces)}
            assert not faults(ground, {**others, **fresh}, parts)
            parts = {**others, **fresh}
    start = spot(corner[0], corner[1])
    try:
        moved = tiling.move(parts, [(start, spot(corner[2], corner[3]))], ground)
    except tiling.CannotDraw:
        return
    if not faults(ground, moved, parts):
        assert abs(sum(part.area for part in moved.values()) - ground.area) < 1e-10
