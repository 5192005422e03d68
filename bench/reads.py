"""Pages of the desk at growing numbers of cases: their p95 must stay almost the same."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import datetime
from random import Random

from django.db import connection
from django.test import Client
from django.utils import timezone

from linli.base.accounts.models import Account
from linli.work.cases.models import Case

from . import world
from .table import quantile, show

MOST_GROWTH = 1.5


def _addresses(rng: Random, count: int) -> dict[str, tuple[str, Callable[[], str]]]:
    """Return name -> (log-in, address) of what is measured."""
    sub = f"{world.DISTRICT}001"
    mine = list(
        Case.objects.filter(subdistrict_code=sub, id__gt=count * 9 // 10).order_by("id")[:400]
    )

    def detail() -> str:
        return f"/desk/cases/{rng.choice(mine).number}/"

    filters = (
        "state=closed&urgency=ordinary",
        "state=in_hand",
        f"area={sub}001",
        "closed=0&channel=hotline",
        "rating=1&rating=2",
        "open=1&overdue=1",
    )
    return {
        # The whole district's dispatcher has a full page to see at every size.
        "work list": (world.DISPATCHER, lambda: "/desk/"),
        "list, filtered": (sub, lambda: f"/desk/cases/?{rng.choice(filters)}"),
        "list, searched": (sub, lambda: f"/desk/cases/?q={rng.choice(('路灯', '电梯', '疫苗'))}"),
        "one case": (sub, detail),
        "cockpit": (world.DISTRICT, lambda: "/desk/cockpit/"),
    }


def _visit(client: Client, path: str) -> None:
    answer = client.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status_code}")


def measure(count: int, times: int) -> dict[str, list[float]]:
    """Return milliseconds of each page, after three unmeasured visits."""
    rng = Random(count)
    found: dict[str, list[float]] = {}
    for name, (username, address) in _addresses(rng, count).items():
        client = Client()
        client.force_login(
            Account.objects.get(username=username), "django.contrib.auth.backends.ModelBackend"
        )
        took = []
        for turn in range(times + 3):
            path = address()
            began = time.perf_counter()
            _visit(client, path)
            if turn >= 3:
                took.append((time.perf_counter() - began) * 1000)
        found[name] = took
    return found


def run(sizes: Sequence[int], *, times: int, now: datetime | None = None) -> bool:
    """Grow the district step by step, print a table, and return whether all pages kept the rule."""
    now = now or timezone.now()
    results = []
    for size in sizes:
        began = time.monotonic()
        world.grow_to(size, now)
        loaded = time.monotonic()
        world.count(now)
        print(
            f"{size:,} cases: loaded in {loaded - began:.0f} s, counted in "
            f"{time.monotonic() - loaded:.0f} s",
            flush=True,
        )
        connection.close()
        results.append(measure(size, times))
    rows, kept = [], True
    for name in results[0]:
        ends = [quantile(result[name], 0.95) for result in results]
        growth = ends[-1] / ends[0]
        good = growth <= MOST_GROWTH
        kept &= good
        cells = [
            f"{quantile(result[name], 0.5):.0f} / {end:.0f}"
            for result, end in zip(results, ends, strict=True)
        ]
        rows.append((name, *cells, f"{growth:.2f} {'pass' if good else 'FAIL'}"))
    show(
        f"Pages, {times} visits each: p50 / p95 in ms; p95 may grow by {MOST_GROWTH} at most",
        ("", *(f"{size:,} cases" for size in sizes), "growth of p95"),
        rows,
    )
    return kept
