"""The pages of the knowledge base: writing, reviewing, marking, and what is refused where."""

from __future__ import annotations

import pytest
from django.test import Client

from factories import MONDAY, make_article, make_case, make_district
from linli.base.accounts.models import Account
from linli.life.knowledge.models import Article, ArticleVersion
from linli.work.cases.actions import take_step

TYPED = {
    "title": "几点开门", "questions": "上班时间", "answer": "八点半到五点半。", "source": "",
    "category": "", "area_code": "一社区", "valid_from": "2026-03-01", "expires_on": "2028-03-01",
}  # fmt: skip


@pytest.fixture
def world(db):
    return make_district()


def browser(actor) -> Client:
    client = Client()
    client.force_login(Account.objects.get(pk=actor.account_id))
    return client


def test_written_by_one_published_by_another(world):
    writer, boss = browser(world.community_worker), browser(world.dispatcher)
    answer = writer.post("/desk/knowledge/new/", TYPED)
    version = ArticleVersion.objects.get()
    assert answer.url == f"/desk/knowledge/versions/{version.pk}/"
    steps = f"/desk/knowledge/versions/{version.pk}/steps"
    assert writer.post(f"{steps}/submit/").status_code == 302
    assert "审核通过" not in writer.get(answer.url).content.decode()
    assert "待您审核" in boss.get("/desk/knowledge/").content.decode()
    refused = boss.post(f"{steps}/send_back/", {"remark": " "})
    assert refused.status_code == 422
    assert "请填写原因" in refused.content.decode()
    assert boss.post(f"{steps}/publish/").status_code == 302
    version.refresh_from_db()
    assert version.state == "published"
    assert boss.post(f"{steps}/publish/").status_code == 409


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("title", "", "请填写标题"),
        ("area_code", "没有的地方", "没有找到"),
        ("expires_on", "2026-02-01", "应晚于生效日期"),
        ("expires_on", "2036-02-01", "最长三年"),
        ("expires_on", "明年", "日期应写成"),
        ("area_code", "西街道", "不在您的权限内"),
    ],
)
def test_bad_input_is_said_at_its_field_and_nothing_is_lost(world, field, value, says):
    answer = browser(world.community_worker).post("/desk/knowledge/new/", TYPED | {field: value})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert says in page
    assert "八点半到五点半" in page
    assert not Article.objects.exists()


def test_a_grid_worker_reads_and_marks_but_does_not_write(world):
    version = make_article(world)
    client = browser(world.grid_worker)
    path = f"/desk/knowledge/{version.article_id}/"
    assert "当场收件" in client.get(path).content.decode()
    assert client.get("/desk/knowledge/new/").status_code == 403
    assert client.get(f"{path}edit/").status_code == 404
    assert client.post(f"{path}mark/", {"helpful": "0"}).status_code == 302
    assert Article.objects.get().unhelpful == 1


def test_the_button_on_a_closed_case_leads_to_a_draft_of_it(world):
    case = make_case(world, text="我叫王小明，几点开门").case
    client = browser(world.community_worker)
    link = f"/desk/knowledge/new/?case_number={case.number}"
    assert link not in client.get(f"/desk/cases/{case.number}/").content.decode()
    assert client.get(link).status_code == 404
    data = {"result": "八点半到五点半。"}
    take_step("settle", case.pk, actor=world.community_worker, now=MONDAY, data=data)
    assert link in client.get(f"/desk/cases/{case.number}/").content.decode()
    page = client.get(link).content.decode()
    assert "请逐字检查" in page
    assert "八点半到五点半" in page
    assert "王小明" not in page
    client.post("/desk/knowledge/new/", TYPED | {"case_number": case.number})
    assert Article.objects.get().from_case_id == case.pk


def test_the_list_is_searched_and_leaves_only_with_the_right(world):
    make_article(world)
    client = browser(world.community_worker)
    assert "高龄津贴" in client.get("/desk/knowledge/?q=津贴").content.decode()
    assert "高龄津贴" not in client.get("/desk/knowledge/?q=路灯").content.decode()
    assert client.get("/desk/knowledge/?export=xlsx").status_code == 403
    assert browser(world.dispatcher).get("/desk/knowledge/?export=xlsx").status_code == 200
