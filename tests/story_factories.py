"""Stories for tests: a draft, and one that is published."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from factories import MONDAY
from linli.life.publishing.actions import take_step, write_story
from linli.life.publishing.models import Edition, Section


def section_of(code="notice", name="通知公告"):
    """Return the column with this code, made where an emptied database lost it."""
    return Section.objects.get_or_create(code=code, defaults={"name": name, "order": 20})[0]


def story_data(area, **more):
    """Return what `StoryForm` would have cleaned."""
    return {
        "title": "楼道清理", "section": section_of(), "area": area,
        "summary": "", "body": "<p>周五上午清理楼道，请收好自家东西。</p>", "buildings": [],
        "shown_from": None, "shown_until": None, "pinned": False,
    } | more  # fmt: skip


def make_story(world, *, now=MONDAY, area=None, actor=None, publish=True, story_id=None, **more):
    """Return an edition of the community's, published by the subdistrict's dispatcher."""
    area = area or world.community
    writer = actor or world.community_worker
    made = write_story(actor=writer, now=now, data=story_data(area, **more), story_id=story_id)
    if publish:
        judge = world.dispatcher if len(area.code) > 6 and writer != world.dispatcher \
            else world.lead  # fmt: skip
        take_step("submit", made.pk, actor=writer, now=now)
        take_step("publish", made.pk, actor=judge, now=now)
    return Edition.objects.get(pk=made.pk)


def ago(**span):
    """Return a moment before now, so that what is published then shows on pages."""
    return timezone.now() - timedelta(**span)
