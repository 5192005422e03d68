"""What the site of a place shows from the first day: its people, grids, office and figures."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import Avg, Count, F, Q, QuerySet

from linli.base.accounts.models import GrantRow, Unit
from linli.base.areas.models import Area
from linli.base.areas.queries import in_force
from linli.kernel.scope import within
from linli.work.cases.models import Case

SPAN = timedelta(days=30)
KEPT = 600  # seconds for which the figures are kept
UNITS = {6: "district", 9: "subdistrict", 12: "community"}  # digits of the code -> kind of unit


@dataclass(frozen=True)
class Figures:
    """Cases of a place in the last 30 days."""

    reported: int
    closed: int
    on_time: int
    rating: float | None

    @property
    def share(self) -> int | None:
        """How many of the closed were done within their time, in whole percent; None of none."""
        return 100 * self.on_time // self.closed if self.closed else None


@dataclass(frozen=True)
class GridLine:
    """A grid and who looks after it."""

    name: str
    workers: list[str] = field(default_factory=list)


def figures_of(area: Area, now: datetime) -> Figures:
    """Return what became of the cases of a place; counted anew after ten minutes."""
    key = f"website:figures:{area.code}"
    found: Figures | None = cache.get(key)
    if found is None:
        found = _count(area, now)
        cache.set(key, found, KEPT)
    return found


def _count(area: Area, now: datetime) -> Figures:
    since = now - SPAN
    rows = Case.objects.filter(
        within([area.code]), Q(created_at__gte=since) | Q(closed_at__gte=since)
    )
    closed = Q(closed_at__gte=since, state="closed")
    counted = rows.aggregate(
        reported=Count("pk", filter=Q(created_at__gte=since)),
        closed=Count("pk", filter=closed),
        on_time=Count(
            "pk", filter=closed & (Q(deadline_at=None) | Q(done_at__lte=F("deadline_at")))
        ),
        rating=Avg("rating", filter=closed),
    )
    return Figures(**counted)


def office_of(area: Area) -> Unit | None:
    """Return the office or centre of a place."""
    kind = UNITS.get(len(area.code), "")
    return Unit.objects.filter(kind=kind, area_code=area.code, active=True).order_by("pk").first()


def grids_of(area: Area) -> list[GridLine]:
    """Return a community's grids in order, with the names of those who look after them.

    Their names hang on the board of each grid's entrances anyway.
    """
    grids = list(in_force().filter(within([area.code], "code"), level="grid").order_by("code"))
    grants = GrantRow.objects.filter(
        within([area.code]), role="grid_worker", valid_to=None, account__is_active=True
    ).select_related("account")
    names: dict[str, list[str]] = {}
    for row in grants.order_by("pk"):
        names.setdefault(row.area_code, []).append(row.account.name)
    return [GridLine(grid.name, names.get(grid.code, [])) for grid in grids]


def below(area: Area) -> QuerySet[Any]:
    """Return the places right below one that have a site of their own."""
    level = {6: "subdistrict", 9: "community"}.get(len(area.code), "")
    return in_force().filter(within([area.code], "code"), level=level).order_by("code")
