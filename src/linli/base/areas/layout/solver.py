"""Divide cells into contiguous groups of balanced load with short borders.

METIS (multilevel k-way partitioning) and the existing grids give first divisions; annealing over
single cells at the borders then brings every load within its bounds and shortens new borders.
A move that would tear a group apart is never made. The same seed gives the same division.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import exp, sqrt

import pymetis

Near = Sequence[dict[int, float]]

# Against one metre of border divided by a grid's width: being out of bounds by the whole mean
# load, and the squared share by which a load misses the mean.
OUTSIDE, BALANCE = 400.0, 10.0
HOT, COLD = 0.3, 0.005
TRIES_PER_CELL, FEWEST_TRIES = 80, 30_000


@dataclass(frozen=True)
class Task:
    """Cells with loads and priced borders, to be divided into `count` groups within bounds.

    `near` must be connected. `width` is the usual width of a group in metres.
    """

    loads: Sequence[int]
    near: Near
    count: int
    low: int
    high: int
    width: float

    @cached_property
    def mean(self) -> float:
        """The load each group would have in a perfect balance."""
        return max(sum(self.loads) / self.count, 1.0)

    def price(self, load: int) -> float:
        """Return what a group of this load costs."""
        over = max(self.low - load, load - self.high, 0)
        return OUTSIDE * over / self.mean + BALANCE * ((load - self.mean) / self.mean) ** 2


def outside(task: Task, group_of: Sequence[int]) -> int:
    """Return by how many households groups miss their bounds altogether."""
    return sum(max(task.low - load, load - task.high, 0) for load in _loads(task, group_of))


def cost(task: Task, group_of: Sequence[int]) -> float:
    """Return what a division costs: loads out of bounds or balance, and the priced borders."""
    border = sum(
        metres
        for cell, beside in enumerate(task.near)
        for other, metres in beside.items()
        if cell < other and group_of[cell] != group_of[other]
    )
    return sum(task.price(load) for load in _loads(task, group_of)) + border / task.width


def divide(
    task: Task,
    starts: Sequence[Sequence[int]] = (),
    *,
    runs: int = 3,
    seed: int = 1,
    tell: Callable[[float], None] = lambda _share: None,
) -> list[int]:
    """Return the group of each cell: the best of several runs, from METIS and from `starts`.

    A start need not have the right number of groups. `tell` hears which share of the work is done.
    """
    if task.count <= 1:
        return [0] * len(task.loads)
    firsts = [_fit_count(task, list(start)) for start in starts]
    firsts += [_fit_count(task, metis(task, seed + run)) for run in range(runs)]
    best: list[int] = []
    lowest = float("inf")
    for number, first in enumerate(firsts):
        found = _anneal(task, first, random.Random(seed + number))  # noqa: S311 - no secret
        price = cost(task, found)
        if price < lowest:
            best, lowest = found, price
        tell((number + 1) / len(firsts))
    return best


def metis(task: Task, seed: int) -> list[int]:
    """Return METIS's division: near balance, short borders, contiguous."""
    starts, others, prices = [0], list[int](), list[int]()
    for beside in task.near:
        others += beside
        prices += [max(1, round(metres)) for metres in beside.values()]
        starts.append(len(others))
    options = pymetis.Options(contig=1, seed=seed, ufactor=30)
    _cut, found = pymetis.part_graph(
        task.count,
        pymetis.CSRAdjacency(starts, others),
        vweights=[max(load, 0) for load in task.loads],
        eweights=prices,
        recursive=False,
        options=options,
    )
    return list(found)


def components(members: set[int], near: Near) -> list[list[int]]:
    """Return the connected parts of some cells, the first cell's part first."""
    left, found = set(members), []
    while left:
        queue = [min(left)]
        seen = set(queue)
        while queue:
            for other in near[queue.pop()]:
                if other in left and other not in seen:
                    seen.add(other)
                    queue.append(other)
        found.append(sorted(seen))
        left -= seen
    return found


def _loads(task: Task, group_of: Sequence[int]) -> list[int]:
    found = [0] * (max(group_of) + 1)
    for cell, group in enumerate(group_of):
        found[group] += task.loads[cell]
    return found


