"""Background work of emergencies."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from .actions import pass_on_calls, remind_of_reports


@app.periodic(cron="* * * * *")
@app.task(
    queue="messages", name="emergencies.watch", lock="emergencies.watch",
    queueing_lock="emergencies.watch",
)  # fmt: skip
def watch(timestamp: int) -> None:  # noqa: ARG001 - procrastinate passes the minute
    """Pass on calls nobody answers and remind of overdue reports, each minute."""
    now = timezone.now()
    pass_on_calls(now=now)
    remind_of_reports(now=now)
