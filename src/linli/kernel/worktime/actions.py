"""Change the working calendar; each change is an entry of the ledger."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ..ledger import actions as ledger
from ..scope import Actor
from . import rules
from .models import CalendarOverride, ServiceHours


@transaction.atomic
def set_override(
    *,
    actor: Actor,
    now: datetime,
    day: date,
    is_workday: bool,
    area_prefix: str = "",
    note: str = "",
) -> CalendarOverride:
    """Say that a day is worked, or not, in an area; the last word on a day counts."""
    row, _made = CalendarOverride.objects.update_or_create(
        day=day, area_prefix=area_prefix, defaults={"is_workday": is_workday, "note": note}
    )
    data: dict[str, Any] = {"day": day.isoformat(), "is_workday": is_workday}
    ledger.append(
        subject_type="worktime.override", subject_id=row.pk, verb="set", actor=actor, at=now,
        area_code=area_prefix, data=data,
    )  # fmt: skip
    rules.forget()
    return row


@transaction.atomic
def remove_override(*, actor: Actor, now: datetime, override_id: int) -> None:
    """Let the statutory calendar, or a larger area's word, hold on that day again.

    Clocks that were set before keep the moments they have. Raises DoesNotExist.
    """
    row = CalendarOverride.objects.select_for_update().get(pk=override_id)
    ledger.append(
        subject_type="worktime.override", subject_id=row.pk, verb="remove", actor=actor, at=now,
        area_code=row.area_prefix, data={"day": row.day.isoformat(), "is_workday": row.is_workday},
    )  # fmt: skip
    row.delete()
    rules.forget()


@transaction.atomic
def set_hours(
    *,
    actor: Actor,
    now: datetime,
    periods: list[tuple[str, str]],
    valid_from: date,
    area_prefix: str = "",
) -> ServiceHours:
    """Set service hours from a date; periods must be in order and not overlap."""
    end = time.min
    for first, second in periods:
        try:
            opens, closes = time.fromisoformat(first), time.fromisoformat(second)
        except ValueError as error:
            raise ValidationError(_("时间应写成 08:30 的样子。")) from error
        if opens < end or closes <= opens:
            raise ValidationError(_("时段要按先后排列，不能重叠。"))
        end = closes
    if not periods:
        raise ValidationError(_("至少要有一个服务时段。"))
    row, _made = ServiceHours.objects.update_or_create(
        area_prefix=area_prefix, valid_from=valid_from, defaults={"periods": periods}
    )
    ledger.append(
        subject_type="worktime.hours", subject_id=row.pk, verb="set", actor=actor, at=now,
        area_code=area_prefix, data={"periods": periods, "from": valid_from.isoformat()},
    )  # fmt: skip
    rules.forget()
    return row


@transaction.atomic
def follow(old: str, codes: list[str], *, actor: Actor, now: datetime) -> int:
    """Give areas what another had of its own: hours in force or to come, and coming exceptions.

    The old area's rows stay, for clocks that ran by them. Returns how many were given.
    """
    today, given = timezone.localdate(now), 0
    hours = list(ServiceHours.objects.filter(area_prefix=old).order_by("valid_from"))
    past = [row for row in hours if row.valid_from <= today][-1:]
    days = list(CalendarOverride.objects.filter(area_prefix=old, day__gte=today))
    for code in codes:
        for row in [*past, *(row for row in hours if row.valid_from > today)]:
            periods = [(first, last) for first, last in row.periods]
            set_hours(actor=actor, now=now, periods=periods, valid_from=row.valid_from,
                      area_prefix=code)  # fmt: skip
            given += 1
        for day in days:
            set_override(actor=actor, now=now, day=day.day, is_workday=day.is_workday,
                         area_prefix=code, note=day.note)  # fmt: skip
            given += 1
    return given
