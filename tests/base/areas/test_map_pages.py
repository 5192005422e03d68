"""The map editor and the report of coverage as people meet them."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from factories import draw_on, make_area, make_staff, make_tiles, spot, tile
from linli.base.areas import queries
from linli.base.areas.editing import layout_token
from linli.base.areas.models import Area

pytestmark = pytest.mark.django_db
MAP = "/desk/areas/370705001001/map/"


@pytest.fixture
def community():
    return make_tiles()


def enter(role="subdistrict_dispatcher", code="370705001"):
    client = Client()
    client.force_login(make_staff(role, make_area(code)))
    return client


def written(*points):
    return "\n".join(f"{lon}, {lat}" for lon, lat in points)


def send(client, community, **data):
    data.setdefault("token", layout_token(community))
    return client.post(MAP, data)


def test_a_line_is_drawn_and_the_grid_that_it_crosses_is_split(community):
    client = enter()
    assert client.get(MAP).status_code == 200
    points = written(spot(0.5, -0.1), spot(0.5, 1.1))
    page = send(client, community, tool="split", points=points, name="东片")
    assert page.status_code == 302
    assert "新网格2个" in client.get(MAP).content.decode()
    assert Area.objects.filter(name="东片", valid_to=None).exists()


def test_merge_and_draw_and_move(community):
    client = enter()
    grids = list(community.children.order_by("code"))
    done = send(client, community, tool="merge", grids=[grids[0].pk, grids[1].pk], name="南")
    assert done.status_code == 302
    moved = send(client, community, tool="border", points=written(spot(1, 1), spot(1.2, 1)))
    assert moved.status_code == 302
    ring = written(spot(0.2, 0.2), spot(0.6, 0.2), spot(0.6, 0.6))
    drawn = send(client, community, tool="draw", points=ring, grid_kind="special", name="市场")
    assert drawn.status_code == 302
    assert queries.coverage_of(community).complete
    assert Area.objects.get(name="市场").grid_kind == "special"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"tool": "split", "points": ""}, "请先在地图上点出位置"),
        ({"tool": "split", "points": "abc"}, "第1行不是经度和纬度"),
        ({"tool": "split", "points": "119.1, 36.7\n1e309, 2"}, "第2行不是经度和纬度"),
        ({"tool": "border", "points": "119.1,36.7\n119.2，36.7\n119.2,36.8"}, "成对"),
        ({"tool": "merge"}, "请至少选两个网格"),
        ({"tool": "wipe"}, "wipe"),
        ({"tool": "merge", "grids": ["99999999", "x"]}, "请至少选两个网格"),
    ],
)
def test_bad_input_is_answered_and_what_was_typed_stays(community, data, words):
    page = send(enter(), community, note="按街道第3号文", **data)
    assert page.status_code == 422
    text = page.content.decode()
    assert words in text
    assert "按街道第3号文" in text


def test_an_edit_that_breaks_the_tiling_is_refused_with_its_place_on_the_map(community):
    points = written(spot(0, 0), spot(0.3, 0.3))
    page = send(enter(), community, tool="border", points=points)
    text = page.content.decode()
    assert page.status_code == 422
    assert "留下空隙" in text
    marks = json.loads(text.split('id="map-faults" type="application/json">')[1].split("<")[0])
    assert marks["features"][0]["geometry"]["type"] == "Polygon"
    assert points.splitlines()[1] in text
    assert queries.coverage_of(community).complete


def test_who_edits_an_old_map_is_told(community):
    client, token = enter(), layout_token(community)
    grids = list(community.children.order_by("code"))
    send(client, community, tool="merge", grids=[grids[0].pk, grids[1].pk])
    page = send(client, community, tool="merge", grids=[grids[2].pk, grids[3].pk], token=token)
    assert page.status_code == 422
    assert "刚刚做了“合并”" in page.content.decode()


def test_what_is_exported_is_imported_again_and_one_new_name_changes_nothing_else(community):
    client = enter()
    file = client.get("/areas/370705001001/grids.geojson?file=1")
    data = json.loads(file.content)
    assert len(data["features"]) == 4
    data["features"] = data["features"][2:]
    south = {"type": "Feature", "properties": {"name": "南片"}, "geometry": None}
    south["geometry"] = json.loads(json.dumps(tile(0, 0, 2, 1).__geo_interface__))
    data["features"].append(south)
    upload = SimpleUploadedFile("g.geojson", json.dumps(data).encode())
    page = send(client, community, tool="import", file=upload, crs="wgs84")
    assert page.status_code == 302
    names = set(community.children.filter(valid_to=None).values_list("name", flat=True))
    assert names == {"第3网格", "第4网格", "南片"}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"no", "不是可用的GeoJSON"),
        (b'{"type": "FeatureCollection", "features": [{"properties": {}}]}', "第1个要素"),
        (b'{"features": [{"properties": {"name": "a", "kind": "x"}}]}', "没有“x”这种网格"),
        (b'{"features": [3]}', "第1个要素"),
    ],
)
def test_a_bad_file_is_answered_by_feature(community, body, words):
    page = send(enter(), community, tool="import", file=SimpleUploadedFile("g.json", body))
    assert page.status_code == 422
    assert words in page.content.decode()


def test_a_file_with_a_hole_is_refused(community):
    client = enter()
    data = client.get("/areas/370705001001/grids.geojson").json()
    data["features"].pop()
    upload = SimpleUploadedFile("g.geojson", json.dumps(data).encode())
    page = send(client, community, tool="import", file=upload)
    assert page.status_code == 422
    assert "空隙" in page.content.decode()


@pytest.mark.parametrize(
    ("role", "code"),
    [
        ("subdistrict_dispatcher", "370705002"),
        ("community_worker", "370705001001"),
        ("grid_worker", "370705001001001"),
        ("district_lead", "370705"),
    ],
)
def test_who_may_not_edit(community, role, code):
    client = enter(role, code)
    assert client.get(MAP).status_code == 403
    points = written(spot(0.5, -0.1), spot(0.5, 1.1))
    assert send(client, community, tool="split", points=points).status_code == 403
    assert community.children.filter(valid_to=None).count() == 4


def test_the_report_names_the_worst_first_and_draws_what_is_wrong(community):
    make_tiles("370705001002", west=2)
    broken = make_tiles("370705001003", west=4)
    first = broken.children.order_by("code").first()
    draw_on(first, tile(4.2, 0, 1, 1))
    client = enter()
    page = client.get("/desk/areas/coverage/?area=370705001")
    text = page.content.decode()
    assert "2 / 3 个社区全覆盖" in text
    assert page.context["rows"][0].code == broken.code
    marks = client.get("/areas/370705001/coverage.geojson").json()["features"]
    assert {mark["properties"]["kind"] for mark in marks} == {"gap", "overlap"}
    assert "/coverage.geojson" in client.get(f"/desk/areas/{broken.code}/").content.decode()
