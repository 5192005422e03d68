"""Stories: written by one, published by another; what is shown when, and what is safe to show."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from factories import MONDAY, make_area, make_district, make_staff
from linli.base.accounts.models import Account
from linli.base.accounts.queries import actor_of
from linli.base.people.actions import add_building
from linli.kernel.flow import GuardFailed, InvalidStep, NotAllowed, StepRefused
from linli.kernel.scope import SYSTEM
from linli.life.publishing import queries
from linli.life.publishing.actions import add_file, drop_file, take_step, write_story
from linli.life.publishing.cleaning import clean_html, plain_text
from linli.life.publishing.flow import STORY_FLOW
from linli.life.publishing.models import Edition, EditionState, StoryFile
from linli.life.publishing.moving import move_stories
from story_factories import ago, make_story, section_of, story_data

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_district()


def browser(actor):
    client = Client()
    client.force_login(Account.objects.get(pk=actor.account_id))
    return client


def photo(name="a.png"):
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue(), "image/png")


def titles(now, code=""):
    rows = queries.shown(now)
    return [row.title for row in (queries.at_place(rows, code) if code else rows)]


def test_a_second_person_publishes(world):
    made = make_story(world, publish=False)
    take_step("submit", made.pk, actor=world.community_worker, now=MONDAY)
    assert titles(MONDAY) == []
    with pytest.raises(NotAllowed):
        take_step("publish", made.pk, actor=world.community_worker, now=MONDAY)
    own = make_story(world, actor=world.dispatcher, area=world.subdistrict, publish=False)
    take_step("submit", own.pk, actor=world.dispatcher, now=MONDAY)
    with pytest.raises(GuardFailed, match="另一人"):
        take_step("publish", own.pk, actor=world.dispatcher, now=MONDAY)
    take_step("publish", made.pk, actor=world.dispatcher, now=MONDAY)
    assert titles(MONDAY) == ["楼道清理"]


def test_a_new_edition_takes_the_place_of_the_one_before(world):
    first = make_story(world)
    second = make_story(world, story_id=first.story_id, title="楼道清理改期", publish=False)
    assert (second.number, titles(MONDAY)) == (2, ["楼道清理"])
    with pytest.raises(GuardFailed, match="不能改"):
        write_story(actor=world.dispatcher, now=MONDAY, data=story_data(world.subdistrict),
                    story_id=first.story_id)  # fmt: skip
    take_step("submit", second.pk, actor=world.community_worker, now=MONDAY)
    with pytest.raises(GuardFailed, match="正在审核"):
        make_story(world, story_id=first.story_id, publish=False)
    with pytest.raises(InvalidStep):
        take_step("send_back", second.pk, actor=world.dispatcher, now=MONDAY, data={})
    take_step("publish", second.pk, actor=world.dispatcher, now=MONDAY)
    assert titles(MONDAY) == ["楼道清理改期"]
    states = dict(Edition.objects.values_list("number", "state"))
    assert states == {1: "replaced", 2: "published"}
    take_step("withdraw", second.pk, actor=world.community_worker, now=MONDAY,
              data={"remark": "改由物业通知"})  # fmt: skip
    assert titles(MONDAY) == []


def test_it_shows_from_its_time_until_its_time(world):
    make_story(world, shown_from=MONDAY + timedelta(days=1), shown_until=MONDAY + timedelta(days=3))
    assert [bool(titles(MONDAY + timedelta(days=n))) for n in range(5)] == [
        False, True, True, False, False,
    ]  # fmt: skip
    story = Edition.objects.get()
    assert queries.get_shown(story.story_id, MONDAY + timedelta(days=4)).pk == story.pk
    with pytest.raises(Http404):
        queries.get_shown(story.story_id, MONDAY)
    late = make_story(world, publish=False, shown_until=MONDAY + timedelta(days=1))
    take_step("submit", late.pk, actor=world.community_worker, now=MONDAY)
    with pytest.raises(GuardFailed, match="已过"):
        take_step("publish", late.pk, actor=world.dispatcher, now=MONDAY + timedelta(days=2))


def test_a_site_shows_its_own_and_what_is_above_it(world):
    make_story(world, title="社区的")
    make_story(world, title="街道的", area=world.subdistrict, actor=world.dispatcher)
    make_story(world, title="全区的", area=world.district, actor=world.handler)
    make_area("370705001002", "二社区")
    assert set(titles(MONDAY, world.community.code)) == {"社区的", "街道的", "全区的"}
    assert set(titles(MONDAY, "370705001002")) == {"街道的", "全区的"}
    assert set(titles(MONDAY, world.district.code)) == {"全区的"}


def test_who_may_not(world):
    made = make_story(world)
    outsider = actor_of(make_staff("community_worker", make_area("370705002001")))
    for actor in (outsider, world.other_dispatcher, world.resident, world.grid_worker):
        with pytest.raises((Http404, StepRefused)):
            take_step("withdraw", made.pk, actor=actor, now=MONDAY, data={"remark": "x"})
    with pytest.raises(NotAllowed):
        make_story(world, area=world.subdistrict, publish=False)


# state -> step -> who may take it: w writer, d the subdistrict's dispatcher, l the district's lead
TABLE = {
    "draft": {"submit": "wd", "withdraw": "wd"},
    "in_review": {"publish": "dl", "send_back": "dl", "withdraw": "wd"},
    "published": {"withdraw": "wd"},
}


@pytest.mark.parametrize("state", EditionState.values)
def test_every_step_by_state_and_role(world, state):
    made = make_story(world, publish=False)
    Edition.objects.filter(pk=made.pk).update(state=state)
    roles = {"w": world.community_worker, "d": world.dispatcher, "l": world.lead,
             "a": world.agent, "r": world.resident, "o": world.other_dispatcher}  # fmt: skip
    for step in STORY_FLOW.steps:
        for name, actor in roles.items():
            args = {"actor": actor, "now": MONDAY, "data": {"remark": "x"}}
            if name in TABLE.get(state, {}).get(step.name, ""):
                take_step(step.name, made.pk, **args)
                assert Edition.objects.get(pk=made.pk).state == step.target
                Edition.objects.filter(pk=made.pk).update(state=state)
            else:
                with pytest.raises((StepRefused, Http404)):
                    take_step(step.name, made.pk, **args)


def test_pictures_need_words_and_lose_what_the_camera_wrote(world, settings, tmp_path):
    made = make_story(world, publish=False)
    worker = world.community_worker
    with pytest.raises(ValidationError) as caught:
        add_file(made.story_id, actor=worker, now=MONDAY, upload=photo(), alt=" ")
    assert list(caught.value.message_dict) == ["alt"]
    with pytest.raises(ValidationError) as caught:
        add_file(made.story_id, actor=worker, now=MONDAY,
                 upload=SimpleUploadedFile("a.exe", b"MZ"), alt="x")  # fmt: skip
    assert list(caught.value.message_dict) == ["file"]
    row = add_file(made.story_id, actor=worker, now=MONDAY, upload=photo(), alt="清理前的楼道")
    assert (row.mime, row.alt) == ("image/jpeg", "清理前的楼道")
    anybody, mine = Client(), browser(worker)
    assert anybody.get(f"/stories/files/{row.pk}/").status_code == 404, "not published yet"
    assert mine.get(f"/stories/files/{row.pk}/").status_code == 200
    take_step("submit", made.pk, actor=worker, now=ago(hours=2))
    take_step("publish", made.pk, actor=world.dispatcher, now=ago(hours=1))
    assert anybody.get(f"/stories/files/{row.pk}/small/")["Content-Type"] == "image/jpeg"
    with pytest.raises(NotAllowed):
        add_file(made.story_id, actor=world.lead, now=MONDAY, upload=photo(), alt="x")


@pytest.mark.django_db(transaction=True)
def test_a_file_taken_out_leaves_the_disk(world):
    made = make_story(world, publish=False)
    row = add_file(made.story_id, actor=world.community_worker, now=MONDAY, upload=photo(), alt="x")
    path = Path(row.file.path)
    drop_file(made.story_id, row.pk, actor=world.community_worker, now=MONDAY)
    assert not path.exists()
    assert not StoryFile.objects.exists()


@pytest.mark.parametrize(("typed", "shown"), [
    ("第一段\n续\n\n第二段 <x", "<p>第一段<br>续</p>\n<p>第二段 &lt;x</p>"),
    ('<p onclick="x()">好<script>alert(1)</script></p>', "<p>好</p>"),
    ('<p><a href="javascript:x()">a</a></p>', '<p><a rel="noopener nofollow">a</a></p>'),
    ('<p><img src="/stories/files/3/" alt="图"><img src="//x/1.png"></p>',
     '<p><img src="/stories/files/3/" alt="图"></p>'),
    ("<h1>大</h1><p><b>粗</b></p><p><br></p>", "<h2>大</h2><p><strong>粗</strong></p>"),
    ('<p style="color:red">红</p>', "<p>红</p>"),
])  # fmt: skip
def test_what_is_typed_becomes_safe_html(typed, shown):
    assert clean_html(typed) == shown


@given(st.text(max_size=300))
def test_cleaning_is_safe_and_done_once(text):
    for raw in (text, f"<p>{text}</p>"):
        once = clean_html(raw)
        assert "<script" not in once.lower()
        assert clean_html(once) == once or "<" not in once
        assert "<" not in plain_text(once).replace("&lt;", "")


def test_words_are_found_in_chinese(world):
    make_story(world, title="供暖报修", body="<p>两天没有人上门，可以在我要反映里选供热。</p>")
    rows = queries.shown(MONDAY)
    assert [row.title for row in queries.found(rows, "供热")] == ["供暖报修"]
    assert not queries.found(rows, "选举").exists()


def test_stories_go_to_the_heir_of_their_area(world):
    made = make_story(world)
    heir = make_area("370705001009", "新社区")
    assert move_stories(world.community, [heir], lambda _x, _y: None, MONDAY, SYSTEM) == 1
    made.refresh_from_db()
    assert (made.area_code, made.story.area_id) == (heir.code, heir.pk)
    assert titles(MONDAY, heir.code) == ["楼道清理"]


def test_the_desk_from_draft_to_published_loses_nothing_typed(world):
    building = add_building(
        area=world.grid, actor=SYSTEM, now=MONDAY, source="x",
        values={"name": "1号楼", "address": "东路1号", "kind": "home"},
    )  # fmt: skip
    writer, judge = browser(world.community_worker), browser(world.dispatcher)
    section = section_of().pk
    typed = {"title": "停水", "section": section, "area": world.community.code, "body": "周一停水",
             "buildings": "9号楼", "shown_until": "2020-01-01T00:00"}  # fmt: skip
    answer = writer.post("/desk/stories/new/", typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "登记册里没有这些楼：9号楼" in page
    assert "结束时间应在开始之后" in page
    assert "周一停水" in page
    good = typed | {"buildings": building.name, "shown_until": ""}
    answer = writer.post("/desk/stories/new/", good)
    made = Edition.objects.get()
    assert answer["Location"] == f"/desk/stories/editions/{made.pk}/"
    assert queries.buildings_of(made.story_id) == [building]
    step = f"/desk/stories/editions/{made.pk}/steps/"
    writer.post(step + "submit/", {"version": made.version})
    assert "待您审核" in judge.get("/desk/stories/").content.decode()
    assert "现在可以做" in judge.get(f"/desk/stories/editions/{made.pk}/").content.decode()
    assert judge.post(step + "send_back/", {}).status_code == 422
    assert judge.post(step + "publish/", {"version": 1}).status_code == 409
    made.refresh_from_db()
    assert judge.post(step + "publish/", {"version": made.version}).status_code == 302
    page = Client().get(f"/news/{made.story_id}/").content.decode()
    assert "只与这些楼有关" in page
    assert "1号楼" in page
    answer = writer.post(f"/desk/stories/{made.story_id}/files/", {"file": photo(), "alt": ""})
    assert answer.status_code == 422
    assert "请写一句图片上有什么" in answer.content.decode()
    assert writer.post(f"/desk/stories/{made.story_id}/files/",
                       {"file": photo(), "alt": "楼道"}).status_code == 302  # fmt: skip
    assert 'alt="楼道"' in writer.get(f"/desk/stories/{made.story_id}/edit/").content.decode()
    assert timezone.now() > made.shown_from
