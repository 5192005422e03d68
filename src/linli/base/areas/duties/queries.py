"""Read duties: who answers for a place, the record of an area, and the vacant posts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from linli.kernel.scope import Actor, within

from ..models import CODE_LENGTH, Area, Duty, DutyPost, Level
from ..naming import short_name
from ..staffing import Person, staff
from .rules import INSTEAD, NEEDED, ORDER, deciding_code, standing


@dataclass(frozen=True)
class Holder:
    """Someone at a post. Without `duty` it is known from their role, not from the roster."""

    area_code: str
    post: str
    name: str
    phone: str
    duty: Duty | None = None
    account_id: int | None = None

    @property
    def label(self) -> Any:
        """Return the name of the post."""
        return DutyPost(self.post).label


@dataclass(frozen=True)
class PostLine:
    """A post of an area: who holds it, and where nobody does, who answers instead."""

    post: str
    holders: tuple[Holder, ...]
    instead: Holder | None = None

    @property
    def label(self) -> Any:
        """Return the name of the post."""
        return DutyPost(self.post).label


@dataclass(frozen=True)
class Gap:
    """How many grids of a community have no head, and how many no worker."""

    code: str
    name: str
    grids: int
    no_lead: int
    no_staff: int

    @property
    def lead_share(self) -> str:
        """The share of its grids without a head."""
        return share(self.no_lead, self.grids)

    @property
    def staff_share(self) -> str:
        """The share of its grids without a worker."""
        return share(self.no_staff, self.grids)


def share(part: int, whole: int) -> str:
    """Return a share in percent; "—" of nothing."""
    return f"{part / whole * 100:.1f}%" if whole else "—"


def named() -> QuerySet[Duty]:
    """Return all duties with `who_name`, `who_phone` and `who_active` of the account, if any."""
    rows = Duty.objects.select_related("area__parent").annotate(**staff().columns())
    return rows.defer("area__boundary", "area__parent__boundary")


def manned(day: date) -> QuerySet[Duty]:
    """Return the duties in force on a day whose holder did not leave (a closed account)."""
    return named().filter(standing(day), Q(account_id=None) | Q(who_active=True))


def visible_duties(actor: Actor) -> QuerySet[Duty]:
    """Return the duties, past ones too; the whole district's, as its map. Fails closed."""
    return named() if actor.can("areas.view") else Duty.objects.none()


def duty_to_change(actor: Actor, duty_id: int) -> Duty:
    """Return a duty the actor may end or hand over; raises Http404 otherwise."""
    row = get_object_or_404(visible_duties(actor), pk=duty_id)
    if not actor.can("areas.post", deciding_code(row.area_code, row.post)):
        raise Http404
    return row


def record_of(actor: Actor, area: Area) -> list[Duty]:
    """Return who answered for an area, those in office first, then the latest to leave."""
    rows = visible_duties(actor).filter(area=area)
    return sorted(rows, key=lambda row: (row.valid_to or date.max, row.valid_from), reverse=True)


def name_of(row: Duty) -> str:
    """Return the name to show of a duty that came from `named`."""
    return str(getattr(row, "who_name", None) or row.name)


def phone_of(row: Duty) -> str:
    """Return the phone of a duty that came from `named`."""
    return str(getattr(row, "who_phone", None) or row.phone)


def holders_at(codes: list[str], day: date) -> list[Holder]:
    """Return who holds which post at some areas, in the order of posts; in two queries."""
    found = [
        Holder(row.area_code, row.post, name_of(row), phone_of(row), row, row.account_id)
        for row in manned(day).filter(area_code__in=codes, area__valid_to=None).order_by("pk")
    ]
    grids = [code for code in codes if len(code) == CODE_LENGTH[Level.GRID]]
    taken = {one.area_code for one in found if one.post == DutyPost.GRID_STAFF}
    here = {(one.area_code, one.account_id) for one in found}
    for person in staff().known_at(grids, day) if grids else ():
        code = person.area_code
        if (code, person.account_id) in here:
            continue
        post = DutyPost.ASSISTANT if code in taken else DutyPost.GRID_STAFF
        taken.add(code)
        found.append(Holder(code, post, person.name, person.phone, None, person.account_id))
    return sorted(found, key=lambda one: ORDER[one.post])


def board(codes: list[str], day: date) -> dict[str, list[PostLine]]:
    """Return the posts of each area on a way up the tree: those held, and those that must be."""
    found = holders_at(codes, day)
    by_post: dict[tuple[str, str], list[Holder]] = {}
    for one in found:
        by_post.setdefault((one.area_code, one.post), []).append(one)
    lines = {}
    for code in codes:
        needed = _needed(code)
        posts = [post for post in DutyPost.values if (code, post) in by_post or post in needed]
        lines[code] = [
            PostLine(post, tuple(by_post.get((code, post), ())), _instead(post, code, found))
            if (code, post) not in by_post
            else PostLine(post, tuple(by_post[code, post]))
            for post in posts
        ]
    return lines


def _needed(code: str) -> tuple[DutyPost, ...]:
    level = next(level for level, length in CODE_LENGTH.items() if length == len(code))
    return NEEDED.get(level, ())


def _instead(post: str, code: str, found: list[Holder]) -> Holder | None:
    for other in INSTEAD.get(DutyPost(post), ()):
        for one in found:
            if one.post == other and code.startswith(one.area_code):
                return one
    return None


def known_person(area: Area, day: date) -> Person | None:
    """Return who holds the grid worker's role at a grid but does not stand in the roster yet."""
    found = staff().known_at([area.code], day) if area.level == Level.GRID else []
    return found[0] if found else None


def grids_with_posts(actor: Actor, day: date, code: str = "") -> QuerySet[Area]:
    """Return grids in force with `has_lead` and `has_staff`; the district's, or below a code."""
    if not actor.can("areas.view"):
        return Area.objects.none()
    rows = Area.objects.filter(level=Level.GRID, valid_to=None).defer("boundary")
    rows = rows.filter(within([code], field="code")) if code else rows
    here = manned(day).filter(area=OuterRef("pk"))
    lead = Exists(here.filter(post=DutyPost.GRID_LEAD))
    worker = Exists(here.filter(post=DutyPost.GRID_STAFF))
    return rows.annotate(has_lead=lead, has_staff=Q(worker) | Q(staff().holding(day)))


def gaps(rows: QuerySet[Area]) -> list[Gap]:
    """Return by community how many of these grids lack whom, communities without gaps too."""
    counted = rows.values("parent__code", "parent__name").annotate(
        grids=Count("pk"),
        no_lead=Count("pk", filter=Q(has_lead=False)),
        no_staff=Count("pk", filter=Q(has_staff=False)),
    )
    return [
        Gap(
            row["parent__code"] or "", short_name(row["parent__name"] or ""), row["grids"],
            row["no_lead"], row["no_staff"],
        )
        for row in counted.order_by("parent__code")
    ]  # fmt: skip
