"""The demonstration's sub-tasks, opened and answered through the actions themselves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from linli.base.accounts.models import Account, Unit, UnitKind
from linli.base.accounts.queries import actor_of
from linli.kernel.flow import StepRefused
from linli.kernel.scope import Actor

from .models import Case, State
from .tasks.actions import open_tasks, take_task_step
from .tasks.follow_ups import open_follow_ups
from .tasks.models import SubTask

SEED = 20261
PER_SUBDISTRICT = 6
WORDS = {
    "extension": "配件要从厂家调货，申请延期。",
    "suspension": "需等管网改造统一施工，暂时无法办理。",
    "co_handling": "现场涉及多个部门，请协助。",
    "whistle": "居民反映强烈，请到现场一起解决。",
    "escalation": "本级没有执法权，请上级协调。",
    "supervision": "同类问题多次反映，请限期答复。",
}


def load_demo_tasks(*, now: datetime) -> dict[str, int]:
    """Open sub-tasks on some cases in hand in every subdistrict, and the follow-ups due now."""
    if SubTask.objects.exists():
        return {}
    rng = Random(SEED)  # noqa: S311 - invented data, no secret
    done: dict[str, int] = {}
    for case in _cases():
        holder = _person(case.unit)
        kind = rng.choice(list(WORDS))
        actor = _asker(kind, case, holder)
        if actor is None:
            continue
        at = max(now - timedelta(hours=rng.uniform(1, 30)), _last_touched(case))
        try:
            tasks = open_tasks(
                kind,
                case.pk,
                actor=actor,
                now=at,
                data=_data(kind, rng, now),
                key=f"demo-{case.pk}",
            )
        except StepRefused:
            continue
        done[kind] = done.get(kind, 0) + len(tasks)
        for task in tasks[: rng.randint(0, len(tasks))]:
            _answer(task, at + timedelta(minutes=rng.randint(10, 55)), now)
    return done | open_follow_ups(now=now)


def _cases() -> Iterator[Case]:
    taken: dict[str, int] = {}
    rows = Case.objects.filter(state=State.IN_HAND).select_related("unit", "handler")
    for case in rows.order_by("id"):
        place = case.area_code[:9]
        if taken.get(place, 0) < PER_SUBDISTRICT:
            taken[place] = taken.get(place, 0) + 1
            yield case


def _last_touched(case: Case) -> datetime:
    return (case.dispatched_at or case.created_at) + timedelta(minutes=1)


def _person(unit: Unit | None) -> Actor | None:
    if unit is None:
        return None
    person = Account.objects.filter(unit=unit, is_active=True).order_by("id").first()
    return actor_of(person) if person else None


def _asker(kind: str, case: Case, holder: Actor | None) -> Actor | None:
    if kind == "whistle":
        return _person(_unit(UnitKind.COMMUNITY, case.area_code[:12]))
    if kind == "supervision":
        return _person(_unit(UnitKind.SUBDISTRICT, case.area_code[:9]))
    return holder


def _unit(kind: str, code: str) -> Unit | None:
    return Unit.objects.filter(kind=kind, area_code=code, active=True).first()


def _data(kind: str, rng: Random, now: datetime) -> dict[str, Any]:
    departments = list(Unit.objects.filter(kind=UnitKind.DEPARTMENT, active=True).order_by("code"))
    later = timezone.localtime(now + timedelta(days=rng.randint(3, 20))).date().isoformat()
    return {
        "text": WORDS[kind],
        "units": [unit.pk for unit in rng.sample(departments, min(2, len(departments)))],
        "place": "小区东门",
        "days": rng.randint(2, 10),
        "until": later,
    }


def _answer(task: SubTask, at: datetime, now: datetime) -> None:
    """Let the called unit sign in, where it has someone and there was time."""
    actor = _person(task.unit)
    if actor is None or at > now or task.kind not in {"co_handling", "whistle"}:
        return
    try:
        take_task_step("sign_in", task.pk, actor=actor, now=at, data={"note": "马上到。"})
    except StepRefused:
        return
