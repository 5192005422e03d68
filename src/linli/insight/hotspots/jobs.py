"""The daily search."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from procrastinate.contrib.django import app

from . import actions


@app.periodic(cron="20 5 * * *")
@app.task(
    queue="hotspots",
    name="hotspots.search",
    lock="hotspots.search",
    queueing_lock="hotspots.search",
    retry=3,
)
def search(timestamp: int) -> None:  # noqa: ARG001 - procrastinate passes the minute
    """Search the days up to yesterday, early each morning."""
    now = timezone.now()
    actions.search(day=timezone.localdate(now) - timedelta(days=1), now=now)
