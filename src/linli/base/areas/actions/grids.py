"""Edit the grids of a community: split, merge, draw, move a border. Refused, or stored whole."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from shapely import LineString, Polygon
from shapely.geometry import shape

from linli.kernel.scope import Actor

from .. import tiling
from ..faults import Fault
from ..models import Area, SuccessionKind
from ..naming import numbered
from .layouts import (
    Cell,
    Layout,
    Refused,
    cede,
    check,
    drawn,
    open_layout,
    replace_grids,
    store_others,
)
from .succession import Act, Heir, begin, own_names


@transaction.atomic
def split_grid(
    *, actor: Actor, now: datetime, community: Area, token: str | None, grid: Area,
    line: LineString, names: Sequence[str] = (), note: str = "",
) -> Act:  # fmt: skip
    """Split a grid along a line; the pieces take `names` from the largest down."""
    layout = open_layout(actor, community, token)
    old = _member(layout, grid)
    cell = layout.cell(old.pk)
    if cell not in layout.shapes:
        raise ValidationError(_("网格“%(name)s”还没有边界。") % {"name": old.name})
    others, pieces = drawn(lambda: tiling.split(layout.shapes, cell, line))
    check(layout, {**others, **dict(enumerate(pieces))})
    act = Act(actor, now, SuccessionKind.SPLIT, note)
    wanted = [name for name in names if name.strip()]
    names = [*wanted, *_fresh_names(layout, len(pieces) - len(wanted))]
    heirs = [
        (Heir(name, piece, grid_kind=old.grid_kind), piece.area / shape(old.boundary or {}).area)
        for name, piece in zip(names, pieces, strict=False)
    ]
    store_others(layout, others)
    return replace_grids(act, layout, [old], heirs)


@transaction.atomic
def merge_grids(
    *, actor: Actor, now: datetime, community: Area, token: str | None, grids: Sequence[Area],
    name: str = "", note: str = "",
) -> Act:  # fmt: skip
    """Merge neighbouring grids into one, named like the first unless told otherwise."""
    layout = open_layout(actor, community, token)
    olds = [_member(layout, grid) for grid in grids]
    if len({old.pk for old in olds}) < 2:
        raise ValidationError(_("请至少选两个网格。"))
    cells = [layout.cell(old.pk) for old in olds]
    if any(cell not in layout.shapes for cell in cells):
        raise ValidationError(_("所选网格有的还没有边界。"))
    joined = drawn(lambda: tiling.merge([layout.shapes[cell] for cell in cells]))
    rest = {cell: polygon for cell, polygon in layout.shapes.items() if cell not in cells}
    made = Cell(0, name or olds[0].name)
    after = tiling.joined(layout.whole, {**rest, made: joined}, tiling.TOUCH)
    check(layout, after)
    joined = after.pop(made)
    store_others(layout, after)
    act = Act(actor, now, SuccessionKind.MERGE, note)
    heir = Heir(name or olds[0].name, joined, grid_kind=olds[0].grid_kind)
    return replace_grids(act, layout, olds, [(heir, 1.0)])


@transaction.atomic
def draw_grid(
    *, actor: Actor, now: datetime, community: Area, token: str | None, ring: Polygon,
    name: str = "", grid_kind: str = "ordinary", households: int | None = None, note: str = "",
) -> Act:  # fmt: skip
    """Lay a new grid over gaps and standing grids, which cede what it covers."""
    layout = open_layout(actor, community, token)
    if not ring.is_valid or ring.is_empty:
        raise Refused(_("画的范围自己相交，请重画。"), [Fault("drawn", (), ring)])
    others, new = drawn(lambda: tiling.carve(layout.whole, layout.shapes, ring))
    check(layout, {**others, Cell(0, name): new})
    act = Act(actor, now, SuccessionKind.CARVE, note)
    heir = Heir(name or _fresh_names(layout, 1)[0], new, "", grid_kind, households)
    own_names([heir.name], {grid.pk: grid.name for grid in layout.grids.values()})
    made = begin(act, heir, layout.community)
    return cede(act, layout, others, made)


@transaction.atomic
def move_border(
    *, actor: Actor, now: datetime, community: Area, token: str | None,
    moves: Sequence[tuple[tiling.Pair, tiling.Pair]], note: str = "",
) -> Act:  # fmt: skip
    """Move border points from there to here; every grid that shares one moves with it."""
    layout = open_layout(actor, community, token)
    if not moves:
        raise ValidationError(_("请至少移动一个界址点。"))
    after = drawn(lambda: tiling.move(layout.shapes, moves, layout.whole))
    check(layout, after)
    return cede(Act(actor, now, SuccessionKind.BORDER, note), layout, after, None)


def _member(layout: Layout, grid: Area) -> Area:
    if grid.pk not in layout.grids:
        raise ValidationError(_("没有这个网格，请刷新页面。"))
    return layout.grids[grid.pk]


def _fresh_names(layout: Layout, count: int) -> list[str]:
    taken = {grid.name for grid in layout.grids.values()}
    found: list[str] = []
    number = 1
    while len(found) < count:
        name = numbered(number)
        if name not in taken:
            found.append(name)
        number += 1
    return found
