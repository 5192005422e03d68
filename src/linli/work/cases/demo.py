"""The demonstration's cases: half a year of them, the same every time for the same day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from random import Random

from django.db import connection, transaction
from django.utils import timezone

from linli.base.areas.models import Area
from linli.base.indicators import actions as indicators

from . import demo_times as times
from .actions.bulk import Plan, Stored, write_plans
from .catalogue import load_catalogue
from .demo_cast import read_cast
from .demo_focus import Focus
from .demo_matters import load_demo_matters
from .demo_mediation import load_demo_mediations
from .demo_photos import store_photos
from .demo_report import Reporter
from .demo_story import Story
from .demo_tasks import load_demo_tasks
from .models import OPEN_STATES, Case, Category
from .setup import forget

SEED = 370705
DAYS = 180
INBOX_DAYS = 7
BURST_DAYS = 6


def load_demo(
    *, now: datetime, count: int = 8000, focus: Iterable[str] = (), resident: str = ""
) -> dict[str, int]:
    """Load `count` cases of the past 180 days and return how many stand in which state.

    Call it after areas, accounts and residents. `focus` names the log-ins (user names) whose work
    lists shall show work due today; `resident` is a name whose own reports are in every state.
    Nothing happens where demonstration cases stand already.
    Raises demo_cast.NothingToStandOn where no grid has a subdistrict with a dispatcher.
    """
    if Case.objects.filter(intake_key="demo-1").exists():
        return {"cases": 0}
    with transaction.atomic():
        _catalogue(now)
        plans = make_plans(now=now, count=count, focus=focus, resident=resident)
        cases = write_plans(plans, tell_since=now - timedelta(days=INBOX_DAYS))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE cases_case, ledger_entry, cases_note, cases_attachment")
    load_demo_tasks(now=now)
    load_demo_matters(now=now)
    load_demo_mediations(now=now)
    indicators.fold(now=now)
    states = Counter(str(case.state) for case in cases)
    return {"cases": len(cases), "open": sum(states[s] for s in OPEN_STATES)} | dict(states)


def _catalogue(now: datetime) -> None:
    district = Area.objects.filter(level="district", valid_to=None).order_by("code").first()
    if district is not None and not Category.objects.filter(code="0101").exists():
        start = timezone.localtime(now - timedelta(days=DAYS + 30)).date()
        load_catalogue(district=district, valid_from=start)


def make_plans(
    *,
    now: datetime,
    count: int,
    focus: Iterable[str] = (),
    resident: str = "",
    seed: int = SEED,
    photos: list[Stored] | None = None,
) -> list[Plan]:
    """Return the stories of `count` cases up to `now`; later steps are left out."""
    forget()
    rng = Random(seed)  # noqa: S311 - invented data, no secret
    cast = read_cast(rng, focus)
    leaves = list(
        Category.objects.filter(parent__isnull=False, valid_to=None, code__regex="^[0-9]{4}$")
        .select_related("parent")
        .order_by("code")
    )
    photos = store_photos() if photos is None else photos
    reporter = Reporter(rng, cast, leaves, photos)
    special = Focus(rng, cast, reporter, photos, now).plans()[: count // 2]
    if resident:
        special += Focus(rng, cast, reporter, photos, now).of_resident(resident)
    plans = []
    for midnight in times.days_back(rng, now, DAYS, count - len(special)):
        recent = midnight > now - timedelta(days=30)
        plan, place = reporter.draw(midnight, recent, midnight > now - timedelta(days=BURST_DAYS))
        if plan.at >= now:  # later today: it came this morning instead
            plan.at = _before(rng, now)
        Story(rng, cast, plan, place, photos).tell()
        plans.append(cut(plan, now))
    return plans + special


def _before(rng: Random, now: datetime) -> datetime:
    start = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return start + (now - start) * rng.uniform(0.05, 0.98)


def cut(plan: Plan, now: datetime) -> Plan:
    """Leave out what has not happened yet."""
    for number, act in enumerate(plan.acts):
        if act.at > now:
            del plan.acts[number:]
            break
    return plan
