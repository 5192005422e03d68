"""Background work of the ledger."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from .actions import seal


@app.periodic(cron="* * * * *")
@app.task(queue="ledger", name="ledger.seal", queueing_lock="ledger.seal")
def seal_ledger(timestamp: int) -> None:  # noqa: ARG001
    """Seal what is settled, once a minute."""
    seal(now=timezone.now())
