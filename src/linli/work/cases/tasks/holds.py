"""Hold a call-back for whoever opened it; the database decides, so all processes agree."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection

from linli.kernel.scope import Actor

from .models import CallHold

# A call is kept for whoever opened it for so long; then another may take it.
KEPT = timedelta(minutes=10)
# One statement: of two who ask at the same moment one is told no.
TAKE = """
    INSERT INTO cases_call_hold AS held (task_id, account_id, until) VALUES (%s, %s, %s)
    ON CONFLICT (task_id) DO UPDATE SET account_id = excluded.account_id, until = excluded.until
    WHERE held.account_id = excluded.account_id OR held.until <= %s
    RETURNING account_id
"""


def keep(actor: Actor, task_id: int, *, now: datetime) -> bool:
    """Keep a call for the actor for ten minutes from now; False where someone else has it open."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [task_id, actor.account_id, now + KEPT, now])
        return cursor.fetchone() is not None


def let_go(actor: Actor, task_id: int) -> None:
    """Let another take a call that the actor has done with."""
    CallHold.objects.filter(task_id=task_id, account_id=actor.account_id or 0).delete()
