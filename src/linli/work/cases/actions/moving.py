"""Open cases move along when areas change; what is closed keeps the area recorded with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from linli.base.accounts.models import Account, Unit, UnitKind
from linli.base.areas.models import Area
from linli.kernel.ledger import actions as ledger
from linli.kernel.ledger.models import Entry
from linli.kernel.scope import Actor

from .. import setup
from ..limits import stamp
from ..models import OPEN_STATES, Case, DispatchRule, State, SubTask

Locate = Callable[[float, float], Area | None]
TERRITORIAL = {UnitKind.GRID: 15, UnitKind.COMMUNITY: 12, UnitKind.SUBDISTRICT: 9}


def move_cases(old: Area, new: Sequence[Area], locate: Locate, now: datetime, actor: Actor) -> int:
    """Move the open cases of an area by their point, else to the chief heir; return how many.

    Their clocks go on. A case whose holder no longer answers for its place goes to the unit that
    does, where people work there already; its open requests follow.
    """
    chief, moved = new[0], 0
    rows = Case.objects.select_for_update(of=("self",)).filter(area=old, state__in=OPEN_STATES)
    for case in rows.select_related("unit").order_by("pk"):
        inside = None
        if case.lon is not None and case.lat is not None:
            inside = locate(case.lon, case.lat)
        if inside is None and any(area.pk == old.pk for area in new):
            inside = next(area for area in new if area.pk == old.pk)
        moved += _move(case, inside or chief, now, actor)
    return moved


def move_tasks(old: Area, new: Sequence[Area], _locate: Locate, now: datetime, actor: Actor) -> int:
    """Move open sub-tasks to where their case lies now; return how many.

    A call-back or a mend task of a case that was closed goes to the chief heir by itself: the
    case stays where it was recorded, what is still to be done does not.
    """
    same = next((area for area in new if area.pk == old.pk), None)
    rows = SubTask.objects.select_for_update(of=("self",)).filter(area_code=old.code, ended_at=None)
    moved = 0
    for task in rows.select_related("unit", "case__area").order_by("pk"):
        area = task.case.area
        if area.pk == old.pk:
            area = same or new[0]
        if area.code != task.area_code:
            _follow_task(task, area, now, actor)
            moved += 1
    return moved


def _move(case: Case, area: Area, now: datetime, actor: Actor) -> int:
    if case.area_id == area.pk and case.area_code == area.code:
        return 0
    was = case.area_code
    data: dict[str, Any] = {"was_area": was, "state": case.state}
    if case.deadline_at:
        data |= {"was_clock": stamp(case.deadline_at), "clock": stamp(case.deadline_at)}
    if case.due_at:
        data |= {"was_due": stamp(case.due_at), "due": stamp(case.due_at)}
    if case.state == State.REGISTERED and case.deadline_at:
        data["accept_due"] = stamp(case.deadline_at)
    if due := _contact_due(case):
        data["contact_due"] = due
    holder = _holder(case.unit, area)
    if holder and case.unit and holder.pk != case.unit_id:
        data |= {"unit": holder.pk, "from_unit": case.unit_id}
        case.unit, case.handler = holder, _staying(case.handler, holder)
    case.area, case.area_code, case.version = area, area.code, case.version + 1
    case.save(update_fields=["area", "area_code", "version", "unit", "handler"])
    ledger.append(
        subject_type="case", subject_id=case.pk, seq=case.version, verb="move_area",
        actor=actor, at=now, area_code=area.code, data=data,
    )  # fmt: skip
    case.return_requests.filter(state="asked").update(area_code=area.code)
    return 1


def _contact_due(case: Case) -> str | None:
    """Return until when the reporter is to be contacted, where nobody has done so yet."""
    if case.state not in {State.DISPATCHED, State.IN_HAND}:
        return None
    story = Entry.objects.filter(subject_type="case", subject_id=case.pk)
    if story.filter(verb="contact").exists():
        return None
    first = story.filter(data__has_key="contact_due", verb="dispatch").order_by("seq").first()
    return str(first.data["contact_due"]) if first else None


def _holder(unit: Unit | None, area: Area) -> Unit | None:
    """Return who holds what `unit` held, now that it lies in `area`."""
    length = TERRITORIAL.get(UnitKind(unit.kind)) if unit else None
    if unit is None or length is None:
        return unit
    unit.refresh_from_db()  # units have moved before
    if unit.active and area.code.startswith(unit.area_code):
        return unit
    codes = [area.code[:size] for size in TERRITORIAL.values() if size <= length]
    staffed = Account.objects.filter(is_active=True, unit__isnull=False).values("unit")
    rows = Unit.objects.filter(
        area_code__in=codes, kind__in=TERRITORIAL, active=True, pk__in=staffed
    )
    found = sorted(rows, key=lambda one: len(one.area_code))
    exact = [one for one in found if one.kind == unit.kind]
    if exact:
        return exact[-1]
    if unit.active:
        return unit  # nobody works there yet: who holds it goes on
    return found[-1] if found else unit


def _staying(handler: Account | None, unit: Unit) -> Account | None:
    return handler if handler and handler.unit_id == unit.pk else None


def _follow_task(task: SubTask, area: Area, now: datetime, actor: Actor) -> None:
    data: dict[str, Any] = {"was_area": task.area_code}
    if not task.unit.active:
        holder = _holder(task.unit, area)
        if holder and holder.pk != task.unit_id:
            data |= {"unit": holder.pk, "from_unit": task.unit_id}
            task.unit, task.handler = holder, _staying(task.handler, holder)
    task.area_code, task.version = area.code, task.version + 1
    task.save(update_fields=["area_code", "version", "unit", "handler"])
    ledger.append(
        subject_type=task.kind, subject_id=task.pk, seq=task.version, verb="move_area",
        actor=actor, at=now, area_code=area.code, data=data,
    )  # fmt: skip


def move_rules(
    old: Area, new: Sequence[Area], _locate: Locate, now: datetime, _actor: Actor
) -> int:
    """End the dispatch rules of an area that ended, and begin them on its heirs."""
    if any(area.pk == old.pk for area in new):
        return 0
    today = timezone.localdate(now)
    rules = DispatchRule.objects.filter(Q(valid_to=None) | Q(valid_to__gte=today), area=old)
    found = list(rules)
    for rule in found:
        for area in new:
            DispatchRule.objects.create(
                category=rule.category, area=area, unit=rule.unit, target=rule.target,
                automatic=rule.automatic, valid_from=max(rule.valid_from, today),
                valid_to=rule.valid_to,
            )  # fmt: skip
        rule.valid_to = max(rule.valid_from, today - timedelta(days=1))
        rule.save(update_fields=["valid_to"])
    setup.forget()
    return len(found)
