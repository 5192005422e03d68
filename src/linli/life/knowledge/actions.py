"""Writes to the knowledge base, each an entry in the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.base.accounts.models import Account, Unit
from linli.base.messages.actions import queue_message
from linli.base.messages.models import Channel
from linli.kernel.flow import GuardFailed, NotAllowed, Outcome, perform
from linli.kernel.ledger import actions as ledger
from linli.kernel.scope import Actor
from linli.kernel.search import to_tsvector
from linli.work.cases.models import Case

from .flow import ARTICLE_FLOW
from .models import Article, ArticleState, ArticleVersion, Mark, Usage
from .queries import versions_of

WARN = timedelta(days=30)
FIELDS = ("title", "questions", "answer", "source", "category", "valid_from", "expires_on")


def write_article(
    *,
    actor: Actor,
    now: datetime,
    data: Mapping[str, Any],
    article_id: int | None = None,
    from_case: Case | None = None,
) -> ArticleVersion:
    """Write a new article, change its draft, or begin a new version of one that is published.

    `data` is what ArticleForm cleaned. The area of an article never changes. Raises NotAllowed
    outside the actor's areas, GuardFailed while a version waits for its review.
    """
    area = data["area_code"]
    if not actor.can("knowledge.write", area.code):
        raise NotAllowed(_("这个范围不在您的权限内。"))
    author = Account.objects.select_related("unit").get(pk=actor.account_id or 0)
    if author.unit is None:
        raise NotAllowed(_("您的账户没有所属单位，不能编写知识条目。"))
    with transaction.atomic():
        version = (
            _next_version(actor, article_id, area.code)
            if article_id
            else _first_version(author, author.unit, area, from_case, now)
        )
        for name in FIELDS:
            setattr(version, name, data[name])
        version.author, version.written_at = author, now
        version.search = to_tsvector(version.answer, named=f"{version.title} {version.questions}")
        version.version += 1
        version.save()
        _record(version, "write", actor, now, {"article": version.article_id})
        return version


def _first_version(
    author: Account, unit: Unit, area: Any, from_case: Case | None, now: datetime
) -> ArticleVersion:
    article = Article.objects.create(
        area=area, area_code=area.code, unit=unit, owner=author, from_case=from_case,
        created_at=now,
    )  # fmt: skip
    return ArticleVersion(article=article, number=1, area_code=area.code)


def _next_version(actor: Actor, article_id: int, area_code: str) -> ArticleVersion:
    Article.objects.select_for_update().filter(pk=article_id).first()
    rows = versions_of(actor, article_id)
    last = rows[0]
    if last.area_code != area_code:
        raise GuardFailed(_("适用范围不能改，请另写一条。"))
    if last.state == ArticleState.IN_REVIEW:
        raise GuardFailed(_("这一条正在审核，请等审核结果，或由审核人退回后再改。"))
    if last.state == ArticleState.DRAFT:
        return last
    return ArticleVersion(article=last.article, number=last.number + 1, area_code=area_code)


def _record(
    version: ArticleVersion, verb: str, actor: Actor, now: datetime, data: dict[str, Any]
) -> None:
    ledger.append(
        subject_type="article", subject_id=version.pk, verb=verb, actor=actor, at=now,
        area_code=version.area_code, data=data, seq=version.version,
    )  # fmt: skip


def take_step(
    step: str,
    version_id: int,
    *,
    actor: Actor,
    now: datetime,
    data: Mapping[str, Any] | None = None,
    key: str | None = None,
    expected: int | None = None,
) -> Outcome:
    """Take a step of a version; errors as `kernel.flow.perform`."""
    return perform(
        ARTICLE_FLOW, step, version_id, actor=actor, now=now, data=data, key=key,
        expected=expected,
    )  # fmt: skip


def count_use(version_id: int, case: Case, now: datetime) -> None:
    """Keep that a consultation was answered with a version; the case's ledger has the act."""
    version = ArticleVersion.objects.get(pk=version_id)
    Usage.objects.create(version=version, case=case, at=now)
    Article.objects.filter(pk=version.article_id).update(used=F("used") + 1)


def mark(version: ArticleVersion, *, actor: Actor, now: datetime, key: str, helpful: bool) -> bool:
    """Keep whether a version helped someone, and return whether that is new.

    `key` names the person (account or browser); a second mark of theirs replaces the first.
    """
    with transaction.atomic():
        article = Article.objects.select_for_update().get(pk=version.article_id)
        row = Mark.objects.filter(version=version, key=key).first()
        if row is not None and row.helpful == helpful:
            return False
        if row is None:
            row = Mark(version=version, key=key, by_staff=actor.kind == "staff")
        else:
            _count(article, row.helpful, -1)
        row.helpful, row.at = helpful, now
        row.save()
        _count(article, helpful, 1)
        article.save(update_fields=["helpful", "unhelpful"])
        ledger.append(
            subject_type="article.mark", subject_id=row.pk, verb="mark", actor=actor, at=now,
            area_code=version.area_code, data={"version": version.pk, "helpful": helpful},
        )  # fmt: skip
    return True


def _count(article: Article, helpful: bool, step: int) -> None:
    name = "helpful" if helpful else "unhelpful"
    setattr(article, name, max(0, getattr(article, name) + step))


def remind_of_expiry(*, now: datetime) -> int:
    """Tell owners 30 days before an answer expires, and when it has; each once. Return how many."""
    today = timezone.localdate(now)
    rows = ArticleVersion.objects.filter(
        state=ArticleState.PUBLISHED, expires_on__lte=today + WARN
    ).select_related("article__owner")
    for row in rows:
        _remind(row, today, now)
    return len(rows)


def _remind(version: ArticleVersion, today: date, now: datetime) -> None:
    past = version.expires_on < today
    queue_message(
        key=f"article:{version.pk}:{'past' if past else 'soon'}",
        account=version.article.owner,
        channel=Channel.SITE,
        template="knowledge.expired" if past else "knowledge.expires",
        params={
            "number": version.article.number, "title": version.title,
            "day": f"{version.expires_on:%Y-%m-%d}",
        },
        link=f"/desk/knowledge/{version.article_id}/",
        now=now,
    )  # fmt: skip
