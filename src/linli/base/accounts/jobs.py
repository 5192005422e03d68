"""Nightly tidying of what logging in leaves behind."""

from __future__ import annotations

from django.core.management import call_command
from django.utils import timezone
from procrastinate.contrib.django import app

from .actions import forget_old_codes


@app.periodic(cron="20 3 * * *")
@app.task(queue="accounts", name="accounts.tidy", queueing_lock="accounts.tidy")
def tidy_log_in(timestamp: int) -> None:  # noqa: ARG001 - procrastinate passes the minute
    """Forget old codes and ended sessions, each night."""
    forget_old_codes(now=timezone.now())
    call_command("clearsessions")
