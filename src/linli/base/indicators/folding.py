"""Sum what facts add, at three levels of area. Pure: no database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

from .registry import Fact, FoldRule

LEVELS = (6, 9, 12)  # digits of district, subdistrict and community codes
Key = tuple[str, str, date]  # measure, area, day: the order of the table's key


class BadMeasure(ValueError):
    """A fold named a measure outside its own name space."""


def summed(rule: FoldRule, facts: Iterable[Fact]) -> Counter[Key]:
    """Return what the facts add to each (measure, area, day); zero sums are left out.

    A fact known only to the subdistrict counts there and in the district. Raises BadMeasure.
    """
    sums: Counter[Key] = Counter()
    prefix = f"{rule.subject_type}."
    for fact in facts:
        for name, day, n, moved in rule.fold(fact):
            if not name.startswith(prefix):
                raise BadMeasure(name)
            code = fact.area_code if moved is None else moved
            for digits in LEVELS:
                if len(code) >= digits:
                    sums[name, code[:digits], day] += n
    return Counter({key: n for key, n in sums.items() if n})
