"""Units, grants and posts move along when areas change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from linli.kernel.scope import Actor

from ...areas.models import Area
from ..models import Account, GrantRow, Unit
from .record import record

Locate = Callable[[float, float], Area | None]


def move_accounts(
    old: Area, new: Sequence[Area], _locate: Locate, now: datetime, actor: Actor
) -> int:
    """Move units and grants of an area to its heirs; return how many moved.

    A unit goes to the chief heir with its people; where one of its kind stands there already,
    that one takes in the people and the work. A grant is ended and given anew over every heir, so
    that nobody loses sight of what they answered for; who answers for which is then decided by
    the security administrator.
    """
    same = next((area for area in new if area.pk == old.pk), None)
    if same is not None:
        return _renamed(old, same, now, actor)
    chief = new[0]
    Account.objects.filter(area=old).update(area=chief)
    moved = sum(_move_unit(unit, old, chief, now, actor) for unit in _active(old))
    return moved + _move_grants(old, new, now, actor)


def _active(area: Area) -> list[Unit]:
    return list(Unit.objects.select_for_update().filter(area=area, active=True).order_by("pk"))


def _renamed(old: Area, area: Area, now: datetime, actor: Actor) -> int:
    """The same area under another name or code: its units and grants follow in place."""
    if (old.code, old.name) == (area.code, area.name):
        return 0
    moved = GrantRow.objects.filter(area=area).update(area_code=area.code)
    for unit in _active(area):
        unit.area_code = area.code
        unit.name = unit.name.replace(old.short_name, area.short_name)[:80]
        unit.save(update_fields=["area_code", "name"])
        record("unit", unit, "move_area", actor, now, was=old.code)
        moved += 1
    return moved


def _move_unit(unit: Unit, old: Area, chief: Area, now: datetime, actor: Actor) -> int:
    standing = Unit.objects.filter(area=chief, kind=unit.kind, line=unit.line, active=True).first()
    if standing:
        unit.active = False
        unit.save(update_fields=["active"])
        Account.objects.filter(unit=unit).update(unit=standing)
        record("unit", unit, "merge_into", actor, now, unit=standing.pk)
        return 1
    unit.area, unit.area_code = chief, chief.code
    unit.name = unit.name.replace(old.short_name, chief.short_name)[:80]
    unit.save(update_fields=["area", "area_code", "name"])
    record("unit", unit, "move_area", actor, now, was=old.code)
    return 1


def _move_grants(old: Area, new: Sequence[Area], now: datetime, actor: Actor) -> int:
    today = timezone.localdate(now)
    rows = GrantRow.objects.filter(Q(valid_to=None) | Q(valid_to__gte=today), area=old)
    grants = list(rows.select_for_update().order_by("pk"))
    for grant in grants:
        for area in new:
            heir, made = GrantRow.objects.get_or_create(
                account=grant.account, role=grant.role, area=area,
                valid_from=max(grant.valid_from, today),
                defaults={
                    "area_code": area.code, "lines": grant.lines, "valid_to": grant.valid_to,
                },
            )  # fmt: skip
            if made:
                record("grant", heir, "grant", actor, now, role=heir.role, was_area=old.code)
        grant.valid_to = today - timedelta(days=1)
        grant.save(update_fields=["valid_to"])
        record("grant", grant, "end", actor, now, role=grant.role, account=grant.account_id)
    return len(grants)
