"""Read hot spots: who may see which, a day's list, one with its days."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from linli.kernel.scope import Actor, within

from .models import HotSpot, HotSpotDay, HotSpotRun

EARLIER_DAYS = 30
MOST = 200


def visible_spots(actor: Actor) -> QuerySet[HotSpot]:
    """Return the hot spots in the areas over which the actor reads them; fails closed."""
    if actor.kind == "system":
        return HotSpot.objects.all()
    if actor.kind != "staff":
        return HotSpot.objects.none()
    return HotSpot.objects.filter(within(actor.areas("hotspots.view")))


def _named(spots: QuerySet[HotSpot]) -> QuerySet[HotSpot]:
    return spots.select_related("category", "area__parent", "seen_by").defer(
        "area__boundary", "area__parent__boundary"
    )


def get_spot(actor: Actor, spot_id: int) -> HotSpot:
    """Return one hot spot the actor may see; raises Http404 otherwise."""
    return get_object_or_404(_named(visible_spots(actor)), pk=spot_id)


def run_of(day: date | None) -> HotSpotRun | None:
    """Return the search of a day, or the latest one; None where there is none."""
    rows = HotSpotRun.objects.order_by("-day")
    return rows.filter(day=day).first() if day else rows.first()


def neighbours(run: HotSpotRun) -> tuple[date | None, date | None]:
    """Return the days of the searches before and after."""
    rows = HotSpotRun.objects.values_list("day", flat=True)
    before = rows.filter(day__lt=run.day).order_by("-day").first()
    return before, rows.filter(day__gt=run.day).order_by("day").first()


def of_day(actor: Actor, day: date, area_code: str = "") -> list[HotSpotDay]:
    """Return what a day's search found in the actor's areas (and in `area_code`), least likely
    first, with names."""
    spots = _named(visible_spots(actor))
    if area_code:
        spots = spots.filter(within((area_code,)))
    rows = {spot.pk: spot for spot in spots.filter(first_day__lte=day, last_day__gte=day)}
    found = list(HotSpotDay.objects.filter(day=day, spot_id__in=rows).order_by("p", "id")[:MOST])
    for row in found:
        row.spot = rows[row.spot_id]
    return found


def earlier(actor: Actor, day: date) -> list[HotSpot]:
    """Return hot spots of the past 30 days that had ended by `day`, the latest first."""
    rows = _named(visible_spots(actor)).filter(
        last_day__lt=day, last_day__gte=day - timedelta(days=EARLIER_DAYS)
    )
    return list(rows.order_by("-last_day", "-id")[:MOST])


def days_of(spot: HotSpot) -> list[HotSpotDay]:
    """Return a hot spot's days, the latest first."""
    return list(HotSpotDay.objects.filter(spot=spot).order_by("-day"))
