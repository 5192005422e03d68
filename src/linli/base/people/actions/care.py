"""Set and end care tags."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.kernel.scope import SYSTEM, Actor

from ..changes.recording import lock, note
from ..models import PRESENT, CareTag, Resident
from ..queries import get_resident
from .residents import require


@transaction.atomic
def set_tag(
    resident_id: int,
    *,
    actor: Actor,
    now: datetime,
    kind: str,
    source: str,
    expires_on: date | None = None,
) -> CareTag:
    """Tag a resident, or renew the tag with its new source and expiry.

    Raises Http404 outside the scope, NotAllowed, ValidationError.
    """
    seen = get_resident(actor, resident_id)
    require(actor, "people.edit", seen.area_code)
    today = timezone.localdate(now)
    if not source.strip():
        raise ValidationError({"source": _("请写明依据，例如“区残联2026年名册”。")})
    if expires_on is not None and expires_on < today:
        raise ValidationError({"expires_on": _("到期日已经过去。")})
    row = lock(Resident, resident_id, None, "resident")
    if row.state not in PRESENT:
        raise ValidationError(_("已迁出或去世的居民不能再加标签。"))
    tag, _made = CareTag.objects.update_or_create(
        resident=row, kind=kind, ended_on=None,
        defaults={
            "area_code": row.area_code, "source": source.strip()[:40], "set_on": today,
            "expires_on": expires_on, "by_id": actor.account_id,
        },
    )  # fmt: skip
    note(row, "resident", "set_tag", actor=actor, now=now, data={"kind": kind})
    return tag


@transaction.atomic
def end_tag(tag_id: int, *, actor: Actor, now: datetime) -> None:
    """End a tag today; nothing happens where it has ended."""
    tag = CareTag.objects.get(pk=tag_id)
    seen = get_resident(actor, tag.resident_id)
    require(actor, "people.edit", seen.area_code)
    row = lock(Resident, seen.pk, None, "resident")
    if CareTag.objects.filter(pk=tag_id, ended_on=None).update(ended_on=timezone.localdate(now)):
        note(row, "resident", "end_tag", actor=actor, now=now, data={"kind": tag.kind})


def expire_tags(*, now: datetime) -> int:
    """End the tags whose day has passed, each as an act of the system; return how many."""
    today, count = timezone.localdate(now), 0
    for tag in CareTag.objects.filter(ended_on=None, expires_on__lt=today).order_by("pk"):
        with transaction.atomic():
            row = lock(Resident, tag.resident_id, None, "resident")
            done = CareTag.objects.filter(pk=tag.pk, ended_on=None, expires_on__lt=today)
            if done.update(ended_on=tag.expires_on):
                data = {"kind": tag.kind}
                note(row, "resident", "expire_tag", actor=SYSTEM, now=now, data=data)
                count += 1
    return count
