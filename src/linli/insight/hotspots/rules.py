"""Which counts exceed what their own history predicts (docs/adr/0008-hot-spots.md).

A cell is a category at a place. Its recent window is compared with earlier windows of the same
length, each weighed by what the whole district reported in it. Counts of one cell are taken as
negative binomial, mean and size in proportion to the weights. Given the total over all windows, the
recent count then follows a beta-binomial distribution that no longer contains the unknown mean (a
binomial one for Poisson counts: Przyborowski & Wilenski 1940), so
its upper tail is an exact p-value, however sparse the cell. Mean from history, overdispersion and
exceedance as in Farrington et al. 1996 and Noufaily et al. 2013; the false discovery rate over
all cells by Benjamini & Hochberg 1995, cells that could never be found left out beforehand as in
Tarone 1990 and Gilbert 2005.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
# Below this the counts are as good as Poisson, and the beta functions would lose digits.
POISSON = 1e-6
# So many cases in each window stand for "as always" beside what the district really reported.
STEADY = 50


@dataclass(frozen=True)
class Method:
    """How hot spots are looked for.

    `false_share`: the share of days on which anything may be reported where nothing has changed,
    and the share of false ones among what is reported otherwise. A window has `window_days`; up
    to `windows` earlier ones are the history, of which a cell needs `fewest`. Fewer than `least`
    recent cases are never reported.
    """

    false_share: float = 0.05
    window_days: int = 7
    windows: int = 26
    fewest: int = 8
    least: int = 3


@dataclass(frozen=True)
class Verdict:
    """What became of each cell: expected count, p-value, adjusted p-value, whether it is hot."""

    expected: Floats
    p: Floats
    q: Floats
    tested: NDArray[np.bool_]
    hot: NDArray[np.bool_]


def judge(
    recent: Ints,
    history: Ints,
    windows: Ints,
    groups: Ints,
    method: Method = Method(),
    weights: Floats | None = None,
) -> Verdict:
    """Test every cell and return the verdict.

    `history` has a column for each earlier window, the latest first; of a cell only the first
    `windows` count. Cells of one group (a category at one level) share their overdispersion.
    `weights` say how much the district reported in the recent window and in each earlier one
    (see `levels`); without them all windows weigh the same.
    """
    weights = np.ones(history.shape[1] + 1) if weights is None else weights
    lived = np.arange(history.shape[1]) < windows[:, None]
    kept = np.where(lived, history, 0)
    past = kept.sum(axis=1)
    enough = windows >= method.fewest
    # Cells that are not compared get any weight that does no harm.
    weight = np.where(enough, (lived * weights[1:]).sum(axis=1), 1.0) / weights[0]
    spread = spreads(kept, lived * weights[1:], groups, enough) / weights[0]
    total = past + recent
    smallest = np.ones(len(recent))
    seen = enough & (total >= method.least)
    smallest[seen] = tail(total[seen], total[seen], weight[seen], spread[seen])
    tested = seen & reachable(smallest, method.false_share)
    p = np.ones(len(recent))
    asked = tested & (recent >= method.least) & (recent * weight > past)
    p[asked] = tail(recent[asked], total[asked], weight[asked], spread[asked])
    q = np.ones(len(recent))
    if tested.any():
        from scipy.stats import false_discovery_control  # takes a second, which start-up need not

        q[tested] = false_discovery_control(p[tested])
    return Verdict(past / weight, p, q, tested, asked & (q <= method.false_share))


def levels(totals: Ints) -> Floats:
    """Return the weight of each window from what the whole district reported in it.

    Growth of the whole, holidays and the like are so no hot spots. Totals of a few cases say
    little and hardly move the weights.
    """
    steady = totals + float(STEADY)
    return np.asarray(steady / steady.mean(), dtype=np.float64)


def tail(recent: Ints, total: Ints, weight: Floats, spread: Floats) -> Floats:
    """Return the chance of at least `recent` of `total` where the past weighs `weight` windows.

    `spread` is one over the size of the negative binomial of a window; 0 means Poisson.
    """
    from scipy.special import betaln
    from scipy.stats import binom

    found = np.asarray(binom.sf(recent - 1, total, 1 / (weight + 1)), dtype=np.float64)
    rows = np.flatnonzero(spread > POISSON)
    if not len(rows):
        return found
    x, t, size = recent[rows], total[rows], 1 / spread[rows]
    rest = size * weight[rows]
    ends = betaln(size, rest)
    chance = np.zeros(len(rows))
    for k in range(int((t - x).max()) + 1):
        at = np.minimum(x + k, t)
        ways = -np.log1p(t) - betaln(t - at + 1, at + 1)
        chance += np.where(x + k <= t, np.exp(ways + betaln(at + size, t - at + rest) - ends), 0)
    found[rows] = np.minimum(chance, 1.0)
    return found


def spreads(history: Ints, weights: Floats, groups: Ints, enough: NDArray[np.bool_]) -> Floats:
    """Return each cell's overdispersion: its group's by moments, but never below that of all.

    `weights` has the shape of `history`, 0 where a cell did not live. A group's own estimate from
    few cases may come out calm by luck; the floor keeps it careful.
    """
    whole = np.maximum(weights.sum(axis=1), 1.0)
    number = np.maximum((weights > 0).sum(axis=1), 2)
    rate = history.sum(axis=1) / whole
    squares = np.divide(
        (history - rate[:, None] * weights) ** 2,
        weights,
        out=np.zeros(history.shape),
        where=weights > 0,
    )
    variance = squares.sum(axis=1) / (number - 1)
    above = np.where(enough, variance - rate, 0.0)
    base = np.where(enough, rate**2 - variance / whole, 0.0)
    floor = _ratio(above.sum(keepdims=True), base.sum(keepdims=True))[0]
    many = int(groups.max()) + 1 if len(groups) else 0
    sums = [
        np.bincount(groups, part, many).astype(np.float64, copy=False) for part in (above, base)
    ]
    own = _ratio(*sums)
    return np.asarray(np.maximum(own[groups], floor), dtype=np.float64)


def _ratio(above: Floats, base: Floats) -> Floats:
    """Return the quotient where both sides are positive, else 0: no more spread than Poisson."""
    usable = (above > 0) & (base > 0)
    return np.where(usable, above / np.where(usable, base, 1.0), 0.0)


def reachable(smallest: Floats, share: float) -> NDArray[np.bool_]:
    """Tell which cells could be found at all, by the smallest p-value their total allows.

    Totals say nothing about when the cases came, so leaving cells out by them is no peeking.
    """
    ordered = np.sort(smallest)
    numbers = np.arange(1, len(ordered) + 1)
    reach = np.searchsorted(ordered, share / numbers, side="right")
    fits = np.flatnonzero(reach <= numbers)
    if not len(fits):
        return np.zeros(len(smallest), dtype=bool)
    found: NDArray[np.bool_] = smallest <= share / numbers[fits[0]]
    return found
