"""Background work of cases."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from linli.kernel.flow import StepRefused
from linli.kernel.scope import SYSTEM

from .actions.steps import accept_and_dispatch
from .dispatching import objection, unit_for
from .mediation.notices import remind
from .models import Case, State
from .suggest.training import train_all
from .tasks.follow_ups import open_follow_ups


@app.task(queue="cases", name="cases.triage", retry=5)
def triage_case(case_id: int) -> None:
    """Accept and dispatch one case by its rule; a case that moved on or fits no rule is left."""
    now = timezone.now()
    case = Case.objects.select_related("category__parent").get(pk=case_id)
    unit = unit_for(case.category, case.area_code, now)
    if case.state != State.REGISTERED or unit is None or objection(case, case.category, unit):
        return
    try:
        accept_and_dispatch(
            case_id,
            actor=SYSTEM,
            now=now,
            data={"unit": unit.pk},
            key="triage",
            expected=case.version,
        )
    except StepRefused:
        return


@app.periodic(cron="20 3 * * *")
@app.task(queue="cases", name="cases.learn", lock="cases.learn", queueing_lock="cases.learn")
def learn_from_cases(timestamp: int) -> None:  # noqa: ARG001 - procrastinate passes the minute
    """Learn to suggest category and unit from closed cases and lessons, each night."""
    train_all(now=timezone.now())


@app.periodic(cron="*/10 * * * *")
@app.task(
    queue="cases",
    name="cases.follow_ups",
    lock="cases.follow_ups",
    queueing_lock="cases.follow_ups",
)
def follow_up(timestamp: int) -> None:  # noqa: ARG001 - procrastinate passes the minute
    """Open call-backs and mendings that are due, every ten minutes."""
    open_follow_ups(now=timezone.now())


@app.periodic(cron="10 8 * * *")
@app.task(
    queue="messages", name="cases.mediation", lock="cases.mediation",
    queueing_lock="cases.mediation",
)  # fmt: skip
def remind_mediators(timestamp: int) -> None:  # noqa: ARG001 - procrastinate passes the minute
    """Remind of mediation, performance and the court's 30 days, each morning."""
    remind(timezone.now())
