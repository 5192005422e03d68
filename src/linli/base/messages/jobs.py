"""Background work of the outbox."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from . import delivery
from .waking import LOCK


@app.task(queue="messages", name="messages.deliver", queueing_lock=LOCK, retry=3)
def deliver_messages() -> None:
    """Deliver all that is due."""
    delivery.deliver_due(now=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(queue="messages", name="messages.sweep", queueing_lock="messages.sweep")
def sweep_messages(timestamp: int) -> None:  # noqa: ARG001 - procrastinate passes the minute
    """Take up what a dead worker left and what has become due, each minute."""
    now = timezone.now()
    delivery.recover_stale(now=now)
    delivery.deliver_due(now=now)
