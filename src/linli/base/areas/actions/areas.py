"""Every write to areas; each is an entry of the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from shapely.geometry import shape

from linli.kernel.ledger import actions as ledger
from linli.kernel.scope import Actor

from .. import locate
from ..codes import fault_in, parent_of
from ..importing import BadRow, level_name, read_boundaries, read_divisions
from ..models import Area, BoundaryRevision
from ..pinyin import keywords_for


@dataclass
class Imported:
    """What an import did; where there are bad rows it did nothing."""

    created: int = 0
    renamed: int = 0
    unchanged: int = 0
    bad: list[BadRow] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Tell whether the file was taken."""
        return not self.bad


def _record(area: Area, verb: str, actor: Actor, now: datetime, **data: Any) -> None:
    ledger.append(
        subject_type="area",
        subject_id=area.pk,
        verb=verb,
        actor=actor,
        at=now,
        area_code=area.code,
        data=data,
    )


def _in_force() -> dict[str, Area]:
    rows = Area.objects.filter(valid_to=None).defer("boundary")
    return {row.code: row for row in rows}


@transaction.atomic
def create_area(
    *, actor: Actor, now: datetime, code: str, name: str, parent: Area | None, **more: Any
) -> Area:
    """Make an area; a bad or taken code, or one that is not below its parent, is refused."""
    reason = fault_in(code)
    if reason is None and parent_of(code) != (parent.code if parent else ""):
        reason = _("编码与上级区域不符")
    if reason is None and Area.objects.filter(code=code, valid_to=None).exists():
        reason = _("编码已存在")
    if reason:
        raise ValidationError({"code": reason})
    area = Area.objects.create(
        code=code,
        level=level_name(code),
        name=name,
        parent=parent,
        keywords=keywords_for(name),
        valid_from=timezone.localdate(now),
        **more,
    )
    _record(area, "create", actor, now)
    return area


@transaction.atomic
def rename_area(*, actor: Actor, now: datetime, area: Area, name: str) -> None:
    """Give an area another name; the old one stays in the ledger."""
    old = area.name
    area.name, area.keywords = name, keywords_for(name)
    area.save(update_fields=["name", "keywords"])
    _record(area, "rename", actor, now, old=old, new=name)


@transaction.atomic
def end_area(*, actor: Actor, now: datetime, area: Area) -> None:
    """End an area from today; one that still has areas below it is refused."""
    if area.children.filter(valid_to=None).exists():
        raise ValidationError(_("下面还有在用的区域，不能停用。"))
    area.valid_to = timezone.localdate(now)
    area.save(update_fields=["valid_to"])
    _record(area, "end", actor, now)
    touch_boundaries()


@transaction.atomic
def set_boundary(*, actor: Actor, now: datetime, area: Area, boundary: dict[str, Any]) -> None:
    """Set an area's boundary (GeoJSON, WGS 84) and the point inside it."""
    inside = shape(boundary).representative_point()
    area.boundary, area.boundary_generated = boundary, False
    area.lon, area.lat = inside.x, inside.y
    area.save(update_fields=["boundary", "boundary_generated", "lon", "lat"])
    _record(area, "set_boundary", actor, now)


def touch_boundaries() -> None:
    """Tell every process that a border moved."""
    BoundaryRevision.objects.filter(pk=1).update(revision=F("revision") + 1)
    locate.forget()


@transaction.atomic
def import_divisions(body: bytes, *, actor: Actor, now: datetime) -> Imported:
    """Import a division file, all of it or nothing; run again, it only takes over new names."""
    standing = _in_force()
    read = read_divisions(body, set(standing))
    result = Imported(bad=read.bad)
    if read.bad:
        return result
    for row in read.rows:
        area = standing.get(row.code)
        if area is None:
            standing[row.code] = create_area(
                actor=actor,
                now=now,
                code=row.code,
                name=row.name,
                parent=standing.get(parent_of(row.code)),
            )
            result.created += 1
        elif area.name != row.name:
            rename_area(actor=actor, now=now, area=area, name=row.name)
            result.renamed += 1
        else:
            result.unchanged += 1
    return result


@transaction.atomic
def import_boundaries(body: bytes, *, actor: Actor, now: datetime, crs: str = "wgs84") -> Imported:
    """Import boundaries from GeoJSON, all of them or none."""
    standing = _in_force()
    read = read_boundaries(body, set(standing), crs)
    result = Imported(bad=read.bad)
    if read.bad:
        return result
    for code, boundary in read.rows:
        set_boundary(actor=actor, now=now, area=standing[code], boundary=boundary)
        result.created += 1
    touch_boundaries()
    return result


def load_areas(areas: Sequence[Area], *, actor: Actor, now: datetime) -> list[Area]:
    """Write many new areas of one level with their ledger entries, in few statements."""
    made = Area.objects.bulk_create(areas, batch_size=2000)
    ledger.append_new("area", "create", made, actor=actor, at=now)
    return made
