"""Background work of the website."""

from __future__ import annotations

from procrastinate.contrib.django import app

from .drafts import drop_old


@app.periodic(cron="17 3 * * *")
@app.task(queue="website", name="website.drop_drafts", queueing_lock="website.drop_drafts")
def drop_drafts(timestamp: int) -> None:  # noqa: ARG001
    """Forget photos of reports that were never finished."""
    drop_old()
