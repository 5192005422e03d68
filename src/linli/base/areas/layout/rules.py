"""What is asked of a layout, and what cannot be had: bounds, number of grids, single buildings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from django.utils.translation import gettext as _

# A grid holds about 300 to 500 households (the ministry's guidance on grid sizes).
LOW, HIGH = 300, 500


@dataclass(frozen=True)
class Wish:
    """The bounds of households per grid; a number of grids, or None to derive it; and whether
    borders that stand already are worth keeping."""

    low: int = LOW
    high: int = HIGH
    count: int | None = None
    keep_borders: bool = True


@dataclass(frozen=True)
class Place:
    """Households at one point: a building, or several that were recorded at the same point."""

    label: str
    households: int
    records: int = 1


def possible_counts(total: int, wish: Wish) -> tuple[int, int]:
    """Return the fewest and the most grids that could be within bounds (fewest may be greater)."""
    return max(1, ceil(total / wish.high)), total // max(wish.low, 1)


def derive_count(total: int, standing: int, wish: Wish) -> int:
    """Return the number of grids to aim at: as wished, as standing where possible, or the middle
    of the bounds."""
    if wish.count:
        return wish.count
    fewest, most = possible_counts(total, wish)
    if fewest <= standing <= most:
        return standing
    middle = round(total / ((wish.low + wish.high) / 2))
    return min(max(middle, fewest), max(most, fewest))


def faults(total: int, places: Sequence[Place], wish: Wish) -> list[str]:
    """Return why no layout can be within bounds, each with what would help; empty where one may."""
    if wish.low < 1 or wish.high < wish.low:
        return [_("下限应为正数，且不大于上限。")]
    found = [_too_large(place, wish) for place in places if place.households > wish.high]
    if not places or not total:
        return [_("没有带户数的楼栋，无法划分。请先登记楼栋的位置和户数，或上传CSV。")]
    return [*found, *_count_faults(total, len(places), wish)]


def _too_large(place: Place, wish: Wish) -> str:
    words = {"label": place.label, "n": place.households, "high": wish.high, "k": place.records}
    if place.records > 1:
        return (
            _(
                "“%(label)s”等%(k)d条记录在同一位置，共%(n)d户，超过上限%(high)d户。请给出各楼的位置。"
            )
            % words
        )
    return (
        _("“%(label)s”一栋就有%(n)d户，超过上限%(high)d户。请按单元拆成几条，或提高上限。") % words
    )


def _count_faults(total: int, places: int, wish: Wish) -> list[str]:
    fewest, most = possible_counts(total, wish)
    words = {"total": total, "low": wish.low, "high": wish.high, "fewest": fewest, "most": most}
    if fewest > most:
        few = max(most, 1)
        return [
            _(
                "共%(total)d户，每格%(low)d至%(high)d户，怎样都分不成。"
                "分%(fewest)d格时下限不能高于%(below)d户，分%(few)d格时上限不能低于%(above)d户。"
            )
            % {**words, "below": total // fewest, "few": few, "above": ceil(total / few)}
        ]
    if wish.count and not fewest <= wish.count <= most:
        return [
            _("共%(total)d户，在上下限内可分%(fewest)d至%(most)d格，不能分成%(count)d格。")
            % {**words, "count": wish.count}
        ]
    if (wish.count or fewest) > places:
        return [
            _("只有%(places)d处楼栋，分不成%(count)d格。")
            % {"places": places, "count": wish.count or fewest}
        ]
    return []
