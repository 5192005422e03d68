"""Learn from the district's own closed cases, and keep what was learned with its accuracy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from linli.base.accounts.models import Unit, UnitKind
from linli.kernel.ledger import actions as ledger
from linli.kernel.scope import SYSTEM

from ..models import Case, Learned, Lesson, State
from ..setup import current
from . import learner
from .models import What

MOST_CASES = 50_000  # the newest closed cases
FEWEST_CASES = 60
HELD_OUT = 5  # every fifth is kept back to measure with
LESSON_WEIGHT = 3.0  # how much a case counts whose suggestion was overridden
KEEP = 5  # trainings kept


@dataclass(frozen=True)
class Example:
    """A case as it is learned from."""

    pk: int
    text: str
    label: str
    importance: float


def route(unit: Unit) -> str:
    """Return the class of a unit: a department by itself, others by their kind at the place."""
    return f"unit:{unit.pk}" if unit.kind == UnitKind.DEPARTMENT else str(unit.kind)


def examples(what: str) -> list[Example]:
    """Return the newest closed cases and the lessons, the oldest first."""
    lessons = dict(Lesson.objects.filter(what=what).order_by("at").values_list("case_id", "chosen"))
    closed = Case.objects.filter(state=State.CLOSED).order_by("-id")
    fields = ("pk", "title", "text", "category__code", "unit_id")
    rows = {row[0]: row for row in closed.values_list(*fields)[:MOST_CASES]}
    routes = {unit.pk: route(unit) for unit in Unit.objects.all()}
    found = []
    for pk, title, text, category, unit in rows.values():
        label = category if what == What.CATEGORY else routes.get(unit, "")
        if label:
            weight = LESSON_WEIGHT if pk in lessons else 1.0
            found.append(Example(pk, f"{title} {text}", label, weight))
    fresh = Case.objects.filter(pk__in=set(lessons) - set(rows))
    for pk, title, text in fresh.values_list("pk", "title", "text"):
        found.append(Example(pk, f"{title} {text}", lessons[pk], LESSON_WEIGHT))
    return sorted(found, key=lambda example: example.pk)


def keywords() -> dict[str, list[str]]:
    """Return the catalogue's keywords of each leaf."""
    leaves = current().by_code.values()
    return {leaf.code: leaf.keywords.split() for leaf in leaves if leaf.parent_id and leaf.keywords}


def fit(
    rows: Sequence[Example], words: dict[str, list[str]] | None
) -> tuple[learner.Weights, learner.Measured] | None:
    """Learn from four fifths and measure on the rest, then learn from all; None where too few.

    `words` are the catalogue's keywords of each class (see `learner.learn`).
    """
    seen = [row for n, row in enumerate(rows) if n % HELD_OUT != HELD_OUT - 1]
    unseen = [row for n, row in enumerate(rows) if n % HELD_OUT == HELD_OUT - 1]
    first = _learn(seen, 1.0, words)
    if first is None or not unseen:
        return None
    texts, labels = [row.text for row in unseen], [row.label for row in unseen]
    temperature = learner.calibrate(first, texts, labels)
    commonest = Counter(row.label for row in seen).most_common(1)[0][0]
    measured = learner.measure(first, texts, labels, commonest, words)
    whole = _learn(rows, temperature, words)
    return (whole, measured) if whole else None


def _learn(
    rows: Sequence[Example], temperature: float, words: dict[str, list[str]] | None
) -> learner.Weights | None:
    return learner.learn(
        [row.text for row in rows],
        [row.label for row in rows],
        [row.importance for row in rows],
        temperature,
        words,
    )


def train(what: str, *, now: datetime) -> Learned | None:
    """Learn anew and keep it as the next version; None where there is too little to learn from."""
    rows = examples(what)
    done = fit(rows, keywords() if what == What.CATEGORY else None)
    if len(rows) < FEWEST_CASES or done is None:
        return None
    weights, measured = done
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('cases.learn'))")
        last = Learned.objects.filter(what=what).order_by("-version").first()
        learned = Learned.objects.create(
            what=what,
            version=(last.version if last else 0) + 1,
            learned_at=now,
            cases=len(rows),
            lessons=sum(row.importance > 1 for row in rows),
            classes=len(weights.classes),
            body=weights.pack(),
            **vars(measured),
        )
        ledger.append(
            subject_type="case.learned", subject_id=learned.pk, verb="learn", actor=SYSTEM, at=now,
            data={"what": what, "version": learned.version, "cases": learned.cases,
                  "top1": round(learned.top1, 4), "top3": round(learned.top3, 4)}, seq=1,
        )  # fmt: skip
        old = Learned.objects.filter(what=what, version__lte=learned.version - KEEP)
        old.delete()
    return learned


def train_all(*, now: datetime) -> list[Learned]:
    """Learn what can be learned, category and unit."""
    return [learned for what in What.values if (learned := train(what, now=now))]
