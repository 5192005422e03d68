"""What becomes of stories when the area they are of changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from linli.base.areas.models import Area
from linli.base.areas.moving import Locate
from linli.kernel.ledger import actions as ledger
from linli.kernel.scope import Actor

from .models import Edition, Story

LIVE = ("draft", "in_review", "published")


def move_stories(
    old: Area, new: Sequence[Area], locate: Locate, now: datetime, actor: Actor
) -> int:
    """Let the chief heir take over the stories of an area; return how many."""
    del locate  # a story has no place within its area
    heir, moved = new[0], 0
    if (heir.pk, heir.code) == (old.pk, old.code):
        return 0
    for story in Story.objects.select_for_update().filter(area_id=old.pk):
        live = list(Edition.objects.select_for_update().filter(story=story, state__in=LIVE))
        if not live:
            continue
        Story.objects.filter(pk=story.pk).update(area=heir, area_code=heir.code)
        for edition in live:
            was, edition.area_code = edition.area_code, heir.code
            edition.version += 1
            edition.save(update_fields=["area_code", "version"])
            ledger.append(
                subject_type="story", subject_id=edition.pk, verb="move_area", actor=actor,
                at=now, area_code=heir.code, data={"was_area": was}, seq=edition.version,
            )  # fmt: skip
        moved += 1
    return moved
