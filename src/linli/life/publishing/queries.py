"""Read what is published: what anybody sees at a place, and what staff work on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from linli.base.areas.models import Area
from linli.base.areas.queries import in_force
from linli.base.people.models import Building
from linli.kernel.scope import Actor, within
from linli.kernel.search import search_query

from .models import Edition, EditionState, Section, StoryBuilding, StoryFile

LEVELS = (6, 9, 12)  # digits of a district, a subdistrict, a community
GONE = (EditionState.REPLACED, EditionState.WITHDRAWN)


def above(code: str) -> list[str]:
    """Return the district, subdistrict and community that contain an area, and it."""
    return [code[:n] for n in LEVELS if n <= len(code)]


def _told(rows: QuerySet[Edition]) -> QuerySet[Edition]:
    return rows.select_related("story__area", "story__unit", "section").defer(
        "search", "story__area__boundary"
    )


def shown(now: datetime, *, past: bool = False) -> QuerySet[Edition]:
    """Return what anybody may read: published, its time come, and (unless `past`) not over."""
    rows = Edition.objects.filter(state=EditionState.PUBLISHED, shown_from__lte=now)
    if not past:
        rows = rows.filter(Q(shown_until=None) | Q(shown_until__gt=now))
    return _told(rows).order_by("-pinned", "-shown_from", "-pk")


def at_place(rows: QuerySet[Edition], code: str) -> QuerySet[Edition]:
    """Narrow to what the site of a place shows: its own and what the levels above say."""
    return rows.filter(area_code__in=above(code))


def found(rows: QuerySet[Edition], words: str) -> QuerySet[Edition]:
    """Narrow to what holds these words."""
    return rows.filter(search=search_query(words)) if words.strip() else rows


def get_shown(story_id: int, now: datetime) -> Edition:
    """Return the edition of a story that anybody may read, past ones too; raises Http404."""
    rows = shown(now, past=True).prefetch_related("story__files")
    return get_object_or_404(rows, story_id=story_id)


def sections() -> list[Section]:
    """Return the columns in order."""
    return list(Section.objects.filter(open=True))


def visible_editions(actor: Actor) -> QuerySet[Edition]:
    """Return the editions the actor works on; fails closed."""
    rows = _told(Edition.objects.all())
    if actor.kind == "system":
        return rows
    if actor.kind != "staff":
        return rows.none()
    codes = [*actor.areas("publishing.write"), *actor.areas("publishing.approve")]
    return rows.filter(within(codes))


def get_edition(actor: Actor, edition_id: int) -> Edition:
    """Return one edition the actor may see; raises Http404 otherwise."""
    return get_object_or_404(visible_editions(actor), pk=edition_id)


def editions_of(actor: Actor, story_id: int) -> list[Edition]:
    """Return a story's editions, newest first; none the actor may see raises Http404."""
    rows = visible_editions(actor).filter(story_id=story_id)
    rows = rows.select_related("story__area", "story__unit", "section", "author", "reviewer")
    listed = list(rows.order_by("-number"))
    if not listed:
        raise Http404
    return listed


def current_of(rows: list[Edition]) -> Edition:
    """Return of a story's editions (newest first) the one in force, or the newest."""
    return next((row for row in rows if row.state == EditionState.PUBLISHED), rows[0])


def waiting(actor: Actor) -> list[tuple[str, Edition]]:
    """Return what waits for the actor: "review" what others wrote, "draft" what they began."""
    rows = visible_editions(actor)
    review = rows.filter(within(actor.areas("publishing.approve")), state="in_review")
    listed = [("review", row) for row in review.exclude(author_id=actor.account_id)[:30]]
    mine = rows.filter(author_id=actor.account_id, state="draft")
    return listed + [("draft", row) for row in mine[:30]]


def areas_to_write(actor: Actor) -> list[Area]:
    """Return the places the actor may publish for, from the widest down."""
    codes = actor.areas("publishing.write")
    levels = ("district", "subdistrict", "community")
    return list(in_force().filter(within(codes, "code"), level__in=levels).order_by("code"))


def get_file(file_id: int, actor: Actor, now: datetime) -> StoryFile:
    """Return a file of a story that is shown, or that the actor works on; raises Http404."""
    row = get_object_or_404(StoryFile.objects.select_related("story"), pk=file_id)
    public = shown(now, past=True).filter(story_id=row.story_id).exists()
    if not public and not visible_editions(actor).filter(story_id=row.story_id).exists():
        raise Http404
    return row


def files_of(story_id: int) -> list[StoryFile]:
    """Return a story's files in the order they were added."""
    return list(StoryFile.objects.filter(story_id=story_id))


def newest(now: datetime, codes: Iterable[str], most: int) -> list[Edition]:
    """Return the newest of what places themselves published."""
    return list(shown(now).filter(area_code__in=list(codes))[:most])


def buildings_told(code: str, now: datetime) -> list[Building]:
    """Return the buildings of a place that something shown concerns, by name."""
    rows = at_place(shown(now), code).order_by().values("story_id")
    told = StoryBuilding.objects.filter(story__in=rows).values("building_id")
    return list(Building.objects.filter(pk__in=told).order_by("name"))


def buildings_of(story_id: int) -> list[Building]:
    """Return the buildings a story concerns, by name; none where it is for everybody."""
    told = StoryBuilding.objects.filter(story=story_id).values("building_id")
    return list(Building.objects.filter(pk__in=told).order_by("name"))
