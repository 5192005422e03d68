"""Keep what residents allow, and end what rests on it when they take it back."""

from __future__ import annotations

from datetime import date, datetime, time

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.kernel.flow import NotAllowed
from linli.kernel.scope import Actor

from ..changes.recording import lock, note
from ..consents.models import ConsentDoor
from ..models import CareTag, Consent, Resident
from ..purposes import purpose_of
from ..queries import get_resident, own_record
from .residents import of_age, require

OWN_AGE = 14  # below it a guardian consents: Personal Information Protection Law, article 31


@transaction.atomic
def give_consent(
    resident_id: int,
    purpose: str,
    *,
    actor: Actor,
    now: datetime,
    on: date | None = None,
    guardian: str = "",
    paper: str = "",
) -> Consent:
    """Keep that a resident allows a purpose: themselves, or the desk from a paper of day `on`.

    The same word twice is one. Raises Http404 outside the scope, NotAllowed, ValidationError
    where a child's guardian is not named or the day is to come; KeyError for an unknown purpose.
    """
    row, door = _who(resident_id, actor)
    said = purpose_of(purpose)
    at = _moment(on, now)
    age = of_age(row, timezone.localdate(now))
    if age is not None and age < OWN_AGE and not guardian.strip():
        raise ValidationError({"guardian": _("不满14周岁的，须由监护人同意，请填监护人姓名。")})
    standing = Consent.objects.filter(resident=row, purpose=purpose, withdrawn_at=None).first()
    if standing is not None:
        return standing
    consent = Consent.objects.create(
        resident=row, purpose=purpose, basis=str(said.basis)[:80], given_at=at, given_door=door,
        given_by_id=actor.account_id, given_paper=paper.strip()[:40], guardian=guardian.strip(),
    )  # fmt: skip
    data = {"purpose": purpose, "door": str(door)}
    note(row, "resident", "consent", actor=actor, now=now, data=data)
    return consent


@transaction.atomic
def withdraw_consent(
    resident_id: int,
    purpose: str,
    *,
    actor: Actor,
    now: datetime,
    on: date | None = None,
    paper: str = "",
) -> int:
    """Keep that a resident takes a consent back, or refuses; end the care tags that rest on it.

    Returns how many tags ended. What was done before stays lawful (article 15). Nothing happens
    where it is refused already. Raises as `give_consent` does.
    """
    row, door = _who(resident_id, actor)
    said = purpose_of(purpose)
    at = _moment(on, now)
    newest = Consent.objects.filter(resident=row, purpose=purpose).order_by("-id").first()
    if newest is not None and not newest.stands:
        return 0
    if newest is None:
        newest = Consent(resident=row, purpose=purpose, basis=str(said.basis)[:80])
    elif newest.given_at and at < newest.given_at:
        at = now if door == ConsentDoor.OWN else newest.given_at
    newest.withdrawn_at, newest.withdrawn_door = at, door
    newest.withdrawn_by_id, newest.withdrawn_paper = actor.account_id, paper.strip()[:40]
    newest.save()
    tags = CareTag.objects.filter(consent__resident=row, consent__purpose=purpose, ended_on=None)
    ended = sorted(tags.values_list("kind", flat=True))
    tags.update(ended_on=timezone.localdate(now))
    data = {"purpose": purpose, "door": str(door), "ended_tags": ended}
    note(row, "resident", "withdraw_consent", actor=actor, now=now, data=data)
    return len(ended)


def _who(resident_id: int, actor: Actor) -> tuple[Resident, ConsentDoor]:
    """Return the record under lock and by which door it is spoken for."""
    if actor.kind == "resident":
        own = own_record(actor)
        if own is None or own.pk != resident_id:
            raise NotAllowed(_("只能办理您自己的同意。"))
        return lock(Resident, own.pk, None, "resident"), ConsentDoor.OWN
    seen = get_resident(actor, resident_id)
    require(actor, "people.rights", seen.area_code)
    return lock(Resident, seen.pk, None, "resident"), ConsentDoor.PAPER


def _moment(on: date | None, now: datetime) -> datetime:
    today = timezone.localdate(now)
    if on is None or on == today:
        return now
    if on > today:
        raise ValidationError({"on": _("日期不能晚于今天。")})
    return datetime.combine(on, time(12), timezone.get_current_timezone())
