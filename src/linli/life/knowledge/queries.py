"""Read the knowledge base: who may see what, and which article answers a question."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from linli.kernel.scope import Actor, within
from linli.kernel.search import search_query

from . import rules
from .models import Article, ArticleState, ArticleVersion

SOON = timedelta(days=30)
MOST_PAIRS, MOST_READ = 80, 60
SHORT = 12  # characters up to which what is typed is taken for a name or initials


@dataclass(frozen=True)
class Match:
    """An article that may answer a question: the version in force, and how well it fits (0-1)."""

    version: ArticleVersion
    fit: float


def above(codes: Iterable[str]) -> list[str]:
    """Return the districts, subdistricts and communities that contain these areas, and they."""
    return sorted({code[:n] for code in codes for n in (6, 9, 12) if n <= len(code)})


def visible_versions(actor: Actor) -> QuerySet[ArticleVersion]:
    """Return the versions the actor may see; fails closed.

    Staff see what was published for their areas and those above, and where they write or approve
    also what is not published yet. Residents see what is published.
    """
    rows = ArticleVersion.objects.select_related(
        "article__area", "article__unit", "article__owner", "category"
    ).defer("search", "article__area__boundary")
    if actor.kind == "system":
        return rows
    if actor.kind != "staff":
        return rows.filter(state=ArticleState.PUBLISHED)
    codes = actor.areas("knowledge.view")
    out = Q(state__in=("published", "replaced")) & (within(codes) | Q(area_code__in=above(codes)))
    own = within([*actor.areas("knowledge.write"), *actor.areas("knowledge.approve")])
    return rows.filter(out | own)


def get_version(actor: Actor, version_id: int) -> ArticleVersion:
    """Return one version the actor may see; raises Http404 otherwise."""
    return get_object_or_404(visible_versions(actor), pk=version_id)


def versions_of(actor: Actor, article_id: int) -> list[ArticleVersion]:
    """Return an article's versions the actor may see, newest first; none raises Http404."""
    rows = visible_versions(actor).filter(article_id=article_id).select_related(
        "author", "reviewer", "article__from_case"
    )  # fmt: skip
    found = list(rows.order_by("-number"))
    if not found:
        raise Http404
    return found


def offered(today: date, area_code: str = "") -> QuerySet[ArticleVersion]:
    """Return the versions in force on a day: published, begun and not expired.

    With `area_code` only those that hold there: for the place itself or one that contains it.
    """
    rows = ArticleVersion.objects.filter(
        state=ArticleState.PUBLISHED, valid_from__lte=today, expires_on__gte=today
    ).select_related("article__area", "article__unit", "category")
    if area_code:
        rows = rows.filter(area_code__in=above([area_code]))
    return rows.defer("search", "article__area__boundary")


def get_offered(article_id: int, today: date, area_code: str = "") -> ArticleVersion:
    """Return the version of an article in force on a day; raises Http404 where there is none."""
    return get_object_or_404(offered(today, area_code), article_id=article_id)


def matches(
    text: str, today: date, area_code: str = "", category: Any = None, most: int = 5
) -> list[Match]:
    """Return the articles in force that answer what is typed, the best first.

    Short words are also found by pinyin initials. An article of the same category, and one for a
    smaller place, comes first among equals.
    """
    text = text.strip()[:1000]
    asked = rules.meaning(text)
    rows = offered(today, area_code)
    short = len(text) <= SHORT and bool(text)
    exact = set(rows.filter(search=search_query(text)).values_list("pk", flat=True)[:MOST_READ]) \
        if short else set()  # fmt: skip
    wanted = Q(pk__in=exact)
    if asked:
        words = " | ".join(sorted(asked, key=len, reverse=True)[:MOST_PAIRS])
        wanted |= Q(search=SearchQuery(words, config="simple", search_type="raw"))
    found = []
    for row in rows.filter(wanted).order_by("-article__used", "pk")[:MOST_READ]:
        forms = [row.title, *row.questions.splitlines()]
        fit = max(rules.fit(asked, forms), 0.5 if row.pk in exact else 0.0)
        if fit >= rules.FITS:
            near = 0.1 if category is not None and row.category_id == category.pk else 0.0
            found.append((fit + near, len(row.area_code), Match(row, min(fit + near, 1.0))))
    found.sort(key=lambda one: (-one[0], -one[1], one[2].version.pk))
    return [match for _score, _size, match in found[:most]]


def most_used(today: date, most: int = 8) -> list[ArticleVersion]:
    """Return the articles in force that were used most, for whoever has not asked yet."""
    return list(offered(today).order_by("-article__used", "-article__helpful", "pk")[:most])


def todo(actor: Actor, today: date) -> list[tuple[str, ArticleVersion]]:
    """Return what waits for the actor: to be approved, to be mended, expired or expiring soon.

    Each with its reason: "review", "draft", "past" or "soon".
    """
    rows = visible_versions(actor)
    review = rows.filter(within(actor.areas("knowledge.approve")), state="in_review")
    own = Q(article__owner_id=actor.account_id) | Q(author_id=actor.account_id)
    mine = rows.filter(own)
    ending = mine.filter(state="published", expires_on__lte=today + SOON)
    found = [("review", row) for row in review.exclude(author_id=actor.account_id)[:30]]
    found += [("draft", row) for row in mine.filter(state="draft")[:30]]
    return found + [
        ("past" if row.expires_on < today else "soon", row)
        for row in ending.order_by("expires_on", "pk")[:30]
    ]


def current_of(rows: list[ArticleVersion]) -> ArticleVersion:
    """Return of an article's versions (newest first) the one in force, or the newest."""
    return next((row for row in rows if row.state == ArticleState.PUBLISHED), rows[0])


def article_of_number(number: str) -> int | None:
    """Return the id within an article's number ("K0012" or "12"), or None."""
    digits = number.strip().upper().removeprefix("K")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else None


def get_article(actor: Actor, article_id: int) -> Article:
    """Return an article of which the actor may see a version; raises Http404 otherwise."""
    return versions_of(actor, article_id)[0].article
