"""Articles: versions, validity, area, search, marks, reminders, and drafts without names."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.http import Http404

from factories import ARTICLE, MONDAY, make_article, make_case, make_district, make_resident
from linli.base.accounts.queries import actor_of
from linli.base.messages.models import Message
from linli.kernel.flow import GuardFailed, NotAllowed
from linli.kernel.scope import ANONYMOUS
from linli.life.knowledge import actions, queries
from linli.life.knowledge.drafting import draft_from
from linli.life.knowledge.models import Article, ArticleVersion
from linli.life.knowledge.rules import scrub
from linli.work.cases.actions import take_step as take_case_step

TODAY = MONDAY.date()


@pytest.fixture
def world(db):
    return make_district()


def found(text: str, area_code: str = "", today=TODAY) -> list[str]:
    return [match.version.title for match in queries.matches(text, today, area_code)]


def test_a_published_version_is_never_changed_only_followed(world):
    first = make_article(world)
    data = ARTICLE | {"area_code": world.district, "answer": "改为网上办理。"}
    second = actions.write_article(
        actor=world.handler, now=MONDAY, data=data, article_id=first.article_id
    )
    assert second.pk != first.pk
    assert queries.get_offered(first.article_id, TODAY).answer == ARTICLE["answer"]
    actions.take_step("submit", second.pk, actor=world.handler, now=MONDAY)
    with pytest.raises(GuardFailed):  # nobody writes into what is being reviewed
        actions.write_article(
            actor=world.handler, now=MONDAY, data=data, article_id=first.article_id
        )
    actions.take_step("publish", second.pk, actor=world.district_dispatcher, now=MONDAY)
    assert queries.get_offered(first.article_id, TODAY).answer == "改为网上办理。"
    first.refresh_from_db()
    assert (first.state, first.answer) == ("replaced", ARTICLE["answer"])


def test_what_has_expired_or_not_begun_is_not_offered(world):
    version = make_article(world, expires_on=TODAY, valid_from=TODAY)
    assert found("高龄津贴") == [version.title]
    assert found("高龄津贴", today=TODAY + timedelta(days=1)) == []
    assert found("高龄津贴", today=TODAY - timedelta(days=1)) == []
    with pytest.raises(Http404):
        queries.get_offered(version.article_id, TODAY + timedelta(days=1))


def test_an_article_holds_in_its_area_alone(world):
    make_article(world, area=world.community, title="一社区几点开门", questions="")
    assert found("社区几点开门", world.grid.code) == ["一社区几点开门"]
    assert found("社区几点开门", world.other_subdistrict.code) == []


def test_it_is_found_by_words_by_initials_and_in_a_long_question(world):
    make_article(world)
    make_article(world, title="社保卡丢了怎么补办", questions="社保卡挂失")
    for asked in ("高龄津贴", "jt", "我母亲今年80岁了，想问一下老人补贴要到哪里去办"):
        assert found(asked) == ["高龄津贴怎么申请"], asked
    assert found("楼下路灯不亮好几天了") == []
    assert found("") == []


def test_nobody_writes_outside_their_area_or_without_the_role(world):
    data = ARTICLE | {"area_code": world.other_subdistrict}
    for actor in (world.community_worker, world.lead, world.grid_worker):
        with pytest.raises(NotAllowed):
            actions.write_article(actor=actor, now=MONDAY, data=data)


def test_drafts_are_for_writers_and_residents_see_what_is_published(world):
    draft = make_article(world, publish=False)
    out = make_article(world, title="已发布")
    resident = actor_of(make_resident())
    assert set(queries.visible_versions(resident)) == {out}
    assert set(queries.visible_versions(world.grid_worker)) == {out}
    assert set(queries.visible_versions(world.district_dispatcher)) == {draft, out}
    assert set(queries.visible_versions(ANONYMOUS)) == {out}


def test_each_person_marks_once_and_may_change_their_mind(world):
    version = make_article(world)
    for key, helpful in (("s1", True), ("s1", True), ("s1", False), ("s2", True)):
        actions.mark(version, actor=ANONYMOUS, now=MONDAY, key=key, helpful=helpful)
    article = Article.objects.get()
    assert (article.helpful, article.unhelpful) == (1, 1)


def test_the_owner_is_told_before_and_when_it_expires_each_once(world):
    soon = make_article(world, expires_on=TODAY + timedelta(days=20))
    make_article(world, title="还早", expires_on=TODAY + timedelta(days=31))
    for days in (0, 1, 21, 22):
        actions.remind_of_expiry(now=MONDAY + timedelta(days=days))
    told = Message.objects.filter(account_id=world.handler.account_id, template__contains="expire")
    rows = [row.body for row in told.order_by("id") if soon.article.number in row.body]
    assert len(rows) == 2
    assert "将于" in rows[0]
    assert "已于" in rows[1]
    waits = queries.todo(world.handler, TODAY + timedelta(days=21))
    assert [(why, row.pk) for why, row in waits if row.pk == soon.pk] == [("past", soon.pk)]


@pytest.mark.parametrize(
    ("text", "kept", "gone"),
    [
        ("电话19000001234，请回", "请回", "19000001234"),
        ("身份证37070519900101123X办证", "办证", "37070519900101123X"),
        ("我叫王小明，住3号楼2单元501室", "住", "王小明"),
        ("张女士说漏水", "说漏水", "张女士"),
        ("车牌鲁V12345挡道", "挡道", "V12345"),
        ("邮箱a.b@c.cn也行", "也行", "a.b@c.cn"),
        ("座机0536-8881234", "座机", "8881234"),
    ],
)
def test_personal_data_is_left_out(text, kept, gone):
    done = scrub(text)
    assert kept in done
    assert gone not in done


def test_a_draft_from_a_closed_case_names_nobody(world):
    case = make_case(
        world, text="我是李四，19000001111，高龄津贴怎么领", reporter_name="李四",
        reporter_phone="19000001111", address="东风街12号",
    ).case  # fmt: skip
    data = {"result": "李四您好，带身份证到社区办理。电话19000002222"}
    take_case_step("settle", case.pk, actor=world.community_worker, now=MONDAY, data=data)
    case.refresh_from_db()
    draft = draft_from(case)
    text = "".join(map(str, draft.values()))
    for gone in ("李四", "19000001111", "19000002222"):
        assert gone not in text
    assert "带身份证到社区办理" in draft["answer"]


def test_one_draft_at_a_time(world):
    first = make_article(world)
    data = ARTICLE | {"area_code": world.district}
    for _ in range(2):
        actions.write_article(
            actor=world.handler, now=MONDAY, data=data, article_id=first.article_id
        )
    assert ArticleVersion.objects.filter(article_id=first.article_id).count() == 2
