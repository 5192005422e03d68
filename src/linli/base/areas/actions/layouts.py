"""The grids of a community as one tiling: locked, checked, and stored as one succession."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from shapely import Polygon
from shapely.geometry import shape

from linli.kernel.flow.names import actor_name
from linli.kernel.scope import Actor

from .. import tiling
from ..editing import layout_token, whereabouts
from ..faults import Fault, faults
from ..models import Area, Level, Succession, SuccessionKind
from .succession import (
    Act,
    Heir,
    begin,
    bounded,
    demand,
    finish,
    hand_over,
    keep_boundary,
    link,
    locate_among,
    lock,
    own_names,
    record,
    settle_buildings,
)

T = TypeVar("T")


class Refused(ValidationError):
    """An edit that would break the tiling; `faults` say where."""

    def __init__(self, message: str, found: Sequence[Fault] = ()) -> None:
        super().__init__(message)
        self.faults = list(found)


class Overtaken(ValidationError):
    """Someone else edited these grids since the page was opened."""


@dataclass(frozen=True)
class Cell:
    """A grid as a part of the tiling; its text is its name."""

    pk: int
    name: str

    def __str__(self) -> str:
        return self.name


@dataclass
class Layout:
    """The grids of a locked community, and their shapes."""

    community: Area
    grids: dict[int, Area]
    shapes: dict[Any, Polygon]
    whole: Any

    def cell(self, pk: int) -> Cell:
        """Return the part of a grid."""
        return Cell(pk, self.grids[pk].name)


def open_layout(actor: Actor, community: Area, token: str | None) -> Layout:
    """Lock a community's grids for an edit.

    Raises PermissionDenied, and Overtaken where `token` is no longer that of the layout.
    """
    demand(actor, "areas.edit", community)
    (community,) = lock([community])
    if community.level != Level.COMMUNITY or not community.boundary:
        raise ValidationError(_("这个社区还没有边界，请先导入社区边界。"))
    if token is not None and token != layout_token(community):
        raise Overtaken(_overtaken(community))
    grids = lock(community.children.filter(valid_to=None))
    shapes: dict[Any, Any] = {
        Cell(grid.pk, grid.name): tiling.tidy(shape(grid.boundary or {}))
        for grid in grids
        if grid.boundary
    }
    whole = tiling.tidy(shape(community.boundary))
    return Layout(community, {grid.pk: grid for grid in grids}, shapes, whole)


def _overtaken(community: Area) -> str:
    last = Succession.objects.filter(was_code__startswith=community.code).order_by("-at").first()
    if last is None:
        return _("网格在您打开页面后被改过，请看新的网格再改。您填写的内容都在。")
    who = actor_name("staff" if last.by_id else "system", last.by_id)
    return _("%(who)s刚刚做了“%(what)s”，请看新的网格再改。您填写的内容都在。") % {
        "who": who,
        "what": last.get_kind_display(),
    }


def check(layout: Layout, after: Mapping[Any, Polygon]) -> None:
    """Raise Refused where the parts would not tile the community as well as before."""
    found = faults(layout.whole, after, layout.shapes)
    if found:
        where = [f"{one.words}（{whereabouts(layout.community, *one.point)}）" for one in found[:5]]
        raise Refused(_("没有保存：%(where)s") % {"where": "；".join(where)}, found)


def drawn(work: Callable[[], T]) -> T:
    """Run a piece of geometry; what cannot be drawn becomes Refused with its place."""
    try:
        return work()
    except tiling.CannotDraw as error:
        found = [] if error.where is None else [Fault("drawn", (), error.where)]
        raise Refused(str(error), found) from error


def replace_grids(
    act: Act, layout: Layout, olds: Sequence[Area], heirs: Sequence[tuple[Heir, float]]
) -> Act:
    """End grids in favour of new ones; buildings and all that is open move along by place."""
    generated = any(old.boundary_generated for old in olds)
    standing = {grid.pk: grid.name for grid in layout.grids.values()}
    own_names([heir.name for heir, _share in heirs], standing, olds)
    new = [begin(act, heir, layout.community, generated=generated) for heir, _share in heirs]
    gone = {old.pk for old in olds}
    stay = [grid for grid in layout.grids.values() if grid.pk not in gone]
    locate = locate_among([*stay, *new])
    for old in olds:
        ranked = shares_of(old, new)
        counted = sum(_households_below(old))
        settle_buildings(act, old, ranked[0][0], locate)
        hand_over(act, old, ranked)
        _share_out(max(0, (old.households or 0) - counted), ranked)
    for heir, area in zip(heirs, new, strict=True):
        if heir[0].households is None:
            area.households = (area.households or 0) + sum(_households_below(area)) or None
        else:
            area.households = heir[0].households
        area.save(update_fields=["households"])
    return finish(act, locate)


def _households_below(area: Area) -> list[int]:
    rows = area.children.filter(valid_to=None).values_list("households", flat=True)
    return [count or 0 for count in rows]


def _share_out(households: int, ranked: Sequence[tuple[Area, float]]) -> None:
    """Give households that no building group accounts for to the heirs by their surface."""
    left = households
    for area, share in reversed(ranked):
        part = left if area is ranked[0][0] else min(left, round(households * share))
        area.households = (area.households or 0) + part
        left -= part


@transaction.atomic
def adopt_layout(
    *, actor: Actor, now: datetime, community: Area, token: str | None, grids: Sequence[Heir],
    note: str = "",
) -> Act:  # fmt: skip
    """Replace all grids of a community by a proposed layout, as one audited act. Stable contract.

    `grids` are `Heir(name, boundary, grid_kind=..., households=...)`: the boundary a shapely
    Polygon in WGS 84 degrees; `code` is left blank (the next free code is taken). Together they
    must tile the community as well as its present grids do. A proposal with the ground of a
    standing grid leaves that grid as it is: code, name, people and work. Every other standing
    grid ends; its building groups, people, units, grants, duties, resources and open work move to
    the new grid on which they stand (by point, else to the one that took most of it). Households
    left None are counted from the building groups. `token` is `editing.layout_token(community)`
    when the proposal was computed (None: unchecked).

    Returns the Act: `act.key` (UUID on each Succession row and ledger entry), `act.made` (new
    areas), `act.moved` (name -> rows moved). Raises PermissionDenied without "areas.edit" over
    the community, Overtaken where the grids were changed since `token`, Refused (with `.faults`
    and their GeoJSON by `faults.as_geojson`) where the proposal leaves gaps, overlaps or bad
    shapes, and ValidationError for a blank or repeated name. In each case nothing is stored.
    """
    layout = open_layout(actor, community, token)
    names = [heir.name.strip() for heir in grids]
    if not grids or not all(names) or len(set(names)) < len(names):
        raise ValidationError(_("每个网格都要有名称，且不能重复。"))
    proposed = {Cell(-n, heir.name): heir.boundary for n, heir in enumerate(grids, start=1)}
    if bad := [one for one in proposed.values() if one.geom_type != "Polygon" or not one.is_valid]:
        raise Refused(_("布局里有不成一块或自己相交的网格。"), [Fault("drawn", (), bad[0])])
    after = tiling.joined(layout.whole, proposed)
    check(layout, after)
    act = Act(actor, now, SuccessionKind.LAYOUT, note)
    heirs, kept = [], set()
    for heir, ground in zip(grids, after.values(), strict=True):
        same = next((one for one, was in layout.shapes.items() if _same(was, ground)), None)
        if same is None:
            heirs.append((replace(heir, boundary=ground, code=""), 1.0))
        else:
            kept.add(same.pk)
            store_others(layout, {same: ground})
    olds = [grid for pk, grid in layout.grids.items() if pk not in kept]
    if not heirs:
        raise ValidationError(_("新布局与现在的网格相同，没有要调整的。"))
    return replace_grids(act, layout, olds, heirs)


def _same(a: Polygon, b: Polygon) -> bool:
    # New corners on a border, rounded to a centimetre, shift a few square metres.
    return a.symmetric_difference(b).area <= 1e-4 * a.area


def shares_of(old: Area, new: Sequence[Area]) -> list[tuple[Area, float]]:
    """Return the heirs of an area with the share of its surface each takes, largest first."""
    if not old.boundary or any(not area.boundary for area in new):
        return [(area, 1 / len(new)) for area in new]
    before = shape(old.boundary)
    found = [
        (area, before.intersection(shape(area.boundary or {})).area / before.area) for area in new
    ]
    kept = [(area, share) for area, share in found if share > 1e-6]
    return sorted(kept or found[:1], key=lambda pair: -pair[1])


def cede(act: Act, layout: Layout, after: Mapping[Any, Polygon], made: Area | None) -> Act:
    """Store moved borders: each grid keeps its identity and cedes ground to others."""
    before = {grid.pk: shape(grid.boundary) for grid in layout.grids.values() if grid.boundary}
    changed = [cell for cell in after if not after[cell].equals(layout.shapes[cell])]
    for cell in changed:
        grid = layout.grids[cell.pk]
        keep_boundary(act, grid)
        bounded(grid, after[cell])
        grid.save(update_fields=["boundary", "lon", "lat"])
        record(act, grid, "set_boundary", kind=act.kind)
    store_others(layout, {cell: after[cell] for cell in after if cell not in changed})
    standing = [*layout.grids.values(), *([made] if made else [])]
    locate = locate_among(standing)
    for cell in changed:
        old = layout.grids[cell.pk]
        takers = _takers(before[old.pk], old, standing)
        if takers:
            link(act, old, takers)
        left = settle_buildings(act, old, old, locate)
        _shift_households(old, left, standing)
        act.moves.append((old, [old, *(taker for taker, _share in takers)]))
    return finish(act, locate)


def _takers(before: Any, old: Area, standing: Sequence[Area]) -> list[tuple[Area, float]]:
    found = []
    for other in standing:
        if other.pk != old.pk and other.boundary:
            share = before.intersection(shape(other.boundary)).area / before.area
            if share > 1e-6:
                found.append((other, share))
    return sorted(found, key=lambda pair: -pair[1])


def _shift_households(old: Area, left: dict[int, int], standing: Sequence[Area]) -> None:
    for other in standing:
        count = left.get(other.pk, 0)
        if count and old.households is not None:
            other.households = (other.households or 0) + count
            old.households = max(0, old.households - count)
            other.save(update_fields=["households"])
            old.save(update_fields=["households"])


def store_others(layout: Layout, after: Mapping[Any, Polygon]) -> None:
    """Store neighbours that only gained vertices: their ground is the same."""
    for cell, polygon in after.items():
        if not polygon.equals_exact(layout.shapes[cell], 0.0):
            grid = layout.grids[cell.pk]
            bounded(grid, polygon)
            grid.save(update_fields=["boundary", "lon", "lat"])
