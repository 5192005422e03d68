"""Residents ask: search, mark, and carry on to the report with what they typed."""

from __future__ import annotations

import pytest

from factories import make_article, make_district
from linli.life.knowledge.models import Article


@pytest.fixture
def world(db):
    return make_district()


def test_a_question_finds_its_answer_without_log_in(world, client):
    version = make_article(world)
    make_article(world, title="草稿里的高龄津贴", publish=False)
    page = client.get("/ask/?q=我母亲80岁了，老人补贴怎么办").content.decode()
    assert version.title in page
    assert "草稿里" not in page
    shown = client.get(f"/ask/{version.article_id}/?q=老人补贴").content.decode()
    assert "当场收件" in shown
    assert "/report/?nature=consultation&amp;text=%E8%80%81" in shown


def test_what_is_not_answered_goes_on_to_the_report_as_typed(world, client):
    page = client.get("/ask/?q=能不能养鸡").content.decode()
    assert "没有找到" in page
    form = client.get("/report/?nature=consultation&text=能不能养鸡").content.decode()
    assert "能不能养鸡</textarea>" in form
    assert '<option value="consultation" selected>' in form
    assert client.get("/report/?nature=nonsense").status_code == 200


def test_an_answer_is_marked_once_for_each_browser(world, client):
    version = make_article(world)
    path = f"/ask/{version.article_id}/mark/"
    for helpful in ("1", "1", "0"):
        assert client.post(path, {"helpful": helpful}).status_code == 302
    article = Article.objects.get()
    assert (article.helpful, article.unhelpful) == (0, 1)
    assert client.get(path).status_code == 405


def test_drafts_and_unknown_answers_are_not_there(world, client):
    draft = make_article(world, publish=False)
    for path in (f"/ask/{draft.article_id}/", "/ask/999999/", f"/ask/{10**30}/"):
        assert client.get(path).status_code == 404


def test_praise_by_a_resident_is_thanked_for(world, client):
    from linli.work.cases.models import Case

    data = {
        "token": "0a0a0a0a-0a0a-4a0a-8a0a-0a0a0a0a0a0a", "nature": "praise", "category": "0101",
        "text": "谢谢网格员冒雨修水管", "community": world.community.code,
    }  # fmt: skip
    assert client.post("/report/", data).status_code == 302
    case = Case.objects.get()
    assert (case.state, case.unit_id) == ("closed", world.community_unit.pk)
