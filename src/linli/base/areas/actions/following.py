"""What of this module, and of the kernel's settings by area, moves along when areas change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone

from linli.kernel.ledger import actions as ledger
from linli.kernel.listing import actions as listing
from linli.kernel.scope import Actor
from linli.kernel.worktime import actions as worktime

from ..duties.rules import in_the_way
from ..models import Area, Duty, DutyPost, EndReason, Level, Resource
from ..moving import Locate

# Who leads or answers for a grid helps in the merged one where the post is taken.
STEPS_BACK = (DutyPost.GRID_LEAD, DutyPost.GRID_STAFF)


def _same(old: Area, new: Sequence[Area]) -> Area | None:
    return next((area for area in new if area.pk == old.pk), None)


def move_duties(
    old: Area, new: Sequence[Area], _locate: Locate, now: datetime, actor: Actor
) -> int:
    """End who answered for an area that ended, and let them answer for every heir.

    Where an heir has someone at a post that is held by one person, the one who comes assists
    (in a grid), or steps back.
    """
    today = timezone.localdate(now)
    open_still = Q(valid_to=None) | Q(valid_to__gt=today)
    rows = Duty.objects.select_for_update().filter(open_still, area=old).order_by("pk")
    same = _same(old, new)
    if same is not None:
        return rows.update(area_code=same.code) if same.code != old.code else 0
    duties = list(rows)
    for duty in duties:
        until, begins = duty.valid_to, max(duty.valid_from, today)
        duty.valid_to, duty.end_reason = begins, EndReason.AREA
        duty.save(update_fields=["valid_to", "end_reason"])
        for area in new:
            _answer(duty, area, begins, until, now, actor)
    return len(duties)


def _answer(
    duty: Duty, area: Area, begins: date, until: date | None, now: datetime, actor: Actor
) -> None:
    standing = Duty.objects.filter(area=area, valid_to=None)
    if duty.account_id and standing.filter(account_id=duty.account_id, post=duty.post).exists():
        return
    post = duty.post
    if in_the_way(area, post, begins, ends=until) is not None:
        if post not in STEPS_BACK:
            return
        post = DutyPost.ASSISTANT
    made = Duty.objects.create(
        area=area, area_code=area.code, post=post, account_id=duty.account_id, name=duty.name,
        phone=duty.phone, valid_from=begins, valid_to=until, note=duty.note,
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
