"""The test behind hot spots: it keeps its bound where nothing changes, and finds what does."""

from __future__ import annotations

from math import comb

import numpy as np
import pytest

from linli.insight.hotspots.rules import Method, judge, levels, reachable, spreads, tail

METHOD = Method()
CATEGORIES, COMMUNITIES, GRIDS = 12, 10, 6


def grouped(counts):
    """Return grids and their communities as cells (latest window first) with their groups."""
    windows = counts.shape[-1]
    grids = counts.reshape(-1, windows)
    communities = counts.sum(axis=2).reshape(-1, windows)
    groups = np.concatenate(
        [
            np.repeat(np.arange(CATEGORIES), COMMUNITIES * GRIDS),
            CATEGORIES + np.repeat(np.arange(CATEGORIES), COMMUNITIES),
        ]
    )
    return np.concatenate([grids, communities]), groups


def judged(counts, method=METHOD):
    cells, groups = grouped(counts)
    lived = np.full(len(cells), cells.shape[1] - 1)
    weights = levels(counts.sum(axis=(0, 1, 2)))
    return judge(cells[:, 0], cells[:, 1:], lived, groups, method, weights)


def means(rng, rate):
    """Return very uneven means of categories and grids, `rate` cases a window on average."""
    mean = np.multiply.outer(
        rng.lognormal(0, 1, CATEGORIES), rng.lognormal(0, 0.6, (COMMUNITIES, GRIDS))
    )
    return mean * rate / mean.mean()


def drawn(rng, mean, size=None):
    wide = np.repeat(mean[..., None], METHOD.windows + 1, axis=-1)
    return rng.poisson(wide if size is None else rng.gamma(size, wide / size))


@pytest.mark.parametrize("size", [None, 2.0, 0.5], ids=["poisson", "spread", "bursty"])
@pytest.mark.parametrize("rate", [0.03, 0.4], ids=["sparse", "busy"])
def test_without_a_change_few_days_have_a_false_alarm(rate, size):
    rng = np.random.default_rng(20260316)
    days = 150
    mean = means(rng, rate)
    alarms = sum(judged(drawn(rng, mean, size)).hot.any() for _ in range(days))
    assert alarms / days <= METHOD.false_share


def test_a_real_cluster_is_found_and_little_else():
    rng = np.random.default_rng(7)
    mean = means(rng, 0.1)
    hits, others = 0, 0
    for _ in range(100):
        counts = drawn(rng, mean)
        counts[3, 4, 2, 0] += 8
        found = set(np.flatnonzero(judged(counts).hot).tolist())
        grid = (3 * COMMUNITIES + 4) * GRIDS + 2
        community = CATEGORIES * COMMUNITIES * GRIDS + 3 * COMMUNITIES + 4
        hits += grid in found
        others += bool(found - {grid, community})
    assert hits >= 90
    assert others <= 10


def test_growth_and_holidays_of_the_whole_district_are_no_hot_spots():
    """The district reports ever more, and twice as much again in the last week."""
    rng = np.random.default_rng(11)
    mean = means(rng, 0.4)
    level = np.linspace(1.6, 0.6, METHOD.windows + 1)
    level[0] *= 2
    alarms, hits = 0, 0
    for _ in range(100):
        counts = rng.poisson(mean[..., None] * level)
        alarms += judged(counts).hot.any()
        counts[3, 4, 2, 0] += 20
        hits += bool(judged(counts).hot[(3 * COMMUNITIES + 4) * GRIDS + 2])
    assert alarms <= 5
    assert hits >= 90


def test_a_handful_of_cases_says_little_about_the_whole():
    weights = levels(np.array([9, 1, 0, 1]))
    assert weights[0] == pytest.approx(1.12, abs=0.02)
    assert levels(np.array([6000, 3000, 3000])).tolist() == pytest.approx([1.5, 0.75, 0.75], 0.02)


def test_a_rise_in_a_busy_cell_needs_more_than_in_a_quiet_one():
    history = np.array([[0] * 26, [20] * 26])
    lived, groups = np.array([26, 26]), np.array([0, 1])
    for recent, hot in (([8, 8], [True, False]), ([8, 60], [True, True])):
        verdict = judge(np.array(recent), history, lived, groups)
        assert verdict.hot.tolist() == hot
    assert verdict.expected.tolist() == [0, 20]


def test_a_cell_with_little_history_or_few_cases_is_never_hot():
    history = np.zeros((2, 26), dtype=np.int64)
    verdict = judge(np.array([50, 2]), history, np.array([7, 26]), np.array([0, 0]))
    assert not verdict.hot.any()
    assert verdict.tested.tolist() == [False, False]


def test_the_tail_is_the_binomial_one_for_poisson_counts():
    found = tail(np.array([2, 3]), np.array([3, 3]), np.array([9.0, 9.0]), np.zeros(2))
    assert found == pytest.approx([3 * 0.01 * 0.9 + 0.001, 0.001])


def test_the_tail_with_spread_is_the_beta_binomial_one_and_heavier():
    """With size 1 in two windows every split of the total is equally likely."""
    one = tail(np.array([3]), np.array([3]), np.array([1.0]), np.array([1.0]))
    assert one == pytest.approx([0.25])
    x, t, n = np.array([5]), np.array([6]), np.array([26.0])
    calm, wild = tail(x, t, n, np.array([0.0])), tail(x, t, n, np.array([1.0]))
    assert calm == pytest.approx([comb(6, 5) * 26 / 27**6 + 1 / 27**6])
    assert calm[0] < wild[0] < 1


def test_a_little_spread_goes_over_into_none():
    x, t, n = np.array([4]), np.array([9]), np.array([26.0])
    assert tail(x, t, n, np.array([2e-6])) == pytest.approx(tail(x, t, n, np.zeros(1)), rel=1e-3)


def test_spread_is_estimated_from_history():
    rng = np.random.default_rng(3)
    groups = np.repeat([0, 1], 200)
    calm = rng.poisson(5, (200, 26))
    wild = rng.poisson(rng.gamma(2, 2.5, (200, 26)))
    found = spreads(np.concatenate([calm, wild]), np.ones((400, 26)), groups, np.full(400, True))
    assert found[-1] == pytest.approx(0.5, rel=0.15)
    assert 0 < found[0] < found[-1]  # never below what all cells together show


def test_cells_that_could_never_be_found_are_left_out():
    smallest = np.array([1e-9, 1e-6, 0.04, 0.04, 1.0])
    assert reachable(smallest, 0.05).tolist() == [True, True, False, False, False]
    assert not reachable(np.ones(4), 0.05).any()
