"""Areas: codes, imports, the generated map, point to grid, and the pages."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Point, box, mapping

from factories import make_area, make_staff
from linli.base.areas import coordinates, demo, locate, queries
from linli.base.areas.actions import import_boundaries, import_divisions
from linli.base.areas.coverage import coverage
from linli.base.areas.locate import GridIndex, Place
from linli.base.areas.models import Area
from linli.kernel.ledger.models import Entry
from linli.kernel.scope import SYSTEM

NOW = datetime(2026, 3, 16, 1, tzinfo=UTC)
HEAD = "code,name,level\n"


def divisions(text: str, encoding: str = "utf-8"):
    return import_divisions(text.encode(encoding), actor=SYSTEM, now=NOW)


@pytest.mark.django_db
class TestDivisions:
    def test_the_real_file_twice_and_a_new_name(self):
        body = (demo.FOLDER / "kuiwen_divisions.csv").read_bytes()
        first = import_divisions(body, actor=SYSTEM, now=NOW)
        assert (first.ok, first.created) == (True, 194)
        again = import_divisions(body, actor=SYSTEM, now=NOW)
        assert (again.created, again.renamed, again.unchanged) == (0, 0, 194)
        renamed = divisions(HEAD + "370705001,东关新街道,subdistrict\n")
        assert renamed.renamed == 1
        entry = Entry.objects.get(subject_type="area", verb="rename")
        assert entry.data == {"old": "东关街道", "new": "东关新街道"}
        assert Area.objects.get(code="370705001").keywords.startswith("dgxjd ")

    @pytest.mark.parametrize(
        ("rows", "line", "reason"),
        [
            ("370705,奎文区,district\n370705,奎文区,district\n", 3, "与第2行重复"),
            ("370705001,东关街道,subdistrict\n", 2, "找不到上级区域370705"),
            ("37070,奎文区,district\n", 2, "长度为5位"),
            ("370705,奎文区,community\n", 2, "应为12位"),
            ("37070X,奎文区,district\n", 2, "只能是数字"),
            ("370705,,district\n", 2, "缺少名称"),
            (",奎文区,district\n", 2, "缺少编码"),
            ("370705,奎文区,county\n", 2, "没有“county”这个层级"),
        ],
    )
    def test_bad_rows_are_named_by_line_and_nothing_is_imported(self, rows, line, reason):
        result = divisions(HEAD + rows)
        assert not result.ok
        assert any(bad.line == line and reason in bad.reason for bad in result.bad)
        assert not Area.objects.exists()

    def test_one_bad_row_keeps_the_good_ones_out(self):
        result = divisions(HEAD + "370705,奎文区,district\n370705001001,无街道社区,community\n")
        assert [bad.line for bad in result.bad] == [3]
        assert not Area.objects.exists()

    def test_gbk_is_read_and_other_files_are_refused(self):
        assert divisions(HEAD + "370705,奎文区,district\n", "gbk").ok
        assert "缺少列" in divisions("a,b\n1,2\n").bad[0].reason
        assert (
            "不是文本" in import_divisions(b"PK\x00\x03\xff", actor=SYSTEM, now=NOW).bad[0].reason
        )
        assert not import_divisions(b"", actor=SYSTEM, now=NOW).ok


def feature(code, geometry):
    return {"type": "Feature", "properties": {"code": code}, "geometry": geometry}


@pytest.mark.django_db
class TestBoundaries:
    def load(self, *features, crs="wgs84"):
        body = json.dumps({"type": "FeatureCollection", "features": list(features)}).encode()
        return import_boundaries(body, actor=SYSTEM, now=NOW, crs=crs)

    def test_good_boundary_moves_the_index(self):
        grid = make_area("370705001001001")
        locate.forget()
        assert locate.locate(119.105, 36.705) is None
        assert self.load(feature(grid.code, mapping(box(119.1, 36.7, 119.11, 36.71)))).ok
        assert locate.locate(119.105, 36.705).code == grid.code

    @pytest.mark.parametrize(
        ("geometry", "reason"),
        [
            (mapping(Point(119, 36)), "Polygon"),
            (mapping(box(36, 119, 37, 120)), "中国范围"),
            ({"type": "Polygon", "coordinates": [[[119, 36], [120, 37], [120, 36], [119, 37], [119, 36]]]}, "图形有误"),
            ({"type": "Polygon", "coordinates": "x"}, "无法读取"),
            ({"type": "Polygon"}, "无法读取"),
            (None, "Polygon"),
        ],
    )  # fmt: skip
    def test_bad_shapes(self, geometry, reason):
        make_area("370705")
        result = self.load(feature("370705", geometry))
        assert reason in result.bad[0].reason

    def test_unknown_code_and_not_json(self):
        make_area("370705")
        assert (
            "没有编码" in self.load(feature("370799", mapping(box(119, 36, 120, 37)))).bad[0].reason
        )
        for body in (b"{", b"[]", b"\xff\xfe", b'{"type":"FeatureCollection","features":[]}'):
            assert not import_boundaries(body, actor=SYSTEM, now=NOW).ok


def test_gcj02_there_and_back():
    # A known pair: Tiananmen in WGS 84 and as public maps draw it.
    lon, lat = coordinates.to_gcj02(116.3912757, 39.906217)
    assert (lon, lat) == pytest.approx((116.3975, 39.9076), abs=2e-4)
    assert coordinates.to_wgs84(lon, lat) == pytest.approx((116.3912757, 39.906217), abs=1e-7)


def test_coverage_sees_gap_and_overlap():
    whole = box(119, 36, 119.02, 36.01)
    left, right = box(119, 36, 119.01, 36.01), box(119.01, 36, 119.02, 36.01)
    good = coverage(whole, [left, right])
    assert good.complete
    assert good.ratio == pytest.approx(1)
    gap = coverage(whole, [left, box(119.011, 36, 119.02, 36.01)])
    assert not gap.complete
    assert gap.gap_m2 == pytest.approx(100_000, rel=0.02)
    over = coverage(whole, [left, box(119.009, 36, 119.02, 36.01)])
    assert not over.complete
    assert over.overlap_m2 == pytest.approx(100_000, rel=0.02)


def test_generated_map_tiles_at_every_level_and_is_the_same_each_time():
    rows = demo.read_tree()
    made, again = demo.plan(rows), demo.plan(rows)
    assert [cell.wkb for cell in made.cells] == [cell.wkb for cell in again.cells]
    assert made.subdistricts == again.subdistricts
    communities = [part for group in made.subdistricts for part in group]
    assert (len(made.subdistricts), len(communities)) == (10, 183)
    assert 950 <= len(made.cells) <= 1100
    assert min(map(len, communities)) >= 2
    whole = made.union(range(len(made.cells)))
    assert coverage(whole, [made.union(part) for part in communities]).complete
    assert coverage(whole, [made.union(sum(group, [])) for group in made.subdistricts]).complete
    for part in communities:
        joined = made.union(part)
        assert joined.geom_type == "Polygon"
        assert coverage(joined, [made.cells[number] for number in part]).complete


class TestLocate:
    left, right = box(0, 0, 1, 1), box(1, 0, 2, 1)
    index = GridIndex([Place(2, "002", "右"), Place(1, "001", "左")], [right, left])

    def test_border_belongs_to_one(self):
        assert self.index.find(1, 0.5).code == "001"
        assert self.index.find(1.5, 0.5).code == "002"
        assert self.index.find(3, 3) is None

    @given(st.lists(st.tuples(st.floats(-1, 3), st.floats(-1, 2)), min_size=1, max_size=30))
    @settings(max_examples=60)
    def test_bulk_equals_single(self, points):
        lons, lats = zip(*points, strict=True)
        assert self.index.find_many(lons, lats) == [self.index.find(x, y) for x, y in points]


@pytest.mark.django_db
class TestPages:
    @pytest.fixture
    def staff(self, client):
        community = make_area("370705001001", "一社区")
        make_area("370705001001001", "第1网格")
        make_area("370705001001002", "第2网格")
        halves = [box(119, 36, 119.01, 36.01), box(119.01, 36, 119.02, 36.01)]
        for area, shape in zip(
            Area.objects.filter(level="grid").order_by("code"), halves, strict=True
        ):
            Area.objects.filter(pk=area.pk).update(boundary=mapping(shape))
        Area.objects.filter(pk=community.pk).update(boundary=mapping(shapely.union_all(halves)))
        client.force_login(make_staff("community_worker", community))
        return client

    def test_tree_detail_and_search(self, staff, django_assert_max_num_queries):
        assert "区域705" in staff.get("/desk/areas/").content.decode()
        with django_assert_max_num_queries(12):
            page = staff.get("/desk/areas/370705001001/").content.decode()
        assert "100.00%" in page
        assert "无空隙、无重叠" in page
        assert "第2网格" in page
        found = staff.get("/desk/areas/?q=370705001001").content.decode()
        assert "一社区" in found
        assert "没有找到" in staff.get("/desk/areas/?q=zzz").content.decode()
        assert staff.get("/desk/areas/999999/").status_code == 404

    def test_boundaries(self, staff, client):
        answer = staff.get("/areas/370705001001/below.geojson")
        assert len(answer.json()["features"]) == 2
        assert (
            staff.get(
                "/areas/370705001001/below.geojson", headers={"If-None-Match": answer["ETag"]}
            ).status_code
            == 304
        )

    def test_anyone_sees_outlines_down_to_grids_and_nothing_else(self, staff, client):
        linked = staff.get("/areas/370705001001/below.geojson").json()["features"]
        assert "href" in linked[0]["properties"]
        client.logout()
        for path, count in (
            ("370705001001/boundary", 1),
            ("370705001001/below", 2),
            ("370705001001001/boundary", 1),
        ):
            found = client.get(f"/areas/{path}.geojson").json()["features"]
            assert len(found) == count
            for feature in found:
                assert set(feature["properties"]) == {"code", "name"}
        for kept in ("370705001001001/below", "370705001001/grids", "370705001001/coverage",
                     "370705001001001001/boundary"):  # fmt: skip
            assert client.get(f"/areas/{kept}.geojson").status_code == 403, kept
        assert client.get("/desk/areas/").url.startswith("/staff/login/")

    def test_only_the_system_administrator_imports(self, staff, client):
        assert staff.get("/desk/areas/import/").status_code == 403
        client.force_login(make_staff("system_admin", make_area("370705")))
        assert "请选择" in client.post("/desk/areas/import/", {}).content.decode()


@pytest.mark.django_db
def test_addresses_find_building_groups_and_initials_find_subdistricts():
    area = make_area("370705001001001001", "东风街12号院3号楼")
    assert [c.code for c in queries.match_address("东风街12号院3号楼2单元501")] == [area.code]
    assert queries.match_address("东") == []
    divisions(HEAD + "370705002,大虞街道,subdistrict\n")
    assert [a.name for a in queries.find("dyjd")] == ["大虞街道"]
