"""The grid map by mouse: a line splits, a refusal shows its place, a proposed layout is adopted."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from factories import make_area, make_staff, make_tiles, spot
from linli.base.areas import queries
from linli.base.areas.models import Area, LayoutPlan

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
MAP = "/desk/areas/370705001001/map/"


@pytest.fixture
def community():
    return make_tiles()


@pytest.fixture
def desk(open_page, community):
    return open_page(make_staff("subdistrict_dispatcher", make_area("370705001")), width=1440)


def drawn(page, name="edit-map"):
    page.wait_for_selector(f"#{name}[data-ready]")
    page.locator(f"#{name}").scroll_into_view_if_needed()


def click_tiles(page, *places):
    """Click places counted in tiles: where the outline of 2 x 2 tiles stands on the screen."""
    path = page.locator("#edit-map path.leaflet-interactive").first
    frame = path.bounding_box()
    for column, row in places:
        x = frame["x"] + frame["width"] * column / 2
        y = frame["y"] + frame["height"] * (1 - row / 2)
        page.mouse.click(x, y)
        page.wait_for_timeout(400)  # two clicks at once would be a double click, which zooms


def lines(page):
    return page.input_value("textarea[name=points]").strip().splitlines()


def accessible(page):
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa"]})
    assert found.violations_count == 0, found.generate_report()


def test_a_line_drawn_over_a_grid_splits_it(desk, community):
    desk.goto(MAP)
    drawn(desk)
    accessible(desk)
    click_tiles(desk, (0.5, 0.0), (0.5, 1.0), (1.5, 1.5))
    assert len(lines(desk)) == 3
    desk.wait_for_selector("text=已点3个点")
    desk.click("[data-edit-undo]")
    assert len(lines(desk)) == 2
    desk.fill("[name=name]", "东片")
    desk.click("text=检查并保存")
    desk.wait_for_selector("text=新网格2个")
    assert Area.objects.filter(parent=community, valid_to=None).count() == 5
    assert Area.objects.filter(name="东片", valid_to=None).exists()
    assert queries.coverage_of(community).complete
    drawn(desk)
    assert lines(desk) == []
    assert desk.faults == []


def test_a_refused_edit_shows_its_place_and_keeps_the_drawing(desk, community):
    desk.goto(MAP)
    drawn(desk)
    desk.check("[name=tool][value=border]")
    click_tiles(desk, (0.0, 0.0), (0.3, 0.3))
    before = lines(desk)
    lon, lat = (float(part) for part in before[0].split(","))
    assert (lon, lat) == pytest.approx(spot(0, 0), abs=1e-8)  # the click stuck to the corner
    desk.fill("[name=note]", "按街道第3号文")
    desk.click("text=检查并保存")
    desk.wait_for_selector("text=没有保存任何改动")
    drawn(desk)
    assert lines(desk) == before
    assert desk.is_checked("[name=tool][value=border]")
    assert desk.input_value("[name=note]") == "按街道第3号文"
    red = desk.locator("#edit-map path[stroke='#b42318']").first
    red.wait_for()
    view, mark = desk.locator("#edit-map").bounding_box(), red.bounding_box()
    assert view["x"] <= mark["x"] <= view["x"] + view["width"]
    assert view["y"] <= mark["y"] <= view["y"] + view["height"]
    assert desk.locator("#edit-map path[stroke='#1d4ed8']").count() == 3  # a line and its two ends
    accessible(desk)
    assert Area.objects.filter(parent=community, valid_to=None).count() == 4
    assert desk.faults == []


def test_a_proposed_layout_is_compared_and_adopted(desk, community):
    desk.goto(f"/desk/areas/layouts/?community={community.code}")
    desk.fill("[name=low]", "700")
    desk.fill("[name=high]", "900")
    desk.click("main form button[type=submit], main form button.btn-primary")
    desk.wait_for_url("**/layouts/*/")
    drawn(desk, "map-before")
    drawn(desk, "map-after")
    assert LayoutPlan.objects.get().state == "waiting"
    accessible(desk)
    desk.fill("#note", "街道第5号文")
    desk.click("text=采用新布局")
    desk.wait_for_selector("text=已采用")
    grids = Area.objects.filter(parent=community, valid_to=None)
    assert [grid.households for grid in grids] == [800, 800]
    assert queries.coverage_of(community).complete
    assert desk.faults == []


def test_a_tap_that_marks_a_place_does_not_lead_away(desk, community):
    desk.goto("/desk/door/?place=370705001001001001")
    drawn(desk, "door-map")
    desk.wait_for_selector("#door-map path")
    frame = desk.locator("#door-map").bounding_box()
    desk.mouse.click(frame["x"] + frame["width"] / 2 + 9, frame["y"] + frame["height"] / 2)
    desk.wait_for_selector("text=已标出位置")
    lon = float(desk.input_value("#door_lon"))
    assert lon == pytest.approx(spot(0.5, 0.5)[0], abs=0.01)
    desk.click("main form button.btn-primary")
    desk.wait_for_selector("text=第1网格")
    assert "/desk/door/" in desk.url
    assert desk.faults == []
