"""Count what is due, and let it go in batches, each a transaction of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, Value

from linli.kernel.ledger import actions as ledger
from linli.kernel.scope import SYSTEM

from ..retained import Kind, clamped, kinds, nobody
from .models import RetentionRule, RetentionRun

BATCH = 500
SUBJECT = "retention.run"


def all_days() -> dict[str, int]:
    """Return kind -> days kept, in one query."""
    rows = dict(RetentionRule.objects.values_list("key", "days"))
    return {kind.key: clamped(kind, rows.get(kind.key, kind.usual)) for kind in kinds()}


def batches(kind: Kind, edge: datetime) -> Iterator[list[int]]:
    """Yield the keys of the rows that go, in order; each batch is asked for anew."""
    last = 0
    while True:
        rows = kind.due(edge).filter(pk__gt=last).order_by("pk")
        keys = list(rows.values_list("pk", flat=True)[:BATCH])
        if not keys:
            return
        last = keys[-1]
        stay = kind.left_out(keys)
        yield [key for key in keys if key not in stay]


def count_due(kind: Kind, days: int, now: datetime) -> int:
    """Return how many rows a run would let go now; nothing is changed."""
    return count_all({kind.key: days}, now)[kind.key]


def count_all(days: Mapping[str, int], now: datetime) -> dict[str, int]:
    """Return kind -> rows due, for kinds with their days; plain ones are counted in one query."""
    found = dict.fromkeys(days, 0)
    plain = []
    for kind in kinds():
        if kind.key not in days:
            continue
        edge = now - timedelta(days=days[kind.key])
        if kind.left_out is nobody:
            rows = kind.due(edge).order_by().annotate(of_kind=Value(kind.key)).values("of_kind")
            plain.append(rows.annotate(n=Count("pk")).values_list("of_kind", "n"))
        else:
            found[kind.key] = sum(map(len, batches(kind, edge)))
    if plain:
        found |= dict(plain[0].union(*plain[1:], all=True))
    return found


def let_all_go(*, now: datetime) -> RetentionRun:
    """Let everything go that is due, kind by kind, and keep how much it was.

    A run that is cut short has let go what its counts say; the next one goes on from there.
    """
    run = RetentionRun.objects.create(began_at=now)
    days = all_days()
    for kind in kinds():
        for keys in batches(kind, now - timedelta(days=days[kind.key])):
            with transaction.atomic():
                kind.let_go(keys, now)
                run.counts[kind.key] = run.counts.get(kind.key, 0) + len(keys)
                run.save(update_fields=["counts"])
    with transaction.atomic():
        run.ended_at = now
        run.save(update_fields=["ended_at"])
        ledger.append(
            subject_type=SUBJECT, subject_id=run.pk, verb="run", actor=SYSTEM, at=now, seq=1,
            data={"counts": run.counts, "days": days},
        )  # fmt: skip
    return run
