"""Likely duplicates and suggestions while somebody types, at growing numbers of cases."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import datetime
from random import Random

from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone

from linli.base.accounts.models import Account
from linli.base.areas.models import Area
from linli.work.cases import demo_texts
from linli.work.cases.models import Case, Category
from linli.work.cases.same.queries import likely
from linli.work.cases.suggest import naming, training

from . import world
from .table import quantile, show

TEXTS = 60  # different texts of each category
MOST_MS = 300  # a hint that comes later is not read any more: the rule for p95
NEWEST = """
SELECT id, title, text, area_code, lon, lat, category_id FROM cases_case
WHERE community_code = %s AND created_at >= %s - interval '30 days'
  AND (state IN ('registered', 'accepted', 'dispatched', 'in_hand', 'done')
    OR state = 'closed' AND closed_at >= %s - interval '7 days')
ORDER BY created_at DESC LIMIT 500
"""


def texts_by_code(rng: Random) -> dict[str, list[str]]:
    """Return invented reports of each category that has phrases."""
    return {
        code: [
            demo_texts.report(rng, code, f"幸福小区{demo_texts.spot(rng)}")[1] for _ in range(TEXTS)
        ]
        for code in demo_texts.phrases()
    }


class Typist:
    """Somebody who types ever new reports about random grids."""

    def __init__(self, now: datetime, seed: int) -> None:
        self.now, self.rng = now, Random(seed)
        self.leaves = list(
            Category.objects.filter(code__in=demo_texts.phrases()).select_related("parent")
        )
        self.grids = list(Area.objects.filter(level="grid").values_list("code", flat=True))
        self.waiting = list(Case.objects.filter(state="accepted").order_by("-id")[:50])

    def report(self) -> tuple[str, str, Category]:
        """Return text, grid and category of a report that does not stand yet."""
        leaf, code = self.rng.choice(self.leaves), self.rng.choice(self.grids)
        place = f"幸福小区{demo_texts.spot(self.rng)}"
        return demo_texts.report(self.rng, leaf.code, place)[1], code, leaf

    def acts(self) -> dict[str, Callable[[], None]]:
        """Return what is measured."""
        visitor, agent = Client(), Client()
        account = Account.objects.get(username=world.DISPATCHER)
        agent.force_login(account, "django.contrib.auth.backends.ModelBackend")

        def raw() -> None:
            _text, code, _leaf = self.report()
            with connection.cursor() as cursor:
                cursor.execute(NEWEST, [code[:12], self.now, self.now])
                cursor.fetchall()

        def look_up() -> None:
            text, code, leaf = self.report()
            likely(now=self.now, text=text, area_code=code, category=leaf)

        def name() -> None:
            text, code, _leaf = self.report()
            if not naming.suggest(text, code).categories:
                raise RuntimeError("nothing was suggested")

        def public() -> None:
            text, code, leaf = self.report()
            cache.clear()
            values = {"text": text, "category": leaf.code, "community": code[:12]}
            _answered(visitor.post("/report/similar/", values))

        def desk() -> None:
            text, code, _leaf = self.report()
            values = {"title": text[:20], "text": text, "area_code": code}
            _answered(agent.post("/desk/cases/new/hints/", values))

        def beside() -> None:
            number = self.rng.choice(self.waiting).number
            _answered(agent.get(f"/desk/cases/{number}/same/"))

        return {
            "rows to compare, SQL alone": raw,
            "look-up of duplicates": look_up,
            "suggestion": name,
            "public form while typing": public,
            "desk form while typing": desk,
            "beside a case": beside,
        }


def _answered(answer: object) -> None:
    status = getattr(answer, "status_code", 0)
    if status != 200:
        raise RuntimeError(f"answered {status}")


def measure(act: Callable[[], None], times: int) -> list[float]:
    """Return milliseconds of each time, after three unmeasured ones."""
    took = []
    for turn in range(times + 3):
        began = time.perf_counter()
        act()
        if turn >= 3:
            took.append((time.perf_counter() - began) * 1000)
    return took


def run(sizes: Sequence[int], *, times: int, now: datetime | None = None) -> bool:
    """Print latencies at each size; return whether p95 at the largest kept to MOST_MS."""
    now = now or timezone.now()
    texts = texts_by_code(Random(7))
    results: list[dict[str, list[float]]] = []
    for size in sizes:
        world.grow_to(size, now, texts)
        began = time.monotonic()
        learned = training.train_all(now=now)
        took = time.monotonic() - began
        naming.forget()
        most = max((row.cases for row in learned), default=0)
        print(f"{size:,} cases: learned from {most:,} in {took:.0f} s", flush=True)
        connection.close()
        typist = Typist(now, size)
        results.append({name: measure(act, times) for name, act in typist.acts().items()})
    rows, kept = [], True
    for name in results[0]:
        ends = [quantile(result[name], 0.95) for result in results]
        kept &= ends[-1] <= MOST_MS
        cells = [
            f"{quantile(result[name], 0.5):.1f} / {end:.1f}"
            for result, end in zip(results, ends, strict=True)
        ]
        rows.append((name, *cells, "pass" if ends[-1] <= MOST_MS else "FAIL"))
    show(
        f"Duplicates and suggestions, {times} times each: p50 / p95 in ms; p95 at most {MOST_MS}",
        ("", *(f"{size:,} cases" for size in sizes), "rule"),
        rows,
    )
    return kept
