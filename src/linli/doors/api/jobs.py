"""Background work of the interfaces."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from . import actions


@app.periodic(cron="20 * * * *")
@app.task(queue="default", name="api.forget_minutes", queueing_lock="api.forget_minutes")
def forget_minutes(timestamp: int) -> None:  # noqa: ARG001 - procrastinate passes the minute
    """Delete old counts each hour."""
    actions.forget_minutes(now=timezone.now())
