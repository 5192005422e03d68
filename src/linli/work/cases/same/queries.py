"""Look up likely duplicates, and who stands behind a matter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from math import cos, pi, radians, sin
from typing import Any

from django.core import signing
from django.db.models import Q

from linli.base.accounts.models import Account
from linli.base.areas.queries import grid_codes_at, place_names
from linli.kernel.scope import Actor

from ..models import OPEN_STATES, Case, Category, Joiner, Nature, State
from ..setup import current
from . import rules

MOST_COMPARED = 500  # the newest of the communities around
SHOWN = 3
# Neighbours are not told of these: it would warn someone, or give a person away.
UNSHOWN_LINES = frozenset({"police", "planning", "justice", "labour"})
UNSHOWN_NATURES = frozenset({Nature.DISPUTE, Nature.REPORT})
JOIN_SALT, MATTER_SALT = "cases.same.join", "cases.same.matter"
JOIN_SECONDS = 24 * 3600


@dataclass
class Likely:
    """A case that may be the same matter, and how likely it is (0 to 1)."""

    case: Case
    score: float

    @property
    def percent(self) -> int:
        """Return the likelihood for people."""
        return round(100 * self.score)


@dataclass(frozen=True)
class Neighbouring:
    """All that a visitor learns of a matter that stands: its kind, its subdistrict, its state.

    `token` joins it when it is sent back within a day; blank where it has ended.
    """

    category: str
    place: str
    state: str
    state_label: str
    token: str
    case_id: int


def likely(
    *,
    now: datetime,
    text: str,
    area_code: str,
    lon: float | None = None,
    lat: float | None = None,
    category: Category | None = None,
    besides: int | None = None,
    most: int = SHOWN,
) -> list[tuple[int, float]]:
    """Return ids and scores of the likeliest duplicates, best first.

    Compared are cases of the last 30 days, open or closed within 7 days, of the communities
    within 300 m. Where the place is not known down to a community, nothing is found.
    """
    if len(area_code) < 12 or len(text.strip()) < 4:
        return []
    new = rules.Sight(text, area_code, lon, lat, *_codes(category))
    rows = Case.objects.filter(
        Q(state__in=OPEN_STATES) | Q(state=State.CLOSED, closed_at__gte=now - rules.LATELY),
        community_code__in=_communities(area_code, lon, lat),
        created_at__gte=now - rules.LOOK_BACK,
    ).exclude(pk=besides or 0)
    fields = ("pk", "title", "text", "area_code", "lon", "lat", "category_id")
    found = list(rows.order_by("-created_at").values_list(*fields)[:MOST_COMPARED])
    words = rules.word_scores(text, [f"{row[1]} {row[2]}" for row in found])
    categories = current().categories
    scored = []
    for (pk, title, body, code, east, north, leaf), alike in zip(found, words, strict=True):
        old = rules.Sight(f"{title} {body}", code, east, north, *_codes(categories.get(leaf)))
        scored.append((pk, rules.score(new, old, alike)))
    best = sorted((row for row in scored if row[1] >= rules.LIKELY), key=lambda row: -row[1])
    return best[:most]


def _codes(category: Category | None) -> tuple[str, str]:
    if category is None:
        return "", ""
    return (category.parent.code if category.parent else category.code), category.code


def _communities(area_code: str, lon: float | None, lat: float | None) -> set[str]:
    """Return the community and those a circle of 300 m around the point touches."""
    found = {area_code[:12]}
    if lon is None or lat is None or not -85 < lat < 85:
        return found
    north = rules.NEAR_METRES / rules.EARTH_METRES * 180 / pi
    east = north / cos(radians(lat))
    ring = [k * pi / 4 for k in range(8)]
    codes = grid_codes_at(
        [lon + east * cos(angle) for angle in ring], [lat + north * sin(angle) for angle in ring]
    )
    return found | {code[:12] for code in codes}


def similar_for_staff(actor: Actor, **report: Any) -> list[Likely]:
    """Return the likely duplicates that the actor may see; `report` as for `likely`."""
    from ..queries import visible_cases, with_names

    best = dict(likely(**report))
    rows = with_names(visible_cases(actor).filter(pk__in=best))
    return sorted((Likely(row, best[row.pk]) for row in rows), key=lambda found: -found.score)


def similar_for_neighbours(**report: Any) -> list[Neighbouring]:
    """Return the likely duplicates that anyone may be told of; `report` as for `likely`."""
    best = dict(likely(most=3 * SHOWN, **report))
    rows = Case.objects.filter(pk__in=best).select_related("category")
    told = sorted((row for row in rows if may_be_told(row)), key=lambda row: -best[row.pk])
    names = place_names({row.subdistrict_code for row in told})
    return [_neighbouring(row, names.get(row.subdistrict_code, "")) for row in told[:SHOWN]]


def may_be_told(case: Case) -> bool:
    """Tell whether a neighbour may learn that such a case stands."""
    quiet = case.protected or case.nature in UNSHOWN_NATURES
    return case.category.line not in UNSHOWN_LINES and not quiet


def _neighbouring(case: Case, place: str) -> Neighbouring:
    return Neighbouring(
        category=case.category.name,
        place=place,
        state=case.state,
        state_label=case.get_state_display(),
        token=signing.dumps(case.pk, salt=JOIN_SALT) if case.is_open else "",
        case_id=case.pk,
    )


def similar_to(case: Case, *, now: datetime) -> dict[str, Any]:
    """Return what `likely` compares of a case that stands already."""
    return {
        "now": now,
        "text": f"{case.title} {case.text}",
        "area_code": case.area_code,
        "lon": case.lon,
        "lat": case.lat,
        "category": current().categories.get(case.category_id),
        "besides": case.pk,
    }


def lead_of(case: Case) -> Case:
    """Return the case that leads the matter: the case itself where it is not merged."""
    while case.merged_into_id is not None and case.merged_into is not None:
        case = case.merged_into
    return case


def merged_cases(case_id: int) -> list[Case]:
    """Return the cases merged into one, directly or by way of others."""
    found: list[Case] = []
    frontier = [case_id]
    while frontier:
        rows = Case.objects.filter(merged_into__in=frontier).select_related("reporter", "area")
        fresh = list(rows.order_by("id"))
        found += fresh
        frontier = [row.pk for row in fresh]
    return found


@dataclass(frozen=True)
class Follower:
    """Someone besides the reporter to be told what becomes of a matter.

    `tag` names them in keys of messages; `case` is their own case, None for a joiner.
    """

    tag: str
    person: str
    account: Account | None
    phone: str
    case: Case | None
    joiner: Joiner | None = None


def _person(account_id: int | None, phone_index: str, tag: str) -> str:
    return f"a{account_id}" if account_id else f"p{phone_index}" if phone_index else tag


def followers(case: Case) -> list[Follower]:
    """Return everybody behind a matter besides the leading case's reporter, each once."""
    merged = merged_cases(case.pk)
    seen = {_person(case.reporter_id, case.phone_index, f"c{case.pk}")}
    found = []
    for row in _all_behind(case, merged):
        if row.person not in seen:
            seen.add(row.person)
            found.append(row)
    return found


