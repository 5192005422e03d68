"""Propose a layout: dwellings, an outline and the grids that stand become new grids."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import floor
from typing import Any

from ..coverage import square_metres
from .borders import Lengths, lengths, shapes
from .cells import Cells, Site, build_cells
from .dwellings import Dwelling
from .rules import Place, Wish, derive_count, faults, possible_counts
from .solver import Task, components, divide, outside, usual_width

STANDING_PRICE = 0.15  # of a metre of new border, where standing borders are worth keeping
OTHER_COUNTS = 2  # so many neighbouring numbers of grids are tried where the first one fails
Tell = Callable[[str, float], None]


@dataclass(frozen=True)
class Standing:
    """A grid that stands: its shape, and whether it is special, so that it stays as it is."""

    shape: Any
    special: bool = False


@dataclass(frozen=True)
class Draft:
    """A grid of the new layout.

    `sources` are the standing grids it takes households (or else land) from, largest part first;
    `same` is the standing grid it equals, and `fixed` marks a special grid left as it is.
    """

    shape: Any
    households: int
    dwellings: tuple[int, ...]
    sources: tuple[int, ...]
    same: int | None
    fixed: bool


@dataclass(frozen=True)
class Proposal:
    """A new layout; how much border it keeps, draws and gives up; how many households change
    their grid; and how many each standing grid has now."""

    drafts: tuple[Draft, ...]
    borders: Lengths
    moved_households: int
    before: tuple[int, ...]


class Infeasible(Exception):
    """No layout can be within the bounds; `reasons` say why and what would help."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = reasons


def merge_sites(dwellings: Sequence[Dwelling]) -> tuple[list[Site], list[list[int]]]:
    """Return the points of dwellings, those at the same point (to 0.1 m) joined, and which."""
    groups: dict[tuple[float, float], list[int]] = defaultdict(list)
    for number, one in enumerate(dwellings):
        groups[round(one.lon, 6), round(one.lat, 6)].append(number)
    sites = [
        Site(lon, lat, sum(dwellings[n].households for n in numbers))
        for (lon, lat), numbers in groups.items()
    ]
    return sites, list(groups.values())


def propose(
    outline: Any,
    standing: Sequence[Standing],
    dwellings: Sequence[Dwelling],
    wish: Wish,
    *,
    tell: Tell = lambda _stage, _share: None,
    seed: int = 1,
) -> Proposal:
    """Return a new layout of `outline`; raises Infeasible with the reasons where none can be.

    Every dwelling must lie inside the outline. The result always tiles the outline; loads out of
    bounds, which remain only where no division within them was found, show in the drafts.
    """
    if not dwellings:
        raise Infeasible(faults(0, [], wish))
    tell("cells", 0.0)
    sites, records = merge_sites(dwellings)
    fixed = [one.special for one in standing]
    cells = build_cells(outline, [one.shape for one in standing], fixed, sites)
    free = [cell for cell in range(len(cells.sites)) if not cells.fixed[cell]]
    _refuse(cells, free, sites, records, dwellings, wish)
    tell("divide", 0.0)
    group_of = _divide(
        cells, free, len([one for one in standing if not one.special]), wish, tell, seed
    )
    tell("borders", 0.0)
    drawn = shapes(cells, group_of, sites)
    return _proposal(cells, group_of, drawn, records, len(standing))


def _refuse(
    cells: Cells,
    free: Sequence[int],
    sites: Sequence[Site],
    records: Sequence[Sequence[int]],
    dwellings: Sequence[Dwelling],
    wish: Wish,
) -> None:
    inside = [number for cell in free for number in cells.sites[cell]]
    places = [
        Place(dwellings[records[n][0]].label, sites[n].households, len(records[n])) for n in inside
    ]
    found = faults(sum(place.households for place in places), places, wish)
    if found:
        raise Infeasible(found)


def _divide(
    cells: Cells, free: list[int], standing: int, wish: Wish, tell: Tell, seed: int
) -> list[int]:
    """Return the group of every cell: free ones divided part by part, then the fixed ones."""
    group_of = [-1] * len(cells.sites)
    parts = components(set(free), [_only(beside, cells) for beside in cells.near])
    loaded = [part for part in parts if sum(cells.households[cell] for cell in part)]
    total = sum(cells.households[cell] for cell in free)
    wanted = derive_count(total, standing, wish)
    used = 0
    for number, part in enumerate(loaded):
        load = sum(cells.households[cell] for cell in part)
        count = wanted if len(loaded) == 1 else max(1, round(wanted * load / total))

        def share(done: float, number: int = number) -> None:
            tell("divide", (number + done) / len(loaded))

        found = _divide_part(cells, part, count, len(loaded) == 1, wish, share, seed)
        for cell, group in zip(part, found, strict=True):
            group_of[cell] = used + group
        used += max(found) + 1
    _place_empty(cells, group_of, [part for part in parts if part not in loaded])
    return _with_fixed(cells, group_of, used)


def _only(beside: dict[int, float], cells: Cells) -> dict[int, float]:
    return {cell: metres for cell, metres in beside.items() if not cells.fixed[cell]}


