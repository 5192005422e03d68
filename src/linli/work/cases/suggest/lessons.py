"""Keep every override of a suggestion as a lesson for the next training."""

from __future__ import annotations

from datetime import datetime

from linli.kernel.flow import Context
from linli.kernel.scope import Actor

from ..models import Case, Lesson
from .models import What
from .naming import Named, Suggestions, suggest
from .training import route


def learn(context: Context) -> None:
    """Compare what a dispatcher chooses with what was suggested, once the ledger entry stands."""
    context.after.append(_keep)


def _keep(late: Context) -> None:
    keep_overrides(late.subject, actor=late.actor, now=late.now, unit_too=True)


def keep_overrides(case: Case, *, actor: Actor, now: datetime, unit_too: bool = False) -> int:
    """Keep a lesson where a person chose another category or unit than was suggested first.

    What the system does by itself teaches nothing. Returns how many lessons were kept.
    """
    if actor.kind != "staff":
        return 0
    found = suggest(f"{case.title} {case.text}", case.area_code)
    rows = [_lesson(case, What.CATEGORY, found.categories, case.category.code, found, actor, now)]
    if unit_too and case.unit is not None:
        rows.append(_lesson(case, What.UNIT, found.units, route(case.unit), found, actor, now))
    kept = [row for row in rows if row is not None]
    Lesson.objects.bulk_create(kept)
    return len(kept)


def _lesson(
    case: Case,
    what: str,
    named: list[Named],
    chosen: str,
    found: Suggestions,
    actor: Actor,
    now: datetime,
) -> Lesson | None:
    if not named or named[0].label == chosen:
        return None
    return Lesson(
        case=case,
        what=what,
        suggested=named[0].label,
        chosen=chosen,
        confidence=named[0].confidence,
        learned=found.learned.get(what),
        by_id=actor.account_id,
        at=now,
    )
