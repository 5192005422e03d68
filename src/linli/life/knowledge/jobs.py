"""Background work of the knowledge base."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from .actions import remind_of_expiry


@app.periodic(cron="40 8 * * *")
@app.task(
    queue="messages", name="knowledge.expiry", lock="knowledge.expiry",
    queueing_lock="knowledge.expiry",
)  # fmt: skip
def expiry(timestamp: int) -> None:  # noqa: ARG001 - procrastinate passes the minute
    """Tell owners each morning which of their answers expire."""
    remind_of_expiry(now=timezone.now())
