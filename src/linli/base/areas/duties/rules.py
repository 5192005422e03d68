"""Which posts stand at which level, who may fill them, and when two people are one too many."""

from __future__ import annotations

from datetime import date

from django.db.models import F, Q

from ..models import SHARED_POSTS, Area, Duty, DutyPost, Level

_COMMON = (DutyPost.POLICE, DutyPost.FIRE, DutyPost.URBAN, DutyPost.HEALTH)
POSTS: dict[str, tuple[DutyPost, ...]] = {
    Level.SUBDISTRICT: (DutyPost.SUBDISTRICT_LEAD, *_COMMON),
    Level.COMMUNITY: (DutyPost.COMMUNITY_LEAD, *_COMMON),
    Level.GRID: (
        DutyPost.GRID_LEAD,
        DutyPost.GRID_STAFF,
        DutyPost.PART_TIME,
        DutyPost.ASSISTANT,
        DutyPost.PARTY_CELL,
        *_COMMON,
    ),
    Level.BUILDING: (DutyPost.BUILDING_LEAD,),
}
# The posts that must not stand empty; where one does, those named next answer instead.
NEEDED: dict[str, tuple[DutyPost, ...]] = {
    Level.GRID: (DutyPost.GRID_LEAD, DutyPost.GRID_STAFF),
    Level.COMMUNITY: (DutyPost.COMMUNITY_LEAD,),
    Level.SUBDISTRICT: (DutyPost.SUBDISTRICT_LEAD,),
}
INSTEAD: dict[DutyPost, tuple[DutyPost, ...]] = {
    DutyPost.GRID_STAFF: (
        DutyPost.GRID_LEAD, DutyPost.COMMUNITY_LEAD, DutyPost.SUBDISTRICT_LEAD,
    ),
    DutyPost.GRID_LEAD: (DutyPost.COMMUNITY_LEAD, DutyPost.SUBDISTRICT_LEAD),
    DutyPost.COMMUNITY_LEAD: (DutyPost.SUBDISTRICT_LEAD,),
    DutyPost.SUBDISTRICT_LEAD: (),
}  # fmt: skip
# Nobody appoints their own head: these are filled from the level above.
FROM_ABOVE = (DutyPost.COMMUNITY_LEAD, DutyPost.SUBDISTRICT_LEAD)
ORDER = {post: number for number, post in enumerate(DutyPost.values)}


def deciding_code(area_code: str, post: str) -> str:
    """Return the code of the area over which one needs the permission to fill a post."""
    return area_code[:-3] if post in FROM_ABOVE else area_code


def standing(day: date) -> Q:
    """Return the condition "in force on this day"."""
    return Q(valid_from__lte=day) & (Q(valid_to=None) | Q(valid_to__gt=day))


def in_the_way(area: Area, post: str, begins: date, ends: date | None = None) -> Duty | None:
    """Return who holds a post of one holder at some time from `begins` to `ends`; else None."""
    if post in SHARED_POSTS:
        return None
    rows = Duty.objects.filter(area=area, post=post)
    rows = rows.filter(Q(valid_to=None) | Q(valid_to__gt=begins) & Q(valid_to__gt=F("valid_from")))
    if ends is not None:
        rows = rows.filter(valid_from__lt=ends)
    return rows.order_by("valid_from").first()
