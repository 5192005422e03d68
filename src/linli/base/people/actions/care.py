"""Set and end care tags."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.kernel.scope import SYSTEM, Actor

from .. import telling
from ..changes.recording import lock, note
from ..models import PRESENT, CareTag, Consent, Resident
from ..own_purposes import CARE, REMINDERS
from ..queries import get_resident
from .residents import require

REMIND_BEFORE = timedelta(days=30)


@transaction.atomic
def set_tag(
    resident_id: int,
    *,
    actor: Actor,
    now: datetime,
    kind: str,
    source: str,
    expires_on: date | None = None,
    by_consent: bool = False,
) -> CareTag:
    """Tag a resident, or renew the tag with its new source and expiry.

    A tag `by_consent` needs the resident's consent to care, and ends with it.
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
    consent = _consent(row) if by_consent else None
    tag, _made = CareTag.objects.update_or_create(
        resident=row, kind=kind, ended_on=None,
        defaults={
            "area_code": row.area_code, "source": source.strip()[:40], "set_on": today,
            "expires_on": expires_on, "by_id": actor.account_id,
            "consent": consent,
        },
    )  # fmt: skip
    note(row, "resident", "set_tag", actor=actor, now=now, data={"kind": kind})
    return tag


def _consent(row: Resident) -> Consent:
    found = Consent.objects.filter(resident=row, purpose=CARE, withdrawn_at=None).first()
    if found is None:
        fault = _("本人还没有同意关爱登记，请先在“同意与撤回”里登记同意。")
        raise ValidationError({"rests_on": fault})
    return found


@transaction.atomic
def end_tag(tag_id: int, *, actor: Actor, now: datetime) -> None:
    """End a tag today; nothing happens where it has ended."""
    tag = CareTag.objects.get(pk=tag_id)
    seen = get_resident(actor, tag.resident_id)
    require(actor, "people.edit", seen.area_code)
    row = lock(Resident, seen.pk, None, "resident")
    if CareTag.objects.filter(pk=tag_id, ended_on=None).update(ended_on=timezone.localdate(now)):
        note(row, "resident", "end_tag", actor=actor, now=now, data={"kind": tag.kind})


def remind_of_expiry(*, now: datetime) -> int:
    """Remind residents of tags that end within a month: by text where they agreed to it.

    Once for each tag and day of expiry. Returns how many tags were looked at.
    """
    today = timezone.localdate(now)
    rows = CareTag.objects.filter(
        ended_on=None, expires_on__range=(today, today + REMIND_BEFORE)
    ).select_related("resident__account")
    count = 0
    for tag in rows.order_by("pk"):
        params = {"day": f"{tag.expires_on:%Y-%m-%d}"}
        key = f"people.tag:{tag.pk}:{tag.expires_on:%Y%m%d}"
        person = tag.resident
        telling.text(
            person.phone, person.account, "people.tag_expires", params, key=key,
            purpose=REMINDERS, now=now,
        )  # fmt: skip
        if person.account is not None:
            telling.tell(
                person.account, "people.tag_expires", params, key=f"{key}:site", now=now,
                link="/my/record/",
            )  # fmt: skip
        count += 1
    return count


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
