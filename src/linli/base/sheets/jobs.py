"""Background work of sheets."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from .reminders import remind


@app.periodic(cron="20 8 * * *")
@app.task(queue="sheets", name="sheets.remind", lock="sheets.remind", queueing_lock="sheets.remind")
def send_reminders(timestamp: int) -> None:  # noqa: ARG001 - procrastinate passes the minute
    """Remind communities of sheets that are due soon or late."""
    remind(now=timezone.now())
