"""Background work of sheets."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from linli.kernel.scope import SYSTEM

from .models import Part
from .reminders import remind
from .rosters.preparing import prepare_part


@app.periodic(cron="20 8 * * *")
@app.task(queue="sheets", name="sheets.remind", lock="sheets.remind", queueing_lock="sheets.remind")
def send_reminders(timestamp: int) -> None:  # noqa: ARG001 - procrastinate passes the minute
    """Remind communities of sheets that are due soon or late."""
    remind(now=timezone.now())


@app.task(queue="sheets", name="sheets.prepare", retry=3)
def prepare_parts(sheet_id: int) -> None:
    """Lay out the lines of a sheet that just went out; what is laid out already is left alone."""
    for part in Part.objects.filter(sheet=sheet_id, ready=False).order_by("area_code"):
        prepare_part(part.pk, actor=SYSTEM, now=timezone.now())
