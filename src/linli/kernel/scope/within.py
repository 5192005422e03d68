"""Limit a query to areas, in a form an index on the code can serve."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

# ":" sorts right after "9" in the C collation, so [code, code + ":") is all codes below it.
AFTER_DIGITS = ":"


def within(codes: Iterable[str], field: str = "area_code") -> Q:
    """Return the condition "area is one of `codes` or below"; no codes match nothing."""
    condition = Q(pk__in=[])
    for code in codes:
        condition |= Q(**{f"{field}__gte": code, f"{field}__lt": code + AFTER_DIGITS})
    return condition
