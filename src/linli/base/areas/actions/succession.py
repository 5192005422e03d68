"""The one way in which areas follow one another: new ones begin, old ones end, the open moves."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from shapely.geometry import mapping, shape

from linli.kernel.ledger import actions as ledger
from linli.kernel.scope import Actor

from ..codes import fault_in, parent_of
from ..locate import GridIndex, Place
from ..models import Area, Level, PastBoundary, Succession
from ..moving import Locate, movers
from ..naming import village
from ..pinyin import keywords_for
from .areas import touch_boundaries


@dataclass
class Act:
    """One audited act on areas: what it made, and how many rows moved along by kind."""

    actor: Actor
    now: datetime
    kind: str
    note: str = ""
    key: UUID = field(default_factory=uuid4)
    made: list[Area] = field(default_factory=list)
    moved: dict[str, int] = field(default_factory=dict)
    moves: list[tuple[Area, list[Area]]] = field(default_factory=list)


@dataclass(frozen=True)
class Heir:
    """An area to begin. A blank `code` takes the next free one below the parent."""

    name: str
    boundary: Any = None
    code: str = ""
    grid_kind: str = ""
    households: int | None = None


def demand(actor: Actor, permission: str, area: Area) -> None:
    """Raise PermissionDenied where the actor does not hold the permission over the area."""
    if actor.kind != "system" and not actor.can(permission, area.code):
        raise PermissionDenied


def lock(areas: Iterable[Area]) -> list[Area]:
    """Return the areas as they stand, locked in order; one that has ended is refused."""
    wanted = sorted({area.pk for area in areas})
    found = list(
        Area.objects.select_for_update(of=("self",))
        .filter(pk__in=wanted, valid_to=None)
        .select_related("parent")
        .order_by("pk")
    )
    if len(found) != len(wanted):
        raise ValidationError(_("区域已被他人调整，请刷新后再办。"))
    return found


def numbers_for(parent: Area, name: str) -> range:
    """Return the numbers open to an area below a parent.

    The statistical division codes number urban communities 001 to 199 and villages 200 to 399
    (National Bureau of Statistics, 统计用区划代码编制规则).
    """
    if level_below(parent) != Level.COMMUNITY:
        return range(1, 1000)
    return range(200, 400) if village(name) else range(1, 200)


def free_code(parent: Area, wanted: str = "", field_name: str = "code", name: str = "") -> str:
    """Return `wanted`, or the next number below the parent; a code is never used twice.

    A ValidationError stands at `field_name`.
    """
    span = numbers_for(parent, name)
    used = set(
        Area.objects.filter(
            code__gte=parent.code, code__lt=f"{parent.code}:", level=level_below(parent)
        ).values_list("code", flat=True)
    )
    used |= set(
        Succession.objects.filter(was_code__startswith=parent.code).values_list(
            "was_code", flat=True
        )
    )
    if wanted:
        reason = fault_in(wanted)
        if reason is None and parent_of(wanted) != parent.code:
            reason = _("编码与上级区域不符")
        if reason is None and wanted in used:
            reason = _("编码用过了，不能再用")
        if reason is None and name and int(wanted[-3:]) not in span:
            reason = _("“%(name)s”的编码末三位应在%(low)03d至%(high)03d之间") % {
                "name": name, "low": span[0], "high": span[-1],
            }  # fmt: skip
        if reason:
            raise ValidationError({field_name: reason})
        return wanted
    numbers = {int(code[-3:]) for code in used if len(code) == len(parent.code) + 3}
    after = max((n for n in numbers if n in span), default=span[0] - 1) + 1
    if after not in span:
        after = next((n for n in span if n not in numbers), 0)
    if not after:
        raise ValidationError(_("这里的编码已用完。"))
    return f"{parent.code}{after:03d}"


def level_below(parent: Area) -> str:
    """Return the level right below an area's."""
    order = list(Level)
    return str(order[order.index(Level(parent.level)) + 1])


def bounded(area: Area, polygon: Any) -> None:
    """Set a boundary and the point inside it, not yet saved."""
    area.boundary = None if polygon is None else json.loads(json.dumps(mapping(polygon)))
    inside = None if polygon is None else polygon.representative_point()
    area.lon, area.lat = (inside.x, inside.y) if inside else (None, None)


def begin(act: Act, heir: Heir, parent: Area, *, generated: bool = False) -> Area:
    """Make the area of an heir below its parent, from today."""
    name = heir.name.strip()
    if not name:
        raise ValidationError({"name": _("请填写名称。")})
    if len(name) > 80:
        raise ValidationError({"name": _("名称超过80个字")})
    code = free_code(parent, heir.code, name=name)
    area = Area(
        code=code,
        level=level_below(parent),
        name=name,
        parent=parent,
        keywords=keywords_for(name),
        grid_kind=heir.grid_kind,
        households=heir.households,
        boundary_generated=generated,
        valid_from=timezone.localdate(act.now),
    )
    bounded(area, heir.boundary)
    area.save(force_insert=True)
    act.made.append(area)
    record(act, area, "create", kind=act.kind)
    return area


