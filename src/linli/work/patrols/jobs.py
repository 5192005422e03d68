"""Background work of patrols."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from . import actions


@app.periodic(cron="*/15 * * * *")
@app.task(
    queue="patrols", name="patrols.rounds", lock="patrols.rounds", queueing_lock="patrols.rounds"
)
def keep_rounds(timestamp: int) -> None:  # noqa: ARG001 - procrastinate passes the minute
    """Open what falls due and close what nobody walked; soon after midnight, and again later."""
    now = timezone.now()
    actions.open_rounds(now=now)
    actions.close_missed(now=now)
