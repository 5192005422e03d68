"""What is published: lists with search, one article, the feed, the site map."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib.syndication.views import Feed
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from linli.base.areas.queries import district, in_force
from linli.life.publishing import queries
from linli.life.publishing.cleaning import plain_text
from linli.life.publishing.models import Edition

from .pages_places import LEVELS, site_of

SIZE, IN_FEED, IN_MAP = 20, 30, 5000
LONGEST = 60  # characters of a search


@require_safe
def news(request: HttpRequest, code: str = "") -> HttpResponse:
    """List what is published at a place, newest first; by words, column, and past ones too."""
    now = timezone.now()
    area = site_of(code) if code else district()
    words = request.GET.get("q", "").strip()[:LONGEST]
    chosen, past = request.GET.get("section", ""), request.GET.get("past") == "1"
    rows = queries.shown(now, past=past)
    if code:
        rows = queries.at_place(rows, code)
    if chosen:
        rows = rows.filter(section__code=chosen)
    page = Paginator(queries.found(rows, words), SIZE).get_page(request.GET.get("page"))
    asked = {"q": words, "section": chosen, "past": "1" if past else ""}
    context = {
        "area": area, "code": code, "page": page, "q": words, "section": chosen, "past": past,
        "sections": queries.sections(),
        "kept": urlencode({name: value for name, value in asked.items() if value}),
    }  # fmt: skip
    return render(request, "website/news.html", context)


@require_safe
def article(request: HttpRequest, story_id: int) -> HttpResponse:
    """Show one article, with what machines and shared cards need to know of it."""
    now = timezone.now()
    found = queries.get_shown(story_id, now)
    files = list(found.story.files.all())
    pictures = [row for row in files if row.is_picture]
    context = {
        "edition": found, "story": found.story, "over": found.over(now),
        "buildings": queries.buildings_of(story_id),
        "loose": [row for row in pictures if _address(row.pk) not in found.body],
        "papers": [row for row in files if not row.is_picture],
        "card": request.build_absolute_uri(_address(pictures[0].pk)) if pictures else "",
        "address": request.build_absolute_uri(reverse("website:article", args=[story_id])),
        "data": _described(request, found, [row.pk for row in pictures]),
    }  # fmt: skip
    return render(request, "website/article.html", context)


def _address(file_id: int) -> str:
    return reverse("publishing:file", args=[file_id])


def _described(request: HttpRequest, found: Edition, pictures: list[int]) -> str:
    """Return schema.org's NewsArticle as JSON that is safe within a page."""
    data: dict[str, Any] = {
        "@context": "https://schema.org", "@type": "NewsArticle", "headline": found.title,
        "description": found.summary, "datePublished": found.shown_from.isoformat(),
        "articleSection": found.section.name, "inLanguage": "zh-CN",
        "publisher": {"@type": "GovernmentOrganization", "name": found.story.unit.name},
        "image": [request.build_absolute_uri(_address(pk)) for pk in pictures],
        "articleBody": plain_text(found.body),
    }  # fmt: skip
    text = json.dumps(data, ensure_ascii=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


class News(Feed):  # type: ignore[type-arg]
    """What is new at a place, as RSS 2.0."""

    feed_type = Rss201rev2Feed

    def get_object(self, request: HttpRequest, code: str = "") -> tuple[Any, str]:  # noqa: ARG002
        """Return the place, and its code where it is not the whole district."""
        return (site_of(code) if code else district()), code

    def title(self, obj: tuple[Any, str]) -> str:
        """Return the feed's name."""
        name = obj[0].short_name if obj[0] else ""
        return _("%(name)s的消息") % {"name": name}

    def link(self, obj: tuple[Any, str]) -> str:
        """Return the page of the feed."""
        return reverse("website:place", args=[obj[1]]) if obj[1] else reverse("website:news")

    description = ""

    def items(self, obj: tuple[Any, str]) -> list[Edition]:
        """Return the newest articles."""
        rows = queries.shown(timezone.now()).order_by("-shown_from", "-pk")
        return list((queries.at_place(rows, obj[1]) if obj[1] else rows)[:IN_FEED])

    def item_title(self, item: Edition) -> str:
        """Return the title."""
        return item.title

    def item_description(self, item: Edition) -> str:
        """Return the summary."""
        return escape(item.summary)

    def item_link(self, item: Edition) -> str:
        """Return the article's address."""
        return reverse("website:article", args=[item.story_id])

    def item_pubdate(self, item: Edition) -> datetime:
        """Return since when it shows."""
        return item.shown_from

    def item_categories(self, item: Edition) -> list[str]:
        """Return its column."""
        return [item.section.name]


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """List the addresses anybody may read, for search engines (sitemaps.org 0.9)."""
    lines = [(reverse(name), None) for name in ("website:home", "website:news", "website:places",
             "website:ask", "website:report", "website:track", "website:help")]  # fmt: skip
    codes = in_force().filter(level__in=LEVELS).order_by("code").values_list("code", flat=True)
    lines += [(reverse("website:place", args=[code]), None) for code in codes]
    rows = queries.shown(timezone.now(), past=True).order_by("-shown_from")[:IN_MAP]
    dated: list[tuple[str, Any]] = [
        (reverse("website:article", args=[row.story_id]), timezone.localdate(row.shown_from))
        for row in rows
    ]
    context = {"lines": [(request.build_absolute_uri(path), day) for path, day in [*lines, *dated]]}
    return render(request, "website/sitemap.xml", context, content_type="application/xml")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Tell search engines what to leave alone, and where the site map is."""
    hidden = ("/desk/", "/staff/", "/my/", "/track/", "/field/", "/kiosk/", "/rate/", "/matters/")
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in hidden),
             f"Sitemap: {request.build_absolute_uri(reverse('website:sitemap'))}"]  # fmt: skip
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
