"""The addresses of stories and of the public sites, for the tests that visit every address."""

from __future__ import annotations

import io
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from factories import MONDAY, make_staff
from linli.base.accounts.queries import actor_of
from linli.life.publishing.actions import add_file
from linli.life.publishing.models import Edition, StoryFile
from story_factories import ago, make_story, section_of

TITLE = "独角兽夜里鸣叫"


def draft(inside: Any) -> Edition:
    """Return a draft of the inside community's."""
    found = Edition.objects.filter(title=TITLE).first()
    return found or make_story(inside.world, now=MONDAY, title=TITLE, publish=False)


def story(inside: Any) -> dict[str, Any]:
    return {"story_id": draft(inside).story_id}


def edition(inside: Any) -> dict[str, Any]:
    return {"edition_id": draft(inside).pk}


def picture(inside: Any) -> dict[str, Any]:
    """Return a picture of the draft."""
    made = draft(inside)
    row = StoryFile.objects.filter(story=made.story).first()
    if row is None:
        out = io.BytesIO()
        Image.new("RGB", (20, 20)).save(out, "PNG")
        upload = SimpleUploadedFile("a.png", out.getvalue())
        row = add_file(made.story_id, actor=inside.world.community_worker, now=MONDAY,
                       upload=upload, alt=TITLE)  # fmt: skip
    return {"file_id": row.pk}


def article(inside: Any) -> dict[str, Any]:
    """Return a story that anybody may read."""
    found = Edition.objects.filter(title="停水").first()
    made = found or make_story(inside.world, now=ago(days=1), title="停水")
    return {"story_id": made.story_id}


def place(inside: Any) -> dict[str, Any]:
    return {"code": inside.world.community.code}


def worker(inside: Any) -> Any:
    return inside.world.community_worker


def column(_inside: Any) -> dict[str, Any]:
    return {"section_id": section_of().pk}


def keeper(inside: Any) -> Any:
    return actor_of(make_staff("district_dispatcher", inside.world.district))


# name -> (arguments, whose account may open it, what is posted)
STORIES: dict[str, tuple[Any, Any, dict[str, str]]] = {
    "publishing:story": (story, worker, {}),
    "publishing:edit": (story, worker, {}),
    "publishing:add_file": (story, worker, {}),
    "publishing:drop_file": (lambda i: story(i) | picture(i), worker, {}),
    "publishing:edition": (edition, worker, {}),
    "publishing:column": (column, keeper, {"name": "新名", "order": "5"}),
    "publishing:step": (lambda i: edition(i) | {"name": "withdraw"}, worker, {"remark": "错了"}),
    "publishing:file": (picture, worker, {}),
    "publishing:thumbnail": (picture, worker, {}),
}
# What is published is for everybody.
PUBLIC: dict[str, Any] = {
    "website:article": article, "website:place": place, "website:at_home": place,
    "website:place_news": place, "website:place_feed": place,
}  # fmt: skip

# (name, address, whose browser, what must stand there)
STORY_PAGES = [
    ("publishing:list", "/desk/stories/", "dispatcher", "第29篇"),
    ("publishing:columns", "/desk/stories/columns/", "keeper", "通知公告"),
    ("publishing:new", "/desk/stories/new/", "worker", "一社区"),
    ("publishing:story", "/desk/stories/{story}/", "worker", "第29篇"),
    ("publishing:edit", "/desk/stories/{story}/edit/", "worker", "第29篇"),
    ("publishing:edition", "/desk/stories/editions/{edition}/", "dispatcher", "第29篇"),
    ("website:news", "/news/", "", "第29篇"),
    ("website:news", "/news/?q=清理&section=notice&past=1", "", "第29篇"),
    ("website:article", "/news/{story}/", "", "第29篇"),
    ("website:feed", "/news/feed.xml", "", "第29篇"),
    ("website:places", "/places/", "", "一社区"),
    ("website:place", "/places/370705001001/", "", "第29篇"),
    ("website:place", "/places/370705001/", "", "12社区"),
    ("website:place", "/places/370705/", "", "东街道"),
    ("website:place_news", "/places/370705001001/news/", "", "第29篇"),
    ("website:place_feed", "/places/370705001001/feed.xml", "", "第29篇"),
    ("website:sitemap", "/sitemap.xml", "", "370705001001"),
    ("website:robots", "/robots.txt", "", "Sitemap"),
]
NO_STORY_PAGE = {
    "publishing:add_file",
    "publishing:column",
    "publishing:drop_file",
    "publishing:step",
    "publishing:file",
    "publishing:thumbnail",
    "website:at_home",
    "website:here",
}


def load_stories(world: Any) -> dict[str, Any]:
    """Make many stories; return what the addresses above need."""
    made = [make_story(world, now=ago(days=1), title=f"第{n}篇") for n in range(30)]
    keeper = make_staff("district_dispatcher", world.district)
    return {"story": made[-1].story_id, "edition": made[-1].pk, "keeper": keeper}
