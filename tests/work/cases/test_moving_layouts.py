"""When a proposed layout is adopted, open work goes to the grid that holds its point."""

from __future__ import annotations

import pytest
from shapely.geometry import Point, shape

from factories import MONDAY, make_area, make_district, make_tiles, spot
from linli.base.accounts.models import GrantRow, Unit
from linli.base.areas.actions import adopt_plan, ask_for_layout
from linli.base.areas.layout.rules import Wish
from linli.base.areas.models import Area
from linli.base.people import actions as people
from linli.kernel.scope import SYSTEM
from linli.work.cases.models import OPEN_STATES, Case
from work.cases.test_moving import LATER, closed, counted, dispatched

pytestmark = pytest.mark.django_db
PLACES = [0.08 + n * 0.15 for n in range(6)] + [1.2, 1.6]


@pytest.fixture
def world():
    """Two grids in a row: the first has 600 households, the second 200."""
    world = make_district()
    community = make_tiles(world.community.code, columns=2, rows=1)
    first, second = community.children.order_by("code")
    Area.objects.filter(level="building").delete()
    for n, place in enumerate(PLACES):
        building = make_area(f"{(first if n < 6 else second).code}{n + 1:03d}", f"{n + 1}号楼")
        building.lon, building.lat = spot(place, 0.5)
        building.households = 100
        building.save()
    for grid, households in ((first, 600), (second, 200)):
        Area.objects.filter(pk=grid.pk).update(households=households)
    world.community.refresh_from_db()
    world.grid.refresh_from_db()
    return world


def test_open_work_people_and_grants_follow_and_the_totals_stay(world):
    cases = [dispatched(world, place, 0.5) for place in PLACES[:6]]
    done = closed(world, column=PLACES[5])
    homes = [
        people.add_building(
            actor=SYSTEM, now=MONDAY, area=world.grid, source="x",
            values={"name": f"{n}", "address": f"幸福路{n}号", "kind": "home",
                    "lon": spot(place, 0.5)[0], "lat": spot(place, 0.5)[1]},
        )
        for n, place in enumerate(PLACES[:6])
    ]  # fmt: skip
    before = counted()
    plan = ask_for_layout(
        actor=world.dispatcher, now=MONDAY, community=world.community, wish=Wish(300, 500)
    )
    adopt_plan(actor=world.dispatcher, now=LATER, plan=plan)
    grids = list(Area.objects.filter(level="grid", parent=world.community, valid_to=None))
    moved = 0
    for case in cases:
        was = case.area_code
        case.refresh_from_db()
        assert case.state in OPEN_STATES
        [holder] = [
            grid for grid in grids if shape(grid.boundary).intersects(Point(case.lon, case.lat))
        ]
        assert (case.area_id, case.area_code) == (holder.pk, holder.code)
        moved += case.area_code != was
    assert moved > 0, "the new border runs through the first grid"
    for home, case in zip(homes, cases, strict=True):
        home.refresh_from_db()
        assert home.area_code == Case.objects.get(pk=case.pk).area_code
    done.refresh_from_db()
    assert done.area_code == "370705001001001", "what was closed stays where it was recorded"
    for model in (Unit.objects, GrantRow.objects.filter(valid_to=None)):
        assert not model.exclude(area__valid_to=None).exists(), "none is left on an ended grid"
    assert Case.objects.exclude(unit__area__valid_to=None).count() == 0
    for code in (world.subdistrict.code, world.district.code):
        # Only the marks of the move itself are new: every sum of cases is what it was.
        after = {key: n for key, n in counted().items() if key[1] == code}
        assert {key: n for key, n in before.items() if key[1] == code} == after