def _fit_count(task: Task, group_of: list[int]) -> list[int]:
    """Make every group connected, then split the heaviest or join the lightest to the count."""
    members: dict[int, set[int]] = {}
    for cell, group in enumerate(group_of):
        members.setdefault(group, set()).add(cell)
    groups = [
        set(part) for _, held in sorted(members.items()) for part in components(held, task.near)
    ]
    load = _load_of(task)
    while len(groups) > task.count:
        lightest = min(groups, key=lambda held: (load(held), min(held)))
        groups.remove(lightest)
        beside = {other for cell in lightest for other in task.near[cell]} - lightest
        host = min((held for held in groups if held & beside), key=lambda h: (load(h), min(h)))
        host |= lightest
    while len(groups) < task.count:
        heaviest = max((g for g in groups if len(g) > 1), key=lambda h: (load(h), len(h), -min(h)))
        groups.remove(heaviest)
        groups += _halves(task, sorted(heaviest))
    fitted = [0] * len(group_of)
    for number, held in enumerate(groups):
        for cell in held:
            fitted[cell] = number
    return fitted


def _load_of(task: Task) -> Callable[[set[int]], int]:
    return lambda held: sum(task.loads[cell] for cell in held)


def _halves(task: Task, held: list[int]) -> list[set[int]]:
    """Split a connected set in two connected ones of about the same load."""
    place = {cell: index for index, cell in enumerate(held)}
    near = [{place[o]: m for o, m in task.near[c].items() if o in place} for c in held]
    loads = [task.loads[cell] for cell in held]
    # Grow one side from the far end of the graph; what is cut off from the rest joins it.
    far = _walk(near, _walk(near, 0)[-1])
    half, total, first = sum(loads) / 2, 0, set[int]()
    for index in far[:-1]:
        if first and total + loads[index] / 2 > half:
            break
        first.add(index)
        total += loads[index]
    rest = sorted(components(set(range(len(held))) - first, near), key=len, reverse=True)
    kept = set(rest[0])
    return [{held[i] for i in range(len(held)) if i not in kept}, {held[i] for i in kept}]


def _walk(near: Near, start: int) -> list[int]:
    order, seen = [start], {start}
    for cell in order:
        for other in near[cell]:
            if other not in seen:
                seen.add(other)
                order.append(other)
    return order


def _anneal(task: Task, group_of: list[int], rng: random.Random) -> list[int]:
    """Move cells between neighbouring groups, at first also against the cost, then only with it."""
    loads, sizes = _loads(task, group_of), [0] * task.count
    for group in group_of:
        sizes[group] += 1
    now = lowest = cost(task, group_of)
    best = list(group_of)
    tries = max(FEWEST_TRIES, TRIES_PER_CELL * len(group_of))
    count, near = len(group_of), task.near
    for step in range(tries):
        cell = int(rng.random() * count)
        mine = group_of[cell]
        borders: dict[int, float] = {}
        for other, metres in near[cell].items():
            borders[group_of[other]] = borders.get(group_of[other], 0.0) + metres
        kept = borders.pop(mine, 0.0)
        if not borders or sizes[mine] == 1:
            continue
        theirs = rng.choice(list(borders)) if len(borders) > 1 else next(iter(borders))
        load, a, b = task.loads[cell], loads[mine], loads[theirs]
        change = (kept - borders[theirs]) / task.width
        change += task.price(a - load) + task.price(b + load) - task.price(a) - task.price(b)
        heat = HOT * (COLD / HOT) ** (step / tries)
        if change > 0 and rng.random() >= exp(-change / heat):
            continue
        if not _stays_whole(cell, mine, group_of, near):
            continue
        group_of[cell] = theirs
        loads[mine], loads[theirs] = a - load, b + load
        sizes[mine] -= 1
        sizes[theirs] += 1
        now += change
        if now < lowest - 1e-9 and step > tries // 2:
            best, lowest = list(group_of), now
    return best if lowest <= now else group_of


def _stays_whole(cell: int, group: int, group_of: list[int], near: Near) -> bool:
    """Tell whether a group stays connected without one of its cells."""
    wanted = {other for other in near[cell] if group_of[other] == group}
    if len(wanted) <= 1:
        return True
    start = wanted.pop()
    queue, seen = [start], {start, cell}
    while queue:
        for other in near[queue.pop()]:
            if other not in seen and group_of[other] == group:
                seen.add(other)
                wanted.discard(other)
                if not wanted:
                    return True
                queue.append(other)
    return False


def usual_width(area_m2: float, count: int) -> float:
    """Return the side of a square of a group's share of an area, in metres."""
    return max(sqrt(area_m2 / max(count, 1)), 1.0)
