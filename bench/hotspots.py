"""The daily search for hot spots: how long it takes, how often it is wrong, whether it finds."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

import numpy as np
from django.db import connection
from django.utils import timezone

from linli.base.areas.models import Area
from linli.insight.hotspots.actions import search
from linli.insight.hotspots.counting import count_cases
from linli.insight.hotspots.models import HotSpot
from linli.insight.hotspots.rules import Method, judge, levels
from linli.work.cases.models import Category

from . import world
from .table import quantile, show

PLANTED, CASES = 5, 20

PLANT = """
UPDATE cases_case SET area_id = %(area)s, area_code = %(code)s, category_id = %(category)s
WHERE id IN (SELECT id FROM cases_case WHERE created_at < %(before)s
  ORDER BY id DESC OFFSET %(skip)s LIMIT %(n)s)
"""


def _plant(before: datetime) -> set[tuple[int, str]]:
    """Move the last week's cases of all over into five grids, as many each, of five categories."""
    grids = list(Area.objects.filter(level="grid").order_by("code")[: PLANTED * 7 : 7])
    leaves = list(Category.objects.filter(parent__isnull=False).order_by("code")[: PLANTED * 3 : 3])
    with connection.cursor() as cursor:
        for n, (grid, leaf) in enumerate(zip(grids, leaves, strict=True)):
            values = {"area": grid.pk, "code": grid.code, "category": leaf.pk, "before": before,
                      "skip": n * CASES, "n": CASES}  # fmt: skip
            cursor.execute(PLANT, values)
    return {(leaf.pk, grid.code) for grid, leaf in zip(grids, leaves, strict=True)}


def _simulated(days: int, size: float | None, method: Method) -> float:
    """Return the share of days with any alarm in a whole district where nothing changes."""
    rng = np.random.default_rng(1)
    categories, communities, grids = 96, 180, 6
    mean = np.multiply.outer(
        rng.lognormal(0, 1, categories), rng.lognormal(0, 0.6, (communities, grids))
    )
    mean *= 0.15 / mean.mean()
    kinds = np.repeat(np.arange(categories), communities)
    groups = np.concatenate([np.repeat(kinds, grids), categories + kinds])
    lived = np.full(len(groups), method.windows)
    alarms = 0
    for _ in range(days):
        wide = np.repeat(mean[..., None], method.windows + 1, axis=-1)
        counts = rng.poisson(wide if size is None else rng.gamma(size, wide / size))
        cells = [part.reshape(-1, part.shape[-1]) for part in (counts, counts.sum(axis=2))]
        table = np.concatenate(cells)
        weights = levels(counts.sum(axis=(0, 1, 2)))
        found = judge(table[:, 0], table[:, 1:], lived, groups, method, weights)
        alarms += bool(found.hot.any())
    return alarms / days


def run(count: int, *, days: int, simulated: int, now: datetime | None = None) -> None:
    """Print times of the search at `count` cases, its false alarms, and what it found."""
    now = now or timezone.now()
    method = Method()
    world.grow_to(count, now)
    last = timezone.localdate(now) - timedelta(days=1)
    took, alarms, tested = [], 0, 0
    for back in range(1, days + 1):
        began = time.perf_counter()
        done = search(day=last - timedelta(days=back), now=now, method=method)
        took.append(time.perf_counter() - began)
        alarms += bool(done.found)
        tested = done.tested
    began = time.perf_counter()
    counts = count_cases(last, method)
    counted = time.perf_counter() - began
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    planted = _plant(midnight)
    search(day=last, now=now, method=method)
    found = {(spot.category_id, spot.area_code) for spot in HotSpot.objects.filter(last_day=last)}
    rows = [
        (
            "one day's search: p50 / p95, s",
            f"{quantile(took, 0.5):.2f} / {quantile(took, 0.95):.2f}",
        ),
        ("of which counting, s", f"{counted:.2f}"),
        ("cells with any case; tested", f"{len(counts.cells):,}; {tested:,}"),
        (f"days of {days} with a false alarm", str(alarms)),
        (f"planted clusters of {CASES} cases found", f"{len(planted & found)} of {PLANTED}"),
        ("others found that day", str(len(found - planted))),
    ]
    for name, size in (("Poisson", None), ("size 2", 2.0)):
        share = 100 * _simulated(simulated, size, method)
        rows.append((f"{simulated} simulated days without change, {name}: with an alarm",
                     f"{share:.1f} % (bound {100 * method.false_share:.0f} %)"))  # fmt: skip
    show(f"Hot spots at {count:,} cases", ("", "measured"), rows)
