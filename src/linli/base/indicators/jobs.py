"""Keep the tallies fresh."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from . import actions


@app.periodic(cron="* * * * *")
@app.task(
    queue="indicators",
    name="indicators.fold",
    lock="indicators.fold",
    queueing_lock="indicators.fold",
)
def fold_tallies(timestamp: int) -> None:  # noqa: ARG001 - procrastinate passes the minute
    """Fold what is new in the ledger, each minute."""
    actions.fold(now=timezone.now())