def _all_behind(case: Case, merged: list[Case]) -> Iterator[Follower]:
    for own in merged:
        tag = f"c{own.pk}"
        person = _person(own.reporter_id, own.phone_index, tag)
        yield Follower(tag, person, own.reporter, own.reporter_phone, own)
    ids = [case.pk, *(own.pk for own in merged)]
    for joiner in Joiner.objects.filter(case__in=ids).select_related("account").order_by("id"):
        tag = f"j{joiner.pk}"
        person = _person(joiner.account_id, joiner.phone_index, tag)
        yield Follower(tag, person, joiner.account, joiner.phone, None, joiner)


def case_to_join(token: str) -> Case | None:
    """Return the case a join button stands for; None for a forged or old one."""
    try:
        pk = signing.loads(token, salt=JOIN_SALT, max_age=JOIN_SECONDS)
    except signing.BadSignature:
        return None
    found = Case.objects.select_related("category", "area").filter(pk=pk).first()
    return lead_of(found) if found and may_be_told(found) else None


def matter_token(joiner: Joiner) -> str:
    """Return the unguessable part of the address where a joiner follows the matter."""
    return signing.dumps(joiner.pk, salt=MATTER_SALT)


def matter_by_token(token: str) -> Case | None:
    """Return the case that leads the matter somebody joined; None for a forged token."""
    try:
        pk = signing.loads(token, salt=MATTER_SALT)
    except signing.BadSignature:
        return None
    rows = Joiner.objects.select_related("case__category", "case__area__parent", "case__unit")
    joiner = rows.filter(pk=pk).first()
    return lead_of(joiner.case) if joiner else None


def joined_matters(account_id: int) -> list[tuple[Case, str]]:
    """Return the matters a resident joined, newest first, each with its token."""
    rows = Joiner.objects.filter(account_id=account_id).order_by("-id")
    rows = rows.select_related("case__category", "case__merged_into__category")
    return [(lead_of(row.case), matter_token(row)) for row in rows[:10]]
