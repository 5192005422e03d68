"""Place, change and close resources; each is an entry of the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.kernel.ledger import actions as ledger
from linli.kernel.scope import Actor

from ..locate import locate
from ..models import Resource

FIELDS = (
    "kind", "name", "organisation", "contact", "phone", "address", "hours", "note",
    "checked_on", "check_every", "lon", "lat",
)  # fmt: skip


@transaction.atomic
def save_resource(
    *, actor: Actor, now: datetime, data: Mapping[str, Any], resource: Resource | None = None
) -> Resource:
    """Place a resource on the grid at its point, or change one.

    Raises ValidationError where the point lies on no grid, the last check lies in the future, or
    the resource was closed meanwhile;
    PermissionDenied outside the actor's areas (for a move: both where it stands and where to).
    """
    place = locate(data["lon"], data["lat"])
    if place is None:
        raise ValidationError({"lon": _("这个位置不在任何网格内，请在地图上重新点选。")})
    if data["checked_on"] and data["checked_on"] > timezone.localdate(now):
        raise ValidationError({"checked_on": _("检查日期不能晚于今天。")})
    _allow(actor, place.code)
    row = _standing(actor, resource.pk) if resource else Resource()
    was = {name: getattr(row, name) for name in FIELDS} if resource else {}
    for name in FIELDS:
        setattr(row, name, data[name])
    row.area_id, row.area_code = place.area_id, place.code
    row.check_due = due_on(row.checked_on, row.check_every, timezone.localdate(now))
    row.save()
    changed = [name for name in FIELDS if was and was[name] != data[name]]
    _write("change" if resource else "create", row, actor, now, {"fields": changed})
    return row


@transaction.atomic
def check_resource(*, actor: Actor, now: datetime, resource: Resource) -> Resource:
    """Record that a resource was checked today; the next check is counted from today."""
    row = _standing(actor, resource.pk)
    row.checked_on = timezone.localdate(now)
    row.check_due = due_on(row.checked_on, row.check_every, row.checked_on)
    row.save(update_fields=["checked_on", "check_due"])
    _write("check", row, actor, now, {})
    return row


def due_on(checked_on: date | None, every: int | None, today: date) -> date | None:
    """Return the last day for the next check; one never checked is due today."""
    if every is None:
        return None
    return checked_on + timedelta(days=every) if checked_on else today


@transaction.atomic
def close_resource(*, actor: Actor, now: datetime, resource: Resource) -> None:
    """Take a resource out of use; what was recorded stays."""
    row = _standing(actor, resource.pk)
    row.closed_at = now
    row.save(update_fields=["closed_at"])
    _write("close", row, actor, now, {})


def load_resources(rows: list[Resource], *, actor: Actor, now: datetime) -> None:
    """Load many new resources whose grids are already known."""
    made = Resource.objects.bulk_create(rows, batch_size=1000)
    ledger.append_new("resource", "create", made, actor=actor, at=now)


def _standing(actor: Actor, resource_id: int) -> Resource:
    row = Resource.objects.select_for_update().get(pk=resource_id)
    _allow(actor, row.area_code)
    if row.closed_at is not None:
        raise ValidationError(_("这个资源点已经停用。"))
    return row


def _allow(actor: Actor, code: str) -> None:
    if not actor.can("areas.post", code):
        raise PermissionDenied


def _write(verb: str, row: Resource, actor: Actor, now: datetime, data: dict[str, Any]) -> None:
    ledger.append(
        subject_type="resource", subject_id=row.pk, verb=verb, actor=actor, at=now,
        area_code=row.area_code, data={"kind": row.kind, **data},
    )  # fmt: skip
