"""What the system itself asks for after a case: a call-back, and mending after a low rating."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from linli.base.accounts.models import Unit, UnitKind

from ..dispatching import territorial
from ..models import Case, Nature
from ..same.queries import lead_of
from . import rules
from .actions import open_follow_up
from .models import SubTask, TaskKind, TaskState

# The two lowest of five grades ask for mending.
LOW = (1, 2)
LOOK_BACK = timedelta(days=7)
AT_ONCE = 500


def open_follow_ups(*, now: datetime) -> dict[str, int]:
    """Open what is due and return how many of each kind; harmless when repeated."""
    return {"mend": _open_mends(now), "call_back": _open_call_backs(now)}


def _without(kind: str, cases: QuerySet[Case]) -> QuerySet[Case]:
    had = SubTask.objects.filter(case_id=OuterRef("pk"), kind=kind)
    return cases.filter(~Exists(had)).select_related("unit").order_by("id")[:AT_ONCE]


def _open_mends(now: datetime) -> int:
    """Ask the unit that handled a case rated low to contact the person and mend."""
    low = Case.objects.filter(rating__in=LOW, rated_at__gte=now - LOOK_BACK, rated_at__lte=now)
    opened = 0
    for case in _without(TaskKind.MEND, low):
        unit = lead_of(case).unit or territorial(UnitKind.COMMUNITY, case.area_code)
        if case.protected:  # only the district's centre may contact the person
            unit = territorial(UnitKind.DISTRICT, case.area_code)
        due = rules.in_days(now, rules.CONTACT_DAYS, case.area_code)
        text = _("评价为%(n)d星，请在1个工作日内联系评价人，15个工作日内整改。") % {
            "n": case.rating or 0
        }
        opened += _open(TaskKind.MEND, case, unit, due, text, now)
    return opened


def _open_call_backs(now: datetime) -> int:
    """Ask for a call to a sample of those who can be reached and have not rated by themselves."""
    share = settings.CALL_BACK_PERCENT
    closed = Case.objects.filter(
        Q(reporter__isnull=False) | ~Q(phone_index=""),
        state="closed",
        closed_at__gte=now - LOOK_BACK,
        closed_at__lte=now - timedelta(days=1),
        called_back_at=None,
        rating=None,
        protected=False,
    ).exclude(nature=Nature.PRAISE)
    opened = 0
    for case in _without(TaskKind.CALL_BACK, closed):
        if not sampled(case.pk, share):
            continue
        unit = territorial(UnitKind.SUBDISTRICT, case.area_code)
        due = rules.in_days(now, rules.CALL_BACK_DAYS, case.area_code)
        opened += _open(TaskKind.CALL_BACK, case, unit, due, "", now)
    return opened


def sampled(case_id: int, percent: int) -> bool:
    """Tell whether a case is in the sample; the answer for a case is always the same."""
    return (case_id * 2654435761 % 2**32) % 100 < percent


def _open(
    kind: TaskKind, case: Case, unit: Unit | None, due: datetime, text: str, now: datetime
) -> int:
    if unit is None:
        return 0
    task = SubTask(
        kind=kind, case=case, unit=unit, state=TaskState.OPEN, area_code=case.area_code,
        opened_at=now, due_at=due,
    )  # fmt: skip
    return int(open_follow_up(task, key=f"{kind}:{case.pk}", text=text, now=now) is not None)
