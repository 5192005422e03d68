"""What sheets may take from measures."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date

from .queries import sums


def of_the_year(names: Collection[str]) -> Callable[[Sequence[str], date], Mapping[str, int]]:
    """Return how the sum of measures from the first of January is read, by area.

    The ledger knows all that was counted: an area without a tally has 0.
    """

    def read(codes: Sequence[str], day: date) -> Mapping[str, int]:
        found = sums(names, codes, day.replace(month=1, day=1), day)
        return {code: sum(found.get(code, {}).values()) for code in codes}

    return read