def own_names(names: Sequence[str], standing: dict[int, str], gone: Sequence[Area] = ()) -> None:
    """Raise where a name is given twice, or stands already (key -> name) at one that stays."""
    ending = {area.pk for area in gone}
    taken = {name for key, name in standing.items() if key not in ending}
    for name in (name.strip() for name in names):
        if name in taken:
            raise ValidationError({"name": _("“%(name)s”已有了，请换一个名称。") % {"name": name}})
        taken.add(name)


def record(act: Act, area: Area, verb: str, **data: Any) -> None:
    """Append what happened to an area to the ledger, with the act's number."""
    ledger.append(
        subject_type="area",
        subject_id=area.pk,
        verb=verb,
        actor=act.actor,
        at=act.now,
        area_code=area.code,
        data={"act": str(act.key), **data},
    )


def hand_over(act: Act, old: Area, heirs: Sequence[tuple[Area, float]]) -> None:
    """End an area in favour of its heirs (with shares, the chief heir first)."""
    link(act, old, heirs)
    old.valid_to = timezone.localdate(act.now)
    old.save(update_fields=["valid_to"])
    codes = [heir.code for heir, _share in heirs]
    record(act, old, "succeed", kind=act.kind, heirs=codes)
    act.moves.append((old, [heir for heir, _share in heirs]))


def link(
    act: Act, old: Area, heirs: Iterable[tuple[Area, float]], *, code: str = "", name: str = ""
) -> None:
    """Write the rows of the succession; `code` and `name` are the old ones where they changed."""
    Succession.objects.bulk_create(
        Succession(
            old=old,
            new=heir,
            kind=act.kind,
            act=act.key,
            on=timezone.localdate(act.now),
            at=act.now,
            by_id=act.actor.account_id,
            note=act.note[:200],
            share=round(share, 6),
            was_code=code or old.code,
            was_name=name or old.name,
        )
        for heir, share in heirs
    )


def keep_boundary(act: Act, area: Area) -> None:
    """Keep the boundary that an act is about to move."""
    if area.boundary:
        PastBoundary.objects.create(area=area, boundary=area.boundary, until=act.now, act=act.key)


def index_of(grids: Sequence[Area]) -> GridIndex:
    """Return a point index over grids as they stand in this transaction."""
    drawn = [grid for grid in grids if grid.boundary]
    places = [Place(grid.pk, grid.code, grid.name) for grid in drawn]
    return GridIndex(places, [shape(grid.boundary or {}) for grid in drawn])


def locate_among(grids: Sequence[Area]) -> Locate:
    """Return the look-up from a point to one of these grids."""
    by_key = {grid.pk: grid for grid in grids}
    index = index_of(grids) if any(grid.boundary for grid in grids) else None

    def locate(lon: float, lat: float) -> Area | None:
        place = index.find(lon, lat) if index else None
        return by_key[place.area_id] if place else None

    return locate


def settle_buildings(act: Act, old: Area, chief: Area, locate: Locate) -> dict[int, int]:
    """Put the building groups of a grid under the grid they now stand on, else the chief heir.

    A building is a thing: it keeps its identity, and takes a new code. Returns households that
    left `old`, by the new grid's key.
    """
    left: dict[int, int] = {}
    for building in old.children.filter(valid_to=None).order_by("code"):
        inside = None
        if building.lon is not None and building.lat is not None:
            inside = locate(building.lon, building.lat)
        grid = inside or chief
        if grid.pk == old.pk:
            continue
        was = copy.copy(building)
        building.parent, building.code = grid, free_code(grid)
        building.save(update_fields=["parent", "code"])
        link(act, was, [(building, 1.0)])
        record(act, building, "recode", was=was.code)
        act.moves.append((was, [building]))
        left[grid.pk] = left.get(grid.pk, 0) + (building.households or 0)
    return left


def finish(act: Act, locate: Locate) -> Act:
    """Move along what is open or in force, and tell every process; the last step of an act."""
    touch_boundaries()
    for name, move in movers().items():
        count = sum(move(old, heirs, locate, act.now, act.actor) for old, heirs in act.moves)
        act.moved[name] = count
    if act.moves:
        chief = act.moves[-1][1][0]  # the widest area stands last
        record(act, chief, "move_along", kind=act.kind, moved=act.moved)
    return act
