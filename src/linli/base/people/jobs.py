"""Nightly upkeep of the registers."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from .actions import expire_tags, remind_of_expiry
from .actions.taking_over import check_file, take_over
from .due import remind_deciders
from .retention.running import let_all_go


@app.periodic(cron="10 0 * * *")
@app.task(queue="accounts", name="people.expire_tags", queueing_lock="people.expire_tags")
def end_expired_tags(timestamp: int) -> None:  # noqa: ARG001 - procrastinate passes the minute
    """End the care tags whose day has passed, just after midnight."""
    expire_tags(now=timezone.now())


@app.periodic(cron="30 2 * * *")
@app.task(
    queue="accounts", name="people.retention", lock="people.retention",
    queueing_lock="people.retention",
)  # fmt: skip
def retention(timestamp: int) -> None:  # noqa: ARG001 - procrastinate passes the minute
    """Let go each night what has been kept for its time; a run cut short is gone on with."""
    let_all_go(now=timezone.now())


@app.periodic(cron="0 9 * * *")
@app.task(queue="accounts", name="people.remind", queueing_lock="people.remind")
def remind(timestamp: int) -> None:  # noqa: ARG001 - procrastinate passes the minute
    """Remind of what is about to end or due, each morning."""
    now = timezone.now()
    remind_of_expiry(now=now)
    remind_deciders(now=now)


@app.task(queue="people", name="people.check_ledger", retry=1)
def check_ledger(ledger_id: int) -> None:
    """Check an uploaded ledger; a second run finds it done and leaves it."""
    check_file(ledger_id, now=timezone.now())


@app.task(queue="people", name="people.take_ledger_over")
def take_ledger_over(ledger_id: int) -> None:
    """Import a checked ledger; a second run finds it done and leaves it."""
    take_over(ledger_id, now=timezone.now())
