"""Wake a worker once what was queued has been committed.

The outbox itself is the durable queue: a wake-up that is lost with its process costs a minute,
until the periodic sweep. One waiting job serves every message, so intake pays one indexed read.
"""

from __future__ import annotations

from django.db import connection, transaction

LOCK = "messages.deliver"


def wake() -> None:
    """Ask for a delivery after the running transaction; many calls in one ask once."""
    if not any(hook[1] is _defer for hook in connection.run_on_commit):
        transaction.on_commit(_defer)


def _defer() -> None:
    from procrastinate.exceptions import AlreadyEnqueued

    from .jobs import deliver_messages

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM procrastinate_jobs WHERE queueing_lock = %s AND status = 'todo'", [LOCK]
        )
        if cursor.fetchone():
            return  # it starts later than this commit, so it will see the message
    try:
        with transaction.atomic():
            deliver_messages.defer()
    except AlreadyEnqueued:
        return
