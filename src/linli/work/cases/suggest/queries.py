"""Read trainings and lessons."""

from __future__ import annotations

from dataclasses import dataclass

from linli.base.accounts.models import Unit, UnitKind
from linli.kernel.scope import Actor

from ..models import Learned, Lesson
from ..setup import current

SHOWN = 50


@dataclass(frozen=True)
class Override:
    """A lesson with the names of what was suggested and what was chosen."""

    lesson: Lesson
    suggested: str
    chosen: str

    @property
    def percent(self) -> int:
        """Return how sure the suggestion was, for people."""
        return round(100 * self.lesson.confidence)


def newest_trainings() -> list[Learned]:
    """Return the newest training of each kind, without what it learned."""
    rows = Learned.objects.order_by("what", "-version").distinct("what")
    return list(rows.defer("body"))


def recent_lessons(actor: Actor) -> list[Override]:
    """Return the latest overrides on cases the actor may see, newest first."""
    from ..queries import visible_cases

    rows = Lesson.objects.filter(case__in=visible_cases(actor)).order_by("-at", "-id")
    lessons = list(rows.select_related("case", "by").defer("case__text", "case__search")[:SHOWN])
    names = _names(lessons)
    return [
        Override(row, names.get(row.suggested, row.suggested), names.get(row.chosen, row.chosen))
        for row in lessons
    ]


def _names(lessons: list[Lesson]) -> dict[str, str]:
    labels = {label for row in lessons for label in (row.suggested, row.chosen)}
    names = {code: row.name for code, row in current().by_code.items() if code in labels}
    names |= {kind.value: str(kind.label) for kind in UnitKind}
    ids = [int(label[5:]) for label in labels if label.startswith("unit:")]
    units = Unit.objects.filter(pk__in=ids).values_list("pk", "name")
    return names | {f"unit:{pk}": name for pk, name in units}
