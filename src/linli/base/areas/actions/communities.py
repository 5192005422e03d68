"""Succession above grids: communities split, merge, change their code, turn from village to town.

The grids below follow, each by a succession of its own, because their codes begin with the
community's. What is finished keeps the area and code recorded with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from shapely.geometry import shape
from shapely.ops import unary_union

from linli.kernel.scope import Actor

from ..models import Area, Level, SuccessionKind
from ..naming import numbered, village
from ..pinyin import keywords_for
from .layouts import shares_of
from .succession import (
    Act,
    Heir,
    begin,
    demand,
    finish,
    free_code,
    hand_over,
    link,
    locate_among,
    lock,
    own_names,
    record,
    settle_buildings,
)


@dataclass(frozen=True)
class NewCommunity:
    """A community to begin: its name, a code or blank for the next free one, and its grids."""

    name: str
    grids: Sequence[Area]
    code: str = ""


@transaction.atomic
def split_community(
    *, actor: Actor, now: datetime, community: Area, parts: Sequence[NewCommunity], note: str = ""
) -> Act:
    """Split a community by its grids; each grid goes to exactly one part, none is left over."""
    (old,) = _open(actor, [community])
    if len(parts) < 2 or any(not part.grids for part in parts):
        raise ValidationError(_("请至少分成两个社区，每个社区至少一个网格。"))
    wanted = sorted(grid.pk for part in parts for grid in part.grids)
    standing = sorted(old.children.filter(valid_to=None).values_list("pk", flat=True))
    if wanted != standing:
        raise ValidationError(_("每个网格都要分到一个新社区，且只能分到一个。"))
    return _succeed(Act(actor, now, SuccessionKind.SPLIT, note), [old], parts)


@transaction.atomic
def merge_communities(
    *, actor: Actor, now: datetime, communities: Sequence[Area], name: str, code: str = "",
    note: str = "",
) -> Act:  # fmt: skip
    """Merge communities of one subdistrict into one; their grids are numbered on."""
    olds = _open(actor, communities)
    if len(olds) < 2:
        raise ValidationError(_("请至少选两个社区。"))
    if len({old.parent_id for old in olds}) > 1:
        raise ValidationError(_("只能合并同一街道的社区。"))
    shapes = [shape(old.boundary) for old in olds if old.boundary]
    if shapes and unary_union(shapes).geom_type != "Polygon":
        raise ValidationError(_("所选社区不相邻。"))
    grids = [grid for old in olds for grid in old.children.filter(valid_to=None).order_by("code")]
    act = Act(actor, now, SuccessionKind.MERGE, note)
    return _succeed(act, olds, [NewCommunity(name, grids, code)])


@transaction.atomic
def recode_area(*, actor: Actor, now: datetime, area: Area, code: str, note: str = "") -> Act:
    """Give a community or grid another code below the same parent; all below it follow."""
    act = Act(actor, now, SuccessionKind.RECODE, note)
    (old,) = _open(actor, [area])
    return _follow(act, old, old.name, code)


@transaction.atomic
def urbanise_village(
    *, actor: Actor, now: datetime, area: Area, name: str, code: str, note: str = ""
) -> Act:
    """Turn a village into an urban community with a new name and code.

    In the statistical division codes urban communities are numbered 001 to 199 and villages 200
    to 399; the new code must be urban, and the old area a village by its code or name.
    """
    (old,) = _open(actor, [area])
    if old.level != Level.COMMUNITY or not (200 <= int(old.code[-3:]) <= 399 or village(old.name)):
        raise ValidationError(_("“%(name)s”不是村，不能办村改居。") % {"name": old.name})
    if village(name):
        raise ValidationError({"name": _("城市社区的名称不能以“村”或“村民委员会”结尾。")})
    if code and not 1 <= int(code[-3:] or 0) <= 199:
        raise ValidationError({"code": _("城市社区编码的末三位应在001至199之间。")})
    return _follow(Act(actor, now, SuccessionKind.URBAN, note), old, name, code)


@transaction.atomic
def rename(*, actor: Actor, now: datetime, area: Area, name: str, note: str = "") -> Act:
    """Give an area another name; it stays the same area, and the old name stays findable."""
    act = Act(actor, now, SuccessionKind.RENAME, note)
    (now_called,) = _open(actor, [area])
    old = Area.objects.get(pk=now_called.pk)  # as it was, for the movers
    name = name.strip()
    if not name or name == old.name:
        raise ValidationError({"name": _("请填写新名称。")})
    if len(name) > 80:
        raise ValidationError({"name": _("名称超过80个字")})
    beside = Area.objects.filter(parent=old.parent_id, valid_to=None).exclude(pk=old.pk)
    own_names([name], dict(beside.values_list("pk", "name")))
    now_called.name, now_called.keywords = name, keywords_for(name)
    now_called.save(update_fields=["name", "keywords"])
    link(act, old, [(now_called, 1.0)])
    record(act, now_called, "rename", old=old.name, new=name)
    act.moves.append((old, [now_called]))
    return finish(act, locate_among([]))


def _open(actor: Actor, areas: Sequence[Area]) -> list[Area]:
    """Lock the areas and those below them; grids need the right to edit, communities to succeed."""
    for area in areas:
        if area.level not in {Level.COMMUNITY, Level.GRID}:
            raise ValidationError(_("只能调整社区和网格。"))
        demand(actor, "areas.edit" if area.level == Level.GRID else "areas.succeed", area)
    locked = lock(areas)
    lock(Area.objects.filter(parent__in=locked, valid_to=None))
    order = {area.pk: place for place, area in enumerate(areas)}
    return sorted(locked, key=lambda area: order[area.pk])


def _follow(act: Act, old: Area, name: str, code: str) -> Act:
    """One area follows another on the same ground, with all that is below it."""
    if not code:
        raise ValidationError({"code": _("请填写新编码。")})
    if old.level == Level.GRID:
        parent = _parent(old)
        new = _begin_again(act, old, name, parent, free_code(parent, code))
        return finish(act, _hand_grid_over(act, old, new))
    below = list(old.children.filter(valid_to=None).order_by("code"))
    return _succeed(act, [old], [NewCommunity(name, below, code)])


def _parent(area: Area) -> Area:
    assert area.parent is not None  # noqa: S101 - only the district has none
    return area.parent


def _begin_again(act: Act, old: Area, name: str, parent: Area, code: str) -> Area:
    ground: Any = shape(old.boundary) if old.boundary else None
    heir = Heir(name, ground, code, old.grid_kind, old.households)
    return begin(act, heir, parent, generated=old.boundary_generated)


def _hand_grid_over(act: Act, old: Area, new: Area) -> Any:
    locate = locate_among([new])
    settle_buildings(act, old, new, locate)
    hand_over(act, old, [(new, 1.0)])
    return locate


def _succeed(act: Act, olds: Sequence[Area], parts: Sequence[NewCommunity]) -> Act:
    """End communities in favour of new ones made of their grids."""
    subdistrict = _parent(olds[0])
    beside = subdistrict.children.filter(valid_to=None).values_list("pk", "name")
    own_names([part.name for part in parts], dict(beside), olds)
    made, grids = [], []
    for part in parts:
        new = _begin_community(act, part, olds, subdistrict, whole=len(parts) == 1)
        made.append(new)
        for old_grid in part.grids:
            grids.append(_begin_again(act, old_grid, _name_in(new, old_grid), new, ""))
            settle_buildings(act, old_grid, grids[-1], locate_among([grids[-1]]))
            hand_over(act, old_grid, [(grids[-1], 1.0)])
    for old in olds:
        hand_over(act, old, _heirs(old, made, parts))
    return finish(act, locate_among(grids))


def _begin_community(
    act: Act, part: NewCommunity, olds: Sequence[Area], subdistrict: Area, *, whole: bool
) -> Area:
    areas = olds if whole else part.grids
    shapes = [shape(area.boundary) for area in areas if area.boundary]
    ground = unary_union(shapes) if shapes else None
    if ground is not None and ground.geom_type != "Polygon" and not (whole and len(olds) == 1):
        raise ValidationError(_("“%(name)s”的网格不连成一片。") % {"name": part.name})
    households = sum(grid.households or 0 for grid in part.grids) or None
    heir = Heir(part.name, ground, part.code, households=households)
    generated = any(old.boundary_generated for old in olds)
    return begin(act, heir, subdistrict, generated=generated)


def _name_in(community: Area, grid: Area) -> str:
    """Keep a grid's name; where it stands in the new community already, number on."""
    taken = set(community.children.filter(valid_to=None).values_list("name", flat=True))
    if grid.name not in taken:
        return grid.name
    numbers = (numbered(n) for n in range(1, 1000))
    return next(name for name in numbers if name not in taken)


def _heirs(
    old: Area, made: Sequence[Area], parts: Sequence[NewCommunity]
) -> list[tuple[Area, float]]:
    if len(made) == 1:
        return [(made[0], 1.0)]
    if old.boundary and all(new.boundary for new in made):
        return shares_of(old, made)
    total = sum(len(part.grids) for part in parts)
    return [(new, len(part.grids) / total) for new, part in zip(made, parts, strict=True)]
