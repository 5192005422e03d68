"""The grid map by mouse: a grid split by a line, a refused edit, a new layout adopted."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from shapely.geometry import mapping

from area_factories import make_layout_plan
from factories import make_case, make_district, make_tiles, tile
from linli.base.accounts.models import Account
from linli.base.areas import locate, queries
from linli.base.areas.editing import layout_token
from linli.base.areas.models import Area
from linli.work.cases.models import Case

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world():
    world = make_district()
    world.community = make_tiles(world.community.code)
    locate.forget()
    return world


def open_map(open_page, world):
    page = open_page(Account.objects.get(pk=world.dispatcher.account_id), width=1440)
    page.goto(f"/desk/areas/{world.community.code}/map/")
    page.locator("#edit-map path").nth(3).wait_for(state="attached")
    page.wait_for_timeout(400)  # the map comes to rest
    return page


def frame(page):
    """Return left, top, right and bottom of the community on the screen, in pixels."""
    page.locator("#edit-map").scroll_into_view_if_needed()
    return page.evaluate(
        """() => {
            const boxes = [...document.querySelectorAll("#edit-map path.leaflet-interactive")]
                .map((path) => path.getBoundingClientRect());
            return [Math.min(...boxes.map((b) => b.left)), Math.min(...boxes.map((b) => b.top)),
                    Math.max(...boxes.map((b) => b.right)), Math.max(...boxes.map((b) => b.bottom))];
        }"""
    )


def click(page, column, row):
    """Click where the tests' map has this tile corner: 2 x 2 tiles, counted from the south-west."""
    left, top, right, bottom = frame(page)
    page.mouse.click(left + (right - left) * column / 2, bottom - (bottom - top) * row / 2)
    page.wait_for_timeout(50)


def grids(world):
    rows = Area.objects.filter(parent=world.community, level="grid", valid_to=None)
    return list(rows.order_by("code"))


def test_a_grid_is_split_by_a_line(open_page, world):
    page = open_map(open_page, world)
    click(page, 0.5, -0.06)
    click(page, 0.5, 1.06)
    drawn = page.input_value("#id_points").splitlines()
    assert len(drawn) == 2
    page.fill("#id_name", "幸福东网格")
    page.click("text=检查并保存")
    page.wait_for_selector("text=已保存")
    assert len(grids(world)) == 5
    assert "幸福东网格" in page.content()
    world.community.refresh_from_db()
    assert queries.coverage_of(world.community).complete, "what was one grid is two, without a gap"
    assert page.faults == []


def test_a_click_near_a_corner_is_put_on_it_and_can_be_taken_back(open_page, world):
    page = open_map(open_page, world)
    page.check("input[name=tool][value=border]")
    click(page, 1.01, 1.01)
    corner = tile(0, 0).exterior.coords
    lon, lat = (float(part) for part in page.input_value("#id_points").split(","))
    assert (round(lon, 7), round(lat, 7)) in {(round(x, 7), round(y, 7)) for x, y in corner}
    page.click("[data-edit-undo]")
    assert page.input_value("#id_points") == ""


def test_a_refused_edit_shows_its_place_and_keeps_the_drawing(open_page, world):
    page = open_map(open_page, world)
    page.check("input[name=tool][value=border]")
    click(page, 0, 0)
    click(page, 0.4, 0.3)  # what lies outside of the corner then would be nobody's
    page.fill("#id_note", "沿河道调整")
    before = page.input_value("#id_points")
    assert len(before.splitlines()) == 2
    page.click("text=检查并保存")
    page.wait_for_selector("text=没有保存任何改动")
    page.wait_for_selector("#edit-map path[stroke='#b42318']", state="attached")
    assert page.input_value("#id_points") == before
    assert page.input_value("#id_note") == "沿河道调整"
    assert page.is_checked("input[name=tool][value=border]")
    assert len(grids(world)) == 4
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa"]})
    assert found.violations_count == 0, found.generate_report()


def test_a_new_layout_is_seen_beside_the_old_and_adopted(open_page, world):
    case = make_case(world).case
    plan = make_layout_plan(world.community, grids=4)
    plan.after = [
        row | {"boundary": mapping(tile(0, 0.5 * n, 2, 0.5)), "name": f"新{n + 1}网格"}
        for n, row in enumerate(plan.after)
    ]
    plan.token = layout_token(world.community)
    plan.save()
    page = open_page(Account.objects.get(pk=world.dispatcher.account_id), width=1440)
    page.goto(f"/desk/areas/layouts/{plan.pk}/")
    for side in ("map-before", "map-after"):
        page.locator(f"#{side} path").nth(3).wait_for(state="attached")
    page.fill("#note", "区民政〔2026〕8号")
    page.click("text=采用新布局")
    page.wait_for_selector("text=已采用")
    assert [grid.name for grid in grids(world)] == [f"新{n}网格" for n in range(1, 5)]
    assert queries.coverage_of(world.community).complete
    case.refresh_from_db()
    assert case.area_code in {grid.code for grid in grids(world)} | {world.community.code}
    assert Case.objects.get().state == "registered", "moved along, otherwise untouched"
