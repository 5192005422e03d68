"""Nightly upkeep of the registers."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from .actions import expire_tags


@app.periodic(cron="10 0 * * *")
@app.task(queue="accounts", name="people.expire_tags", queueing_lock="people.expire_tags")
def end_expired_tags(timestamp: int) -> None:  # noqa: ARG001 - procrastinate passes the minute
    """End the care tags whose day has passed, just after midnight."""
    expire_tags(now=timezone.now())
