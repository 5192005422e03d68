"""What of this module, and of the kernel's settings by area, moves along when areas change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from linli.kernel.ledger import actions as ledger
from linli.kernel.listing import actions as listing
from linli.kernel.scope import Actor
from linli.kernel.worktime import actions as worktime

from ..models import Area, Duty, DutyPost, Level, Resource
from ..moving import Locate


def _same(old: Area, new: Sequence[Area]) -> Area | None:
    return next((area for area in new if area.pk == old.pk), None)


def move_duties(
    old: Area, new: Sequence[Area], _locate: Locate, now: datetime, actor: Actor
) -> int:
    """End who answered for an area that ended, and let them answer for every heir.

    Where an heir has someone at a post that is held by one person, the one who comes assists
    (in a grid), or steps back.
    """
    rows = Duty.objects.select_for_update().filter(area=old, valid_to=None).order_by("pk")
    same = _same(old, new)
    if same is not None:
        return rows.update(area_code=same.code) if same.code != old.code else 0
    duties, today = list(rows), timezone.localdate(now)
    for duty in duties:
        duty.valid_to = today
        duty.save(update_fields=["valid_to"])
        for area in new:
            _answer(duty, area, now, actor)
    return len(duties)


def _answer(duty: Duty, area: Area, now: datetime, actor: Actor) -> None:
    standing = Duty.objects.filter(area=area, valid_to=None)
    if duty.account_id and standing.filter(account_id=duty.account_id, post=duty.post).exists():
        return
    post = duty.post
    if post != DutyPost.ASSISTANT and standing.filter(post=post).exists():
        if area.level != Level.GRID:
            return
        post = DutyPost.ASSISTANT
    made = Duty.objects.create(
        area=area, area_code=area.code, post=post, account_id=duty.account_id, name=duty.name,
        phone=duty.phone, valid_from=timezone.localdate(now),
    )  # fmt: skip
    ledger.append(
        subject_type="duty", subject_id=made.pk, verb="move_area", actor=actor, at=now,
        area_code=area.code, data={"was_area": duty.area_code, "post": post},
    )  # fmt: skip


def move_resources(
    old: Area, new: Sequence[Area], locate: Locate, _now: datetime, _actor: Actor
) -> int:
    """Move the standing resources of an area by their point, else to the chief heir."""
    moved, chief = 0, _same(old, new) or new[0]
    for row in Resource.objects.select_for_update().filter(area=old, closed_at=None):
        area = locate(row.lon, row.lat) or chief
        if (area.pk, area.code) != (row.area_id, row.area_code):
            row.area, row.area_code = area, area.code
            row.save(update_fields=["area", "area_code"])
            moved += 1
    return moved


def move_views(
    old: Area, new: Sequence[Area], _locate: Locate, _now: datetime, _actor: Actor
) -> int:
    """Let saved views of lists that name the old code name the chief heir's."""
    chief = _same(old, new) or new[0]
    if chief.code == old.code or old.level == Level.BUILDING:
        return 0
    return listing.rename_value(old.code, chief.code)


def move_calendar(
    old: Area, new: Sequence[Area], _locate: Locate, now: datetime, actor: Actor
) -> int:
    """Let the heirs keep the old area's own service hours and coming exceptions."""
    codes = [area.code for area in new if area.code != old.code]
    if not codes or old.level != Level.COMMUNITY:
        return 0
    return worktime.follow(old.code, codes, actor=actor, now=now)