def _divide_part(
    cells: Cells,
    part: list[int],
    count: int,
    alone: bool,
    wish: Wish,
    tell: Callable[[float], None],
    seed: int,
) -> list[int]:
    place = {cell: index for index, cell in enumerate(part)}
    near: list[dict[int, float]] = [{} for _ in part]
    for cell in part:
        for other, metres in cells.near[cell].items():
            if other in place:
                stood = wish.keep_borders and cells.old[cell] != cells.old[other]
                near[place[cell]][place[other]] = metres * (STANDING_PRICE if stood else 1.0)
    loads = [cells.households[cell] for cell in part]
    old = [cells.old[cell] for cell in part]
    members = set(part)
    area = sum(
        square_metres(cells.faces[face])
        for face, cell in enumerate(cells.cell_of)
        if cell in members
    )
    best: list[int] = []
    fewest = -1
    for attempt in _counts(count, sum(loads), len(part), alone, wish):
        task = Task(loads, near, attempt, wish.low, wish.high, usual_width(area, attempt))
        start = [_dense(old)] if wish.keep_borders else []
        found = divide(task, start, seed=seed, tell=tell)
        missed = outside(task, found)
        if fewest < 0 or missed < fewest:
            best, fewest = found, missed
        if not missed:
            break
    return best


def _dense(values: Sequence[int]) -> list[int]:
    numbers = {value: index for index, value in enumerate(sorted(set(values)))}
    return [numbers[value] for value in values]


def _counts(count: int, load: int, cells: int, alone: bool, wish: Wish) -> list[int]:
    """Return the numbers of grids to try: the one asked for, then its neighbours."""
    first = min(max(count, 1), cells)
    if wish.count and alone:
        return [first]
    fewest, most = possible_counts(load, wish)
    near = sorted(range(fewest, min(most, cells) + 1), key=lambda n: (abs(n - first), n))
    return [first, *[n for n in near if n != first][:OTHER_COUNTS]]


def _place_empty(cells: Cells, group_of: list[int], empty: Sequence[list[int]]) -> None:
    """Give land without dwellings that touches no free cell to the nearest group."""
    placed = [(face, cell) for face, cell in enumerate(cells.cell_of) if group_of[cell] >= 0]
    for part in empty:
        here = next(cells.faces[f] for f, cell in enumerate(cells.cell_of) if cell in part)
        nearest = min(placed, key=lambda one: cells.faces[one[0]].distance(here))[1]
        for cell in part:
            group_of[cell] = group_of[nearest]


def _with_fixed(cells: Cells, group_of: list[int], used: int) -> list[int]:
    numbers: dict[int, int] = {}
    for cell, old in enumerate(cells.old):
        if cells.fixed[cell]:
            group_of[cell] = numbers.setdefault(old, used + len(numbers))
    return group_of


def _proposal(
    cells: Cells,
    group_of: Sequence[int],
    drawn: Sequence[Any],
    records: Sequence[Sequence[int]],
    standing: int,
) -> Proposal:
    held: list[list[int]] = [[] for _ in drawn]
    for cell, group in enumerate(group_of):
        held[group].append(cell)
    area = _areas(cells)
    parts: list[Counter[int]] = [Counter() for _ in drawn]
    whole: Counter[int] = Counter()
    before = [0] * standing
    for cell, group in enumerate(group_of):
        if cells.old[cell] >= 0:
            # Households decide; land only where nobody lives.
            parts[group][cells.old[cell]] += cells.households[cell] * 1_000_000 + floor(area[cell])
            whole[cells.old[cell]] += 1
            before[cells.old[cell]] += cells.households[cell]
    drafts = []
    for group, members in enumerate(held):
        sources = tuple(old for old, _ in parts[group].most_common())
        same = sources[0] if len(sources) == 1 and len(members) == whole[sources[0]] else None
        numbers = [record for cell in members for n in cells.sites[cell] for record in records[n]]
        drafts.append(
            Draft(
                shape=drawn[group],
                households=sum(cells.households[cell] for cell in members),
                dwellings=tuple(sorted(numbers)),
                sources=sources,
                same=same if all(cells.old[cell] >= 0 for cell in members) else None,
                fixed=all(cells.fixed[cell] for cell in members),
            )
        )
    return Proposal(
        drafts=tuple(drafts),
        borders=lengths(cells, group_of),
        moved_households=_moved(cells, group_of),
        before=tuple(before),
    )


def _areas(cells: Cells) -> list[float]:
    found = [0.0] * len(cells.sites)
    for face, cell in enumerate(cells.cell_of):
        found[cell] += square_metres(cells.faces[face])
    return found


def _moved(cells: Cells, group_of: Sequence[int]) -> int:
    """Return the households whose neighbours change: all but the largest part of each old grid
    that stays together as the largest part of a new one."""
    shared: Counter[tuple[int, int]] = Counter()
    for cell, group in enumerate(group_of):
        shared[cells.old[cell], group] += cells.households[cell]
    stay, old_taken, new_taken = 0, set[int](), set[int]()
    for (old, group), households in shared.most_common():
        if old >= 0 and old not in old_taken and group not in new_taken:
            stay += households
            old_taken.add(old)
            new_taken.add(group)
    return sum(cells.households) - stay
