"""Units, people, grants and posts move along when areas change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from linli.kernel.scope import Actor

from ...areas.models import Area
from ..models import Account, GrantRow, Unit
from .record import record

Locate = Callable[[float, float], Area | None]


def _same(old: Area, new: Sequence[Area]) -> Area | None:
    """Return the area itself where only its name, code or border changed."""
    return next((area for area in new if area.pk == old.pk), None)


def move_people(
    old: Area, new: Sequence[Area], _locate: Locate, _now: datetime, _actor: Actor
) -> int:
    """Move the accounts of an area that ended to its chief heir; return how many."""
    if _same(old, new):
        return 0
    return Account.objects.filter(area=old).update(area=new[0])


def move_units(old: Area, new: Sequence[Area], _locate: Locate, now: datetime, actor: Actor) -> int:
    """Move the units of an area to its chief heir with their people; return how many.

    Where one of its kind stands there already, that one takes in the people and the work.
    """
    same = _same(old, new)
    if same is not None and (old.code, old.name) == (same.code, same.name):
        return 0
    units = list(Unit.objects.select_for_update().filter(area=old, active=True).order_by("pk"))
    for unit in units:
        _move_unit(unit, old, same or new[0], now, actor)
    return len(units)


def _move_unit(unit: Unit, old: Area, chief: Area, now: datetime, actor: Actor) -> None:
    there = Unit.objects.filter(area=chief, kind=unit.kind, line=unit.line, active=True)
    standing = there.first() if chief.pk != old.pk else None
    if standing:
        unit.active = False
        unit.save(update_fields=["active"])
        Account.objects.filter(unit=unit).update(unit=standing)
        record("unit", unit, "merge_into", actor, now, unit=standing.pk)
        return
    unit.area, unit.area_code = chief, chief.code
    unit.name = unit.name.replace(old.short_name, chief.short_name)[:80]
    unit.save(update_fields=["area", "area_code", "name"])
    record("unit", unit, "move_area", actor, now, was=old.code)


def move_grants(
    old: Area, new: Sequence[Area], _locate: Locate, now: datetime, actor: Actor
) -> int:
    """End each grant over an area that ended, and give it anew over every heir; return how many.

    So nobody loses sight of what they answered for; who answers for which is then decided by the
    security administrator. The heirs' grants carry the old code as their past: what was finished
    under it is still seen by who could see it before.
    """
    same = _same(old, new)
    if same is not None:
        return _recode(old, same) if old.code != same.code else 0
    today = timezone.localdate(now)
    rows = GrantRow.objects.filter(Q(valid_to=None) | Q(valid_to__gte=today), area=old)
    grants = list(rows.select_for_update(of=("self",)).select_related("account").order_by("pk"))
    for grant in grants:
        for area in new:
            _give(grant, area, today, now, actor)
        grant.valid_to = today - timedelta(days=1)
        grant.save(update_fields=["valid_to"])
        record("grant", grant, "end", actor, now, role=grant.role, account=grant.account_id)
    return len(grants)


def _recode(old: Area, area: Area) -> int:
    rows = list(GrantRow.objects.select_for_update().filter(area=area))
    for row in rows:
        row.area_code, row.past = area.code, _with(row.past, [old.code])
        row.save(update_fields=["area_code", "past"])
    return len(rows)


def _give(grant: GrantRow, area: Area, today: date, now: datetime, actor: Actor) -> None:
    past = [*grant.past, grant.area_code]
    heir, made = GrantRow.objects.get_or_create(
        account=grant.account, role=grant.role, area=area,
        valid_from=max(grant.valid_from, today),
        defaults={
            "area_code": area.code, "lines": grant.lines, "valid_to": grant.valid_to, "past": past,
        },
    )  # fmt: skip
    if made:
        record("grant", heir, "grant", actor, now, role=heir.role, was_area=grant.area_code)
    else:
        heir.past = _with(heir.past, past)
        heir.save(update_fields=["past"])


def _with(past: Sequence[str], more: Sequence[str]) -> list[str]:
    return list(dict.fromkeys([*past, *more]))
