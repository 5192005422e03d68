"""Read what became of areas: acts, ancestors, successors, and old codes and names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Max, Q, QuerySet
from django.http import Http404

from linli.kernel.ledger.models import Entry
from linli.kernel.scope import Actor

from ..models import Area, Level, Succession, SuccessionKind

WHOLE = 0.999  # a share that was measured; what is left of it are slivers
DEEPEST = 20  # steps back or forth; a chain of successions is never so long
MOST_FOUND = 20


def past_codes(area: Area) -> list[str]:
    """Return the codes of the areas that went into this one whole, the latest first.

    An area that was split is nobody's past as a whole, and neither is what lay before it.
    """
    found: dict[str, None] = {}
    keys = {area.pk}
    for _step in range(DEEPEST):
        rows = Succession.objects.filter(new__in=keys, share__gte=WHOLE).exclude(
            kind__in=(SuccessionKind.BORDER, SuccessionKind.CARVE)
        )
        links = list(rows.order_by("-at").values_list("old_id", "was_code"))
        found.update(dict.fromkeys(code for _old, code in links if code != area.code))
        keys = {old for old, _code in links} - keys
        if not keys:
            break
    return list(found)


@dataclass(frozen=True)
class Link:
    """One step of a genealogy: the area before or after, as it was called then, and the act."""

    code: str
    name: str
    standing: bool
    kind: str
    on: Any
    act: UUID
    share: float

    @property
    def percent(self) -> str:
        """Return the share of the surface, or blank where all of it went."""
        return "" if self.share >= WHOLE else f"{100 * self.share:.0f}%"


def ancestors_of(area: Area) -> list[Link]:
    """Return what the area came from, directly and further back, the latest step first."""
    found, keys, seen = [], {area.pk}, {area.pk}
    for _step in range(DEEPEST):
        rows = list(_links(Q(new__in=keys)))
        found += [_link(row, row.was_code, row.was_name, row.old) for row in rows]
        keys = {row.old_id for row in rows} - seen
        seen |= keys
        if not keys:
            break
    return found


def successors_of(area: Area) -> list[Link]:
    """Return what became of the area, directly and further on, the first step first."""
    found, keys, seen = [], {area.pk}, {area.pk}
    for _step in range(DEEPEST):
        rows = list(_links(Q(old__in=keys)).exclude(old=F("new")).reverse())
        found += [_link(row, row.new.code, row.new.name, row.new) for row in rows]
        keys = {row.new_id for row in rows} - seen
        seen |= keys
        if not keys:
            break
    return found


def _links(condition: Q) -> QuerySet[Succession]:
    rows = Succession.objects.filter(condition).exclude(kind=SuccessionKind.BORDER)
    return (
        rows.select_related("old", "new")
        .defer("old__boundary", "new__boundary")
        .order_by("-at", "-share", "pk")
    )


def _link(row: Succession, code: str, name: str, area: Area) -> Link:
    standing = area.valid_to is None and area.code == code and area.name == name
    return Link(code, name, standing, row.get_kind_display(), row.on, row.act, row.share)


@dataclass(frozen=True)
class Former:
    """An old code or name that a search met, and the areas that stand in its place today."""

    code: str
    name: str
    kind: str
    on: Any
    now: list[Area]


def find_former(text: str) -> list[Former]:
    """Find areas by a code or name they no longer have, with what stands there today."""
    wanted = "".join(text.split())
    if not wanted:
        return []
    condition = Q(was_name__icontains=wanted)
    if wanted.isascii() and wanted.isdigit():
        condition = Q(was_code=wanted)
        if len(wanted) < 18 and len(wanted) >= 9:
            condition |= Q(was_code__startswith=wanted, old__level__in=_levels_of(wanted))
    rows = _links(condition).exclude(old__level=Level.BUILDING)
    found: dict[tuple[str, str], Former] = {}
    for row in rows[: MOST_FOUND * 4]:
        key = (row.was_code, row.was_name)
        if key in found or len(found) == MOST_FOUND:
            continue
        if row.old_id == row.new_id and (row.new.code, row.new.name) == key:
            continue
        found[key] = Former(*key, row.get_kind_display(), row.on, standing_after(row.old_id))
    return [former for former in found.values() if former.now]


def _levels_of(code: str) -> tuple[str, ...]:
    return (Level.COMMUNITY,) if len(code) <= 12 else (Level.GRID,)


def standing_after(area_id: int) -> list[Area]:
    """Return the areas in force that an area ended in; itself where it still stands."""
    keys, seen = {area_id}, {area_id}
    for _step in range(DEEPEST):
        rows = Succession.objects.filter(old__in=keys).exclude(old=F("new"))
        more = set(rows.values_list("new_id", flat=True)) - seen
        if not more:
            break
        keys, seen = more, seen | more
    standing = Area.objects.filter(pk__in=seen, valid_to=None).defer("boundary")
    return list(standing.select_related("parent").defer("parent__boundary").order_by("code"))


def predecessor_of(code: str) -> Area | None:
    """Return the area that ended under this code, the latest; None where there is none."""
    rows = Area.objects.filter(code=code).exclude(valid_to=None).defer("boundary")
    found = rows.select_related("parent").order_by("-valid_to", "-pk").first()
    if found is not None:
        return found
    row = Succession.objects.filter(was_code=code).select_related("new").order_by("-at").first()
    return row.new if row else None


def visible_acts(actor: Actor) -> QuerySet[Succession]:
    """Return one row for each act the actor may read, that of its widest area; fails closed."""
    if actor.kind != "system" and not actor.can("areas.view"):
        return Succession.objects.none()
    rows = Succession.objects.exclude(old__level=Level.BUILDING).values("act")
    keys = rows.annotate(widest=Max("pk")).values("widest")  # acts write the widest area last
    return (
        Succession.objects.filter(pk__in=keys)
        .select_related("old", "new")
        .defer("old__boundary", "new__boundary")
    )


def rows_of(act: UUID) -> list[Succession]:
    """Return the rows of an act, communities first."""
    rows = Succession.objects.filter(act=act).select_related("old", "new")
    found = list(rows.defer("old__boundary", "new__boundary").order_by("pk"))
    return sorted(found, key=lambda row: (len(row.was_code), row.was_code, row.new.code))


def get_act(actor: Actor, act: UUID) -> list[Succession]:
    """Return the rows of an act, communities first; raises Http404 where there is none."""
    found = rows_of(act)
    if not found or not actor.can("areas.view"):
        raise Http404
    return found


def moved_by(rows: Iterable[Succession]) -> dict[str, int]:
    """Return how many rows of each kind moved along, as the ledger has it."""
    keys = {row.new_id for row in rows}
    act = next((str(row.act) for row in rows), "")
    entry = Entry.objects.filter(
        subject_type="area", subject_id__in=keys, verb="move_along", data__act=act
    ).first()
    return dict(entry.data["moved"]) if entry else {}


def counts_of(acts: Iterable[UUID]) -> dict[UUID, int]:
    """Return how many areas ended by each act."""
    rows = Succession.objects.filter(act__in=list(acts)).values("act")
    counted = rows.annotate(n=Count("old", distinct=True)).values_list("act", "n")
    return dict(counted)
