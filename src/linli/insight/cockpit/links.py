"""Where a number's rows are: each link shows exactly what was counted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse

from linli.base.indicators.registry import Indicator

from .periods import Period

# What cases can tell by themselves opens the list of cases; the rest opens the ledger's rows.
LISTED = {
    "case.due": {},
    "case.due_closed": {"closed": "1"},
    "case.closed_on_time": {"on_time": "1"},
}
DUE_DAY = {
    "case.accept_due",
    "case.accept_on_time",
    "case.contact_due",
    "case.contact_on_time",
    *LISTED,
}


def cases(area: str, **filters: str | date) -> str:
    """Return the address of the list of cases of an area with these filters."""
    return f"{reverse('cases:list')}?{urlencode({'area': area, **filters})}"


def registered(area: str, period: Period) -> str:
    """Return the address of what was registered in the period."""
    return cases(area, registered_from=period.start, registered_to=period.end)


def closed(area: str, period: Period) -> str:
    """Return the address of what was closed in the period."""
    return cases(area, closed_from=period.start, closed_to=period.end)


def measured(names: Iterable[str], area: str, period: Period) -> str:
    """Return the address of the rows that measures counted in the period."""
    chosen = list(names)
    by_due = chosen[0] in DUE_DAY
    end = period.due_end if by_due else period.end
    if len(chosen) == 1 and chosen[0] in LISTED:
        return cases(area, due_from=period.start, due_to=end, **LISTED[chosen[0]])
    asked = [("m", name) for name in chosen]
    asked += [("area", area), ("start", str(period.start)), ("end", str(end))]
    return f"{reverse('cockpit:rows')}?{urlencode(asked)}"


def parts(indicator: Indicator, area: str, period: Period) -> tuple[str, str]:
    """Return the addresses of an indicator's numerator and denominator."""
    return (
        measured(indicator.numerator, area, period),
        measured(indicator.denominator, area, period),
    )
