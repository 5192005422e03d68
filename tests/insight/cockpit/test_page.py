"""The page: who sees which area, how many queries it costs, what bad input does."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from factories import MONDAY, make_case
from linli.base.areas.models import Area
from linli.base.indicators.models import FoldCursor

PAGE = "/desk/cockpit/"
SQUARE = {
    "type": "Polygon",
    "coordinates": [[[119.1, 36.7], [119.2, 36.7], [119.2, 36.8], [119.1, 36.7]]],
}


def text_of(answer) -> str:
    assert answer.status_code == 200
    return answer.content.decode()


def test_lead_sees_the_district(week, log_in):
    text = text_of(log_in(week.lead).get(PAGE))
    assert "测试区" in text
    assert 'data-area="370705001"' in text
    assert "33.33%" in text, "one of three that fell due was closed in time"
    assert "未达目标" in text
    assert "数据截至 03-20 10:00:00" in text


def test_click_through_to_communities_and_back(week, log_in):
    client = log_in(week.lead)
    text = text_of(client.get(PAGE, {"area": "370705001", "period": "7d"}))
    assert 'data-area="370705001001"' in text
    assert 'href="?area=370705&amp;period=7d"' in text, "the way up"
    text = text_of(client.get(PAGE, {"area": "370705001001"}))
    assert 'id="areas"' not in text, "a community has no parts here"


def test_at_most_twelve_queries_whatever_the_number_of_cases(week, log_in, count):
    client = log_in(week.lead)
    client.get(PAGE)

    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            text_of(client.get(PAGE))
        return len(seen)

    few = cost()
    for number in range(25):
        make_case(week, now=MONDAY, category=week.urban if number % 2 else week.category)
    count()
    assert cost() == few <= 12


def test_a_dispatcher_sees_only_their_subdistrict(week, log_in):
    client = log_in(week.dispatcher)
    text = text_of(client.get(PAGE))
    assert "东街道" in text
    assert "370705002" not in text
    assert 'aria-label="上级区域"' not in text, "no way up beyond one's own"
    for code in ("370705", "370705002", "370705002001", "999999", "x"):
        assert client.get(PAGE, {"area": code}).status_code == 404, code
        assert client.get(f"{PAGE}map.geojson", {"area": code}).status_code == 404, code
        asked = {"area": code, "m": "case.rework", "start": "2026-03-01", "end": "2026-03-31"}
        assert client.get(f"{PAGE}rows/", asked).status_code == 404, code


@pytest.mark.parametrize("who", ["community_worker", "grid_worker", "handler", "agent", "resident"])
def test_others_are_turned_away(week, log_in, who):
    client = log_in(getattr(week, who))
    for address in (PAGE, f"{PAGE}map.geojson", f"{PAGE}rows/"):
        assert client.get(address).status_code == 403
    assert client.post(f"{PAGE}refresh/").status_code == 403


def test_strangers_are_sent_to_log_in(week, client):
    answer = client.get(PAGE)
    assert answer.status_code == 302
    assert "/staff/login/" in answer["Location"]


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"start": "2026-13-01", "end": "2026-03-02"}, "请按“年-月-日”填写日期"),
        ({"start": "2026-03-05", "end": "2026-03-02"}, "结束日期不能早于开始日期"),
        ({"start": "2020-01-01", "end": "2026-03-02"}, "最多统计两年"),
        ({"start": "2026-03-01", "end": ""}, "请填写日期"),
    ],
)
def test_bad_dates_are_told_at_the_field(week, log_in, asked, message):
    text = text_of(log_in(week.lead).get(PAGE, {"period": "custom", **asked}))
    assert message in text
    for name, typed in asked.items():
        box = re.search(rf'<input[^>]*name="{name}"[^>]*>', text)
        assert box, name
        assert f'value="{typed}"' in box[0], "what was typed stays"


def test_an_unknown_period_is_told(week, log_in):
    text = text_of(log_in(week.lead).get(PAGE, {"period": "<b>", "measure": "x", "sort": "y"}))
    assert "没有这个时间范围" in text


def test_own_dates(week, log_in):
    asked = {"period": "custom", "start": "2026-03-01", "end": "2026-03-16"}
    text = text_of(log_in(week.lead).get(PAGE, asked))
    assert "registered_from=2026-03-01&amp;registered_to=2026-03-16" in text


def test_the_worst_stands_first(week, log_in):
    client = log_in(week.lead)
    text = text_of(client.get(PAGE, {"sort": "acceptance"}))
    assert re.findall(r'data-area="(\d+)"', text) == ["370705001", "370705002"]
    text = text_of(client.get(PAGE, {"sort": "rework"}))
    assert re.findall(r'data-area="(\d+)"', text)[-1] == "370705002", "no checks, no value: last"


def test_the_map_colours_what_misses_its_target(week, log_in):
    Area.objects.filter(code="370705001").update(boundary=SQUARE)
    answer = log_in(week.lead).get(f"{PAGE}map.geojson", {"area": "370705", "period": "30d"})
    (feature,) = answer.json()["features"]
    assert feature["properties"]["text"] == "33.33%（1/3）"
    assert feature["properties"]["style"]["fillColor"] == "#b8450f"
    assert feature["properties"]["href"].startswith(f"{PAGE}?area=370705001&")
    assert log_in(week.lead).get(f"{PAGE}map.geojson", {"measure": "x"}).status_code == 404


def test_rows_beneath_a_number(week, log_in):
    client = log_in(week.lead)
    asked = {"area": "370705", "start": "2026-03-01", "end": "2026-03-31"}
    text = text_of(client.get(f"{PAGE}rows/", {"m": "case.rework", **asked}))
    assert text.count('data-n="1"') == 1
    assert "返工率" in text
    for bad in ({"m": "case.nonsense"}, {"m": "x"}, {}, {"m": "case.rework", "start": "never"}):
        assert client.get(f"{PAGE}rows/", asked | bad if bad else asked).status_code == 404


def test_refresh_counts_and_goes_back(week, log_in):
    FoldCursor.objects.all().delete()
    client = log_in(week.lead)
    assert "还没有汇总过数据" in text_of(client.get(PAGE))
    answer = client.post(f"{PAGE}refresh/", {"next": f"{PAGE}?period=7d"})
    assert (answer.status_code, answer["Location"]) == (302, f"{PAGE}?period=7d")
    assert FoldCursor.objects.filter(name="case").exists()
    away = client.post(f"{PAGE}refresh/", {"next": "https://example.org/"})
    assert away["Location"] == PAGE
    assert client.get(f"{PAGE}refresh/").status_code == 405


def test_the_screen_on_the_wall_renews_itself_and_tells_no_titles(week, log_in):
    text = text_of(log_in(week.lead).get("/desk/cockpit/wall/"))
    assert '<meta http-equiv="refresh" content="60">' in text
    assert "测试区" in text
    assert "垃圾没人收" not in text, "titles may name people; the screen hangs where all can read"
