"""Read keys, and matters as other systems may see them."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone

from linli.kernel.ledger.models import Entry
from linli.kernel.scope import Actor, within
from linli.work.cases.models import Case
from linli.work.cases.queries import in_areas, open_to_systems

from .actions import hash_key
from .models import ApiKey


def visible_keys(actor: Actor) -> QuerySet[ApiKey]:
    """Return the keys of the areas in which the actor manages them."""
    rows = ApiKey.objects.select_related("area", "made_by").order_by("revoked_at", "-id")
    if actor.kind == "system":
        return rows
    areas = actor.areas("api.manage")
    return rows.filter(within(areas)) if areas else rows.none()


def get_key(actor: Actor, key_id: int) -> ApiKey:
    """Return a key the actor manages; raises Http404 otherwise."""
    row = visible_keys(actor).filter(pk=key_id).first()
    if row is None:
        raise Http404
    return row


def key_in_force(text: str, now: datetime) -> ApiKey | None:
    """Return the key with this text where it is in force, or None."""
    if not text.strip() or len(text) > 200:
        return None
    row = ApiKey.objects.select_related("area").filter(key_hash=hash_key(text)).first()
    return row if row and row.in_force(timezone.localdate(now)) else None


def cases_for(key: ApiKey | None) -> QuerySet[Case]:
    """Return the matters that a key's system may read, or anybody (None): never a protected one."""
    rows = open_to_systems().select_related("category__parent", "area__parent", "unit")
    rows = rows.defer("search", "reporter_name", "area__boundary", "area__parent__boundary")
    if key is None:
        return rows
    return rows.filter(in_areas((key.area_code,))) if key.may_read else rows.none()


def changed_since(rows: QuerySet[Case], since: datetime, area_code: str) -> QuerySet[Case]:
    """Keep the matters of an area of which the ledger tells something since then."""
    touched = Entry.objects.filter(within([area_code]), subject_type="case", at__gte=since)
    return rows.filter(pk__in=touched.values("subject_id"))


def changed_at(case: Case) -> datetime:
    """Return the moment of the last step that a matter's own row tells of."""
    moments = (
        case.created_at, case.accepted_at, case.dispatched_at, case.done_at, case.closed_at,
        case.rated_at,
    )  # fmt: skip
    return max(moment for moment in moments if moment)
