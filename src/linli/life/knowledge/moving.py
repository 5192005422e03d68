"""What becomes of articles when the area they hold for changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from linli.base.areas.models import Area
from linli.base.areas.moving import Locate
from linli.kernel.ledger import actions as ledger
from linli.kernel.scope import Actor

from .models import Article, ArticleVersion

LIVE = ("draft", "in_review", "published")


def move_articles(
    old: Area, new: Sequence[Area], locate: Locate, now: datetime, actor: Actor
) -> int:
    """Let the chief heir take over the articles of an area; return how many.

    Versions that are past keep the code under which they held.
    """
    del locate  # an article has no place within its area
    heir, moved = new[0], 0
    if (heir.pk, heir.code) == (old.pk, old.code):
        return 0
    for article in Article.objects.select_for_update().filter(area_id=old.pk):
        rows = ArticleVersion.objects.select_for_update().filter(article=article, state__in=LIVE)
        live = list(rows)
        if not live:
            continue
        Article.objects.filter(pk=article.pk).update(area=heir, area_code=heir.code)
        for version in live:
            was, version.area_code = version.area_code, heir.code
            version.version += 1
            version.save(update_fields=["area_code", "version"])
            ledger.append(
                subject_type="article", subject_id=version.pk, verb="move_area", actor=actor,
                at=now, area_code=heir.code, data={"was_area": was}, seq=version.version,
            )  # fmt: skip
        moved += 1
    return moved
