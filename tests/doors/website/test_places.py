"""The public sites: never empty, searchable, described for machines, light."""

from __future__ import annotations

import gzip
import json
import re
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from factories import make_area, make_case, make_district, make_staff
from linli.base.areas.queries import district
from linli.work.cases.models import Case
from story_factories import ago, make_story

pytestmark = pytest.mark.django_db
BUDGET = 150_000  # bytes of a first page with all it needs, compressed, without photos


@pytest.fixture
def world():
    cache.clear()
    return make_district()


def get(path, **more):
    answer = Client().get(path, **more)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_a_community_without_a_word_published_still_has_something_to_show(world):
    now = timezone.now()
    for n, late in enumerate((False, True)):
        case = make_case(world, now=now - timedelta(days=2), title=f"第{n}件").case
        done = now - timedelta(days=1)
        Case.objects.filter(pk=case.pk).update(
            state="closed", closed_at=done, done_at=done, rating=4,
            deadline_at=done + timedelta(hours=-1 if late else 1),
        )  # fmt: skip
    page = get(f"/places/{world.community.code}/")
    for words in ("一社区", "第1网格", "网格员", "还没有消息", "50%", "4.0"):
        assert words in page, words
    assert f"/places/{world.community.code}/" in get(f"/places/{world.subdistrict.code}/")
    assert "各街道" in get(f"/places/{world.district.code}/")
    answer = Client().get(f"/places/{world.grid.code}/")
    assert answer.status_code == 404, "a grid has no site of its own"


def test_names_of_those_who_left_do_not_stand_there(world):
    leaver = make_staff("grid_worker", world.grid, name="前任某某")
    leaver.is_active = False
    leaver.save()
    assert "前任某某" not in get(f"/places/{world.community.code}/")


def test_my_community_is_remembered_and_forgotten(world):
    make_story(world, now=ago(days=1))
    make_area("370705001002", "二社区")
    client = Client()
    assert "我的社区" not in client.get("/").content.decode().replace("找我的社区", "")
    client.post(f"/places/{world.community.code}/home/", {"home": "1"})
    page = client.get("/").content.decode()
    assert "我的社区：一社区" in page
    assert "楼道清理" in page
    client.post(f"/places/{world.community.code}/home/", {"home": "0"})
    assert "我的社区：" not in client.get("/").content.decode()
    client.cookies["place"] = "' OR 1=1"
    assert client.get("/").status_code == 200


def test_the_place_of_the_phone_leads_to_its_community_or_says_so(world):
    client = Client()
    for lon, lat in (("nan", "1"), ("x", ""), ("999", "0"), ("1", "1")):
        answer = client.post("/places/here/", {"lon": lon, "lat": lat}, follow=True)
        assert "这个位置不在本区" in answer.content.decode()
    assert "一社区" in get("/places/?q=一社区")
    assert "没有找到这个社区" in get("/places/?q=无此社区")


def test_news_are_listed_searched_and_past_ones_kept(world):
    make_story(world, now=ago(days=3), title="供暖报修", body="<p>先打供热公司电话。</p>")
    make_story(world, now=ago(days=2), title="读书会", shown_until=ago(days=1))
    page = get("/news/")
    assert "供暖报修" in page
    assert "读书会" not in page
    assert "读书会" in get("/news/?past=1")
    assert "供暖报修" in get("/news/?q=供热")
    assert "没有找到" in get("/news/?q=选举&section=notice")
    assert "供暖报修" in get(f"/places/{world.community.code}/news/?section=notice&page=99")


def test_an_article_is_described_for_machines_and_cards(world):
    body = "<p>周五</p>"
    made = make_story(world, now=ago(days=1), title="楼道</script><b>清理", body=body)
    page = get(f"/news/{made.story_id}/")
    assert "</script><b>" not in page
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page)[1])
    assert (data["@type"], data["headline"]) == ("NewsArticle", "楼道</script><b>清理")
    assert data["publisher"]["name"] == "一社区服务中心"
    assert 'property="og:title"' in page
    assert 'rel="canonical"' in page
    assert Client().get("/news/999999/").status_code == 404


def test_feed_and_site_map_are_well_formed(world):
    made = make_story(world, now=ago(days=1), title="A & <B>")
    for path in ("/news/feed.xml", f"/places/{world.community.code}/feed.xml"):
        tree = ElementTree.fromstring(get(path))
        assert [item.findtext("title") for item in tree.iter("item")] == ["A & <B>"]
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    tree = ElementTree.fromstring(get("/sitemap.xml"))
    found = {one.text for one in tree.iter(f"{space}loc")}
    assert f"http://testserver/news/{made.story_id}/" in found
    assert f"http://testserver/places/{world.community.code}/" in found
    assert not any("/desk/" in one for one in found)
    assert "Sitemap: http://testserver/sitemap.xml" in get("/robots.txt")


@pytest.mark.parametrize("path", ["/", "/news/", "/places/", "/places/370705001001/"])
def test_a_first_page_is_light(world, path):
    for n in range(8):
        make_story(world, now=ago(days=1), title=f"第{n}条")
    assert district() is not None
    page = get(path)
    size = len(gzip.compress(page.encode(), 6))
    from django.contrib.staticfiles import finders

    for name in sorted(set(re.findall(r'(?:src|href)="/static/([^"?]+\.(?:css|js))"', page))):
        file = finders.find(name)
        assert file, name
        size += len(gzip.compress(open(file, "rb").read(), 6))  # noqa: SIM115
    assert size < BUDGET, size


def test_what_is_hidden_from_readers_stays_so(world):
    draft = make_story(world, now=ago(days=1), publish=False, title="没有审核的")
    later = make_story(world, now=ago(days=1), title="以后才显示",
                       shown_from=timezone.now() + timedelta(days=1))  # fmt: skip
    for path in ("/", "/news/", "/news/?past=1", "/news/feed.xml", "/sitemap.xml"):
        text = get(path)
        assert "没有审核的" not in text
        assert "以后才显示" not in text
        assert f"/news/{draft.story_id}/" not in text
    for made in (draft, later):
        assert Client().get(f"/news/{made.story_id}/").status_code == 404
