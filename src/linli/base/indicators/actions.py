"""Write tallies: fold what is new in the ledger, or build all of it anew."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from linli.kernel.ledger.models import Entry
from linli.kernel.ledger.queries import settled_before

from .folding import Key, summed
from .models import FoldCursor, Tally
from .registry import Fact, FoldRule, fold_rules

BATCH = 50_000  # entries counted in memory before one upsert
AFTER_DOT = "/"  # sorts right after "." in the C collation

UPSERT = """
    INSERT INTO indicators_tally (name, area_code, day, n)
    SELECT * FROM unnest(%s::text[], %s::text[], %s::date[], %s::bigint[])
    ON CONFLICT (name, area_code, day) DO UPDATE SET n = indicators_tally.n + excluded.n
    RETURNING name, area_code, day, n
"""
DROP_ZEROS = """
    DELETE FROM indicators_tally t
    USING unnest(%s::text[], %s::text[], %s::date[]) AS z(name, area_code, day)
    WHERE (t.name, t.area_code, t.day) = (z.name, z.area_code, z.day) AND t.n = 0
"""


@dataclass(frozen=True)
class Folded:
    """What a fold did: how many entries it counted, and how many tallies it changed."""

    entries: int = 0
    tallies: int = 0

    def __add__(self, other: Folded) -> Folded:
        return Folded(self.entries + other.entries, self.tallies + other.tallies)


def fold(*, now: datetime) -> Folded:
    """Add to the tallies every settled entry that is not in them yet, each exactly once.

    Runs of several processes wait for one another; a run that dies leaves whole batches behind
    it and the next goes on from there. Rules whose version has changed are built anew.
    """
    done = Folded()
    for rule in fold_rules():
        if _outdated(rule):
            done += _rebuild(rule, now)
            continue
        while (batch := _fold_batch(rule, now)) is not None:
            done += batch
    return done


def rebuild(*, now: datetime) -> Folded:
    """Count the whole ledger anew, in one transaction: until it ends, the old tallies are read."""
    return sum((_rebuild(rule, now) for rule in fold_rules()), Folded())


def _outdated(rule: FoldRule) -> bool:
    cursor = FoldCursor.objects.filter(name=rule.subject_type).first()
    return cursor is not None and cursor.version != rule.version


def _rebuild(rule: FoldRule, now: datetime) -> Folded:
    done = Folded()
    with transaction.atomic():
        _lock()
        prefix = f"{rule.subject_type}."
        Tally.objects.filter(name__gte=prefix, name__lt=f"{rule.subject_type}{AFTER_DOT}").delete()
        FoldCursor.objects.filter(name=rule.subject_type).delete()
        while (batch := _fold_batch(rule, now)) is not None:
            done += batch
    return done


def _fold_batch(rule: FoldRule, now: datetime) -> Folded | None:
    """Fold one range of transactions and move the cursor; None when nothing is left."""
    with transaction.atomic():
        _lock()
        cursor = FoldCursor.objects.filter(name=rule.subject_type).first()
        if cursor is None:
            cursor = FoldCursor(name=rule.subject_type, version=rule.version)
        end = settled_before()
        cursor.folded_at = now
        if end <= cursor.upto_tx:
            cursor.save()
            return None
        edge = _edge(cursor.upto_tx, end)
        counter = _Counted(_facts(rule.subject_type, cursor.upto_tx, edge))
        tallies = _add(summed(rule, counter))
        cursor.upto_tx = edge
        cursor.save()
        if edge == end and not counter.entries:
            return None
        return Folded(counter.entries, tallies)


class _Counted:
    """Pass facts through and count them."""

    def __init__(self, facts: Iterator[Fact]) -> None:
        self.facts, self.entries = facts, 0

    def __iter__(self) -> Iterator[Fact]:
        for fact in self.facts:
            self.entries += 1
            yield fact


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('indicators.fold'))")


def _edge(start: int, end: int) -> int:
    """Return where a batch that starts at `start` ends: whole transactions, about BATCH entries."""
    rows = Entry.objects.filter(tx__gte=start, tx__lt=end).order_by("tx", "id")
    at_limit = rows.values_list("tx", flat=True)[BATCH : BATCH + 1].first()
    if at_limit is None:
        return end
    # One transaction larger than a batch is still folded whole: it has one number.
    return max(int(at_limit), start + 1)


def _facts(subject_type: str, start: int, end: int) -> Iterator[Fact]:
    rows = Entry.objects.filter(subject_type=subject_type, tx__gte=start, tx__lt=end)
    fields = rows.order_by("tx", "id").values_list("verb", "at", "area_code", "data")
    zone = timezone.get_default_timezone()
    for verb, at, area_code, data in fields.iterator(chunk_size=5000):
        yield Fact(verb, at, at.astimezone(zone).date(), area_code, data)


def _add(sums: Counter[Key]) -> int:
    """Upsert in key order, so that nothing waits in a circle; drop what came to zero."""
    if not sums:
        return 0
    keys = sorted(sums)
    names, areas, days = (list(column) for column in zip(*keys, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(UPSERT, [names, areas, days, [sums[key] for key in keys]])
        zeros = [row[:3] for row in cursor.fetchall() if row[3] == 0]
        if zeros:
            cursor.execute(DROP_ZEROS, [list(column) for column in zip(*zeros, strict=True)])
    return len(keys)
