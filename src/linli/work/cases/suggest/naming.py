"""Suggest category and unit for a text, with how sure the suggestion is."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from linli.base.accounts.models import Unit

from ..dispatching import objection_at, territorial
from ..models import Category, Learned
from ..setup import current
from .learner import Weights, unpack
from .models import What

FRESH_SECONDS = 30.0
SHOWN_FROM = 0.08  # what is less likely is not shown
SURE_FROM = 0.35  # from here on it may stand in for a resident's own choice


@dataclass(frozen=True)
class Named:
    """One suggestion: the class as learned, what it stands for, and its probability."""

    label: str
    category: Category | None
    unit: Unit | None
    confidence: float

    @property
    def percent(self) -> int:
        """Return the probability for people."""
        return round(100 * self.confidence)


@dataclass(frozen=True)
class Suggestions:
    """What is suggested, best first, and by which trainings."""

    categories: list[Named] = field(default_factory=list)
    units: list[Named] = field(default_factory=list)
    learned: dict[str, Learned] = field(default_factory=dict)

    @property
    def category(self) -> Category | None:
        """Return the category that is sure enough to be taken without asking."""
        best = self.categories[0] if self.categories else None
        return best.category if best and best.confidence >= SURE_FROM else None


_kept: dict[str, tuple[float, Learned | None, Weights | None]] = {}


def forget() -> None:
    """Drop what is in memory; the next suggestion reads the newest training."""
    _kept.clear()


def _newest(what: str) -> tuple[Learned | None, Weights | None]:
    now = time.monotonic()
    if what in _kept and now - _kept[what][0] < FRESH_SECONDS:
        return _kept[what][1:]
    had = _kept.get(what)
    rows = Learned.objects.filter(what=what).order_by("-version")
    found = rows.defer("body").first()
    if had is not None and had[1] is not None and found is not None and had[1].pk == found.pk:
        weights = had[2]
    else:
        weights = unpack(bytes(found.body)) if found else None
    _kept[what] = (now, found, weights)
    return found, weights


def suggest(text: str, area_code: str = "") -> Suggestions:
    """Return what closed cases suggest for a text; units only where the place is known.

    A unit that may not be sent a case of the likeliest category is left out.
    """
    if len(text.strip()) < 4:
        return Suggestions()
    learned: dict[str, Learned] = {}
    by_code = current().by_code
    categories = []
    model, weights = _newest(What.CATEGORY)
    if model and weights:
        learned[What.CATEGORY] = model
        categories = [
            Named(code, by_code[code], None, share)
            for code, share in weights.name(text)
            if share >= SHOWN_FROM and code in by_code and by_code[code].valid_to is None
        ]
    units: list[Named] = []
    model, weights = _newest(What.UNIT)
    if model and weights and area_code:
        learned[What.UNIT] = model
        likely = [row for row in weights.name(text) if row[1] >= SHOWN_FROM]
        units = _units(likely, area_code, categories[0].category if categories else None)
    return Suggestions(categories, units, learned)


def _units(
    likely: list[tuple[str, float]], area_code: str, category: Category | None
) -> list[Named]:
    ids = [int(label[5:]) for label, _share in likely if label.startswith("unit:")]
    departments = Unit.objects.filter(active=True).in_bulk(ids) if ids else {}
    found: list[Named] = []
    for label, share in likely:
        if label.startswith("unit:"):
            unit = departments.get(int(label[5:]))
        else:
            unit = territorial(label, area_code)
        if unit is None or (category and objection_at(area_code, category, unit)):
            continue
        if unit.pk not in {row.unit.pk for row in found if row.unit}:
            found.append(Named(label, None, unit, share))
    return found
