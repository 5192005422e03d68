"""Search for hot spots, store what was found, tell who is responsible, and mark what was seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from linli.base.accounts.queries import holders
from linli.base.areas.models import Area
from linli.base.messages.actions import queue_message
from linli.base.messages.models import Channel
from linli.kernel.flow import Outcome, perform
from linli.kernel.ledger import actions as ledger
from linli.kernel.scope import SYSTEM, Actor

from .counting import Counts, count_cases, weights_of
from .flow import HOT_SPOT_FLOW
from .models import HotSpot, HotSpotDay, HotSpotRun
from .rules import Method, Verdict, judge


@dataclass(frozen=True)
class Found:
    """One hot cell."""

    category_id: int
    code: str
    count: int
    expected: float
    p: float
    q: float
    history: list[int]


def method_in_force() -> Method:
    """Return how hot spots are looked for, with the district's own share of false alarms."""
    return Method(false_share=settings.HOT_SPOT_FALSE_PERCENT / 100)


def search(*, day: date, now: datetime, method: Method | None = None) -> HotSpotRun:
    """Look for hot spots in the window that ends with `day`, store and tell them, return the run.

    A day that was searched before is left as it is.
    """
    method = method or method_in_force()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('hotspots.search'))")
        earlier = HotSpotRun.objects.filter(day=day).first()
        if earlier is not None:
            return earlier
        counts = count_cases(day, method)
        verdict = judge(
            counts.recent,
            counts.history,
            counts.windows,
            counts.groups,
            method,
            weights_of(counts),
        )
        found = hot_cells(counts, verdict)
        areas = Area.objects.filter(code__in={cell.code for cell in found}, valid_to=None)
        places = {area.code: area for area in areas.select_related("parent")}
        for cell in found:
            _keep(cell, places[cell.code], day, now, method)
        return HotSpotRun.objects.create(
            day=day,
            ran_at=now,
            windows=counts.length if counts.length >= method.fewest else 0,
            tested=int(verdict.tested.sum()),
            found=len(found),
            method=asdict(method),
        )


def hot_cells(counts: Counts, verdict: Verdict) -> list[Found]:
    """Return the hot cells, least likely first; a community whose rise is one grid's is left out.

    That is where a hot grid of the same category holds at least half of the community's cases.
    """
    rows = sorted(verdict.hot.nonzero()[0].tolist(), key=lambda row: verdict.p[row])
    found = [
        Found(
            *counts.cells[row],
            count=int(counts.recent[row]),
            expected=float(verdict.expected[row]),
            p=float(verdict.p[row]),
            q=float(verdict.q[row]),
            history=counts.history[row, : counts.windows[row]][::-1].tolist(),
        )
        for row in rows
    ]
    most: dict[tuple[int, str], int] = {}
    for cell in found:
        if len(cell.code) == 15:
            above = (cell.category_id, cell.code[:12])
            most[above] = max(most.get(above, 0), cell.count)
    return [c for c in found if 2 * most.get((c.category_id, c.code), 0) < c.count]


def _keep(cell: Found, area: Area, day: date, now: datetime, method: Method) -> None:
    """Add a day to the hot spot that is going on, or open a new one and tell who is responsible."""
    spot = (
        HotSpot.objects.select_for_update(of=("self",))
        .filter(
            category_id=cell.category_id,
            area=area,
            last_day__gte=day - timedelta(days=method.window_days),
            last_day__lt=day,
        )
        .order_by("-last_day")
        .first()
    )
    new = spot is None
    if spot is None:
        spot = HotSpot(category_id=cell.category_id, area=area, area_code=area.code, first_day=day)
    spot.last_day = day
    spot.version += 1
    spot.save()
    HotSpotDay.objects.create(
        spot=spot, day=day, window_days=method.window_days, count=cell.count,
        expected=cell.expected, p=cell.p, q=cell.q, history=cell.history,
    )  # fmt: skip
    data = {"day": str(day), "count": cell.count, "expected": round(cell.expected, 3)}
    ledger.append(
        subject_type=HOT_SPOT_FLOW.name,
        subject_id=spot.pk,
        verb="find" if new else "go_on",
        actor=SYSTEM,
        at=now,
        area_code=spot.area_code,
        data=data | ({"to": str(spot.state)} if new else {}),
        seq=spot.version,
    )
    if new:
        _tell(spot, cell, now, method)


def _tell(spot: HotSpot, cell: Found, now: datetime, method: Method) -> None:
    """Tell the dispatchers of the subdistrict, or the district's where it has none."""
    people = holders("subdistrict_dispatcher", spot.area_code, now)
    for person in people or holders("district_dispatcher", spot.area_code, now):
        queue_message(
            key=f"hot_spot:{spot.pk}:{person.pk}",
            account=person,
            channel=Channel.SITE,
            template="hotspots.found",
            params={
                "place": spot.area.full_name,
                "category": spot.category.name,
                "days": str(method.window_days),
                "count": str(cell.count),
                "expected": f"{cell.expected:.1f}",
            },
            link=f"/desk/hotspots/{spot.pk}/",
            now=now,
        )


def mark_seen(
    spot_id: int,
    *,
    actor: Actor,
    now: datetime,
    data: Mapping[str, Any],
    key: str | None = None,
    expected: int | None = None,
) -> Outcome:
    """Mark a hot spot as looked into, with a note; errors as `kernel.flow.perform`."""
    return perform(
        HOT_SPOT_FLOW,
        "mark_seen",
        spot_id,
        actor=actor,
        now=now,
        data=data,
        key=key,
        expected=expected,
    )
