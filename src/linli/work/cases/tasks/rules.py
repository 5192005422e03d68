"""Who decides on a sub-task, and which clock it has."""

from __future__ import annotations

from datetime import datetime

from linli.base.accounts.models import Unit, UnitKind
from linli.kernel.worktime.reckon import add_working_days, add_working_minutes

from ..dispatching import territorial

# One extension of at most ten working days: the default of the field.
MOST_EXTENSION_DAYS = 10
# A department that is called signs in within two working hours, a person who rated low is
# contacted within one working day and has a result within fifteen.
DECIDE_DAYS = 1
SIGN_IN_MINUTES = 120
CO_SIGN_DAYS = 1
ARRIVE_DAYS = 1
CONTACT_DAYS = 1
MEND_DAYS = 15
CALL_BACK_DAYS = 3
MOST_MISSES = 3
LONGEST_SUSPENSION_DAYS = 180

ABOVE = {
    UnitKind.GRID: UnitKind.COMMUNITY,
    UnitKind.COMMUNITY: UnitKind.SUBDISTRICT,
    UnitKind.SUBDISTRICT: UnitKind.DISTRICT,
    UnitKind.DEPARTMENT: UnitKind.DISTRICT,
}
# Who approves more time: a grid's and a community's wish goes to the subdistrict.
APPROVES = ABOVE | {UnitKind.GRID: UnitKind.SUBDISTRICT}


def unit_above(unit: Unit, area_code: str) -> Unit | None:
    """Return the unit one level above `unit` for a case at this place, or None at the top."""
    kind = ABOVE.get(UnitKind(unit.kind))
    return territorial(kind, area_code) if kind else None


def approver_of(unit: Unit, area_code: str) -> Unit | None:
    """Return the unit that decides on more time for `unit`, or None at the top."""
    kind = APPROVES.get(UnitKind(unit.kind))
    return territorial(kind, area_code) if kind else None


def in_minutes(now: datetime, minutes: int, area_code: str) -> datetime:
    """Return when so many minutes of service time will have passed."""
    return add_working_minutes(now, minutes, area_code)


def in_days(now: datetime, days: int, area_code: str) -> datetime:
    """Return the end of the so-manieth working day."""
    return add_working_days(now, days, area_code)
