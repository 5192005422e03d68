"""Rehearse a change of areas: everything is done as it would be, looked at, and undone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction

from .. import locate
from ..changes.queries import rows_of
from ..models import Succession
from .succession import Act


@dataclass(frozen=True)
class Outcome:
    """What an act does: which area becomes which, and how many rows of each kind move along."""

    rows: list[Succession]
    moved: dict[str, int]


def rehearse(do: Callable[[], Act]) -> Outcome:
    """Return what an act would do, and leave nothing of it; its refusals come as they would."""
    try:
        with transaction.atomic():
            act = do()
            outcome = Outcome(rows_of(act.key), dict(act.moved))
            transaction.set_rollback(True)
    finally:
        locate.forget()  # nobody may go on by borders that never were
    return outcome
