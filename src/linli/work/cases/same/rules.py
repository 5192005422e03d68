"""How likely two reports are the same matter: near in place, words and kind. Pure: no database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import asin, cos, hypot, log, radians, sin, sqrt

from linli.kernel.search import pairs_of

LOOK_BACK = timedelta(days=30)  # how old a case may be
LATELY = timedelta(days=7)  # how long ago it may have been closed
NEAR_METRES = 300.0
EARTH_METRES = 6_371_008.8
WORDS, PLACE, KIND = 0.45, 0.25, 0.30  # what each adds to the score of 1
SAME_WORDS = 0.45  # a cosine from which texts count as alike; above it nothing is won
FEWEST_WORDS = 0.12
LIKELY = 0.62  # a score from which a case is shown


@dataclass(frozen=True)
class Sight:
    """What is compared of one report. `top` and `leaf` are codes, blank where unknown."""

    text: str
    area_code: str
    lon: float | None = None
    lat: float | None = None
    top: str = ""
    leaf: str = ""


def metres(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """Return the distance of two WGS 84 points over the ground (haversine)."""
    north, east = radians(lat2 - lat1), radians(lon2 - lon1)
    half = sin(north / 2) ** 2 + cos(radians(lat1)) * cos(radians(lat2)) * sin(east / 2) ** 2
    return 2 * EARTH_METRES * asin(sqrt(min(1.0, half)))


def place_score(new: Sight, old: Sight) -> float:
    """Return 0 (elsewhere) to 1 (the same spot): by distance, else by grid, else by community."""
    if new.lon is not None and new.lat is not None and old.lon is not None and old.lat is not None:
        apart = metres(new.lon, new.lat, old.lon, old.lat)
        return 0.0 if apart > NEAR_METRES else 1 - apart / (2 * NEAR_METRES)
    shorter = min(len(new.area_code), len(old.area_code))
    if shorter < 12 or new.area_code[:shorter] != old.area_code[:shorter]:
        return 0.0
    return 0.7 if shorter >= 15 else 0.4


def kind_score(new: Sight, old: Sight) -> float:
    """Return 1 for the same leaf, less for the same top category, half where it is unknown."""
    if not new.leaf:
        return 0.5
    if new.leaf == old.leaf:
        return 1.0
    return 0.4 if new.top == old.top else 0.0


def word_scores(text: str, others: Sequence[str]) -> list[float]:
    """Return the cosine of a text with each other one.

    Pairs of characters that many of the texts share (a street's name, "please") weigh little.
    """
    mine = set(pairs_of(text))
    theirs = [set(pairs_of(other)) for other in others]
    seen: Counter[str] = Counter()
    for words in theirs:
        seen.update(words)
    total = len(theirs) + 2
    weight = {word: log(total / (1 + seen.get(word, 0))) ** 2 for word in {*mine, *seen}}
    own = _length(mine, weight)
    return [_cosine(mine, own, words, weight) for words in theirs]


def _length(words: Iterable[str], weight: Mapping[str, float]) -> float:
    return hypot(*(sqrt(weight[word]) for word in words)) if words else 0.0


def _cosine(mine: set[str], own: float, words: set[str], weight: Mapping[str, float]) -> float:
    other = _length(words, weight)
    if not own or not other:
        return 0.0
    return sum(weight[word] for word in mine & words) / (own * other)


def score(new: Sight, old: Sight, words: float) -> float:
    """Return how likely both are the same matter, 0 to 1; 0 elsewhere or without a shared word."""
    place = place_score(new, old)
    if place <= 0 or words < FEWEST_WORDS:
        return 0.0
    return WORDS * min(1.0, words / SAME_WORDS) + PLACE * place + KIND * kind_score(new, old)
