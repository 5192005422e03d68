"""The tallies are kept fresh by a job each minute."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from procrastinate.contrib.django import app

from linli.base.indicators.jobs import fold_tallies
from linli.base.indicators.models import FoldCursor
from linli.kernel.ledger.actions import append
from linli.kernel.scope import SYSTEM

NOW = datetime(2026, 3, 16, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def test_the_job_runs_each_minute():
    periodic = app.periodic_registry.periodic_tasks
    crons = {task.task.name: task.cron for task in periodic.values()}
    assert crons["indicators.fold"] == "* * * * *"


def test_the_job_folds(committed):
    append(subject_type="case", subject_id=1, verb="register", actor=SYSTEM, at=NOW,
           area_code="370705001", data={"to": "registered"})  # fmt: skip
    fold_tallies(0)
    cursor = FoldCursor.objects.get(name="case")
    assert cursor.upto_tx > 0
