"""Move in, move out, die: the record stays with its days."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.kernel.ledger import actions as ledger
from linli.kernel.scope import Actor

from ..changes.recording import change, lock, note
from ..models import (
    CareTag,
    Dwelling,
    Household,
    HouseholdKind,
    Member,
    Relation,
    Resident,
    ResidentState,
    Tenure,
)
from ..queries import get_dwelling, get_resident
from .residents import require


@transaction.atomic
def move_in(
    resident_id: int,
    dwelling_id: int,
    *,
    actor: Actor,
    now: datetime,
    on: date,
    relation: str,
    source: str,
    household_id: int | None = None,
    kind: str = HouseholdKind.FAMILY,
    expected: int | None = None,
) -> Member:
    """Let a resident live in a dwelling from a day on; where they lived before ends that day.

    Joins `household_id`, else opens a household of `kind`. Who was moved or dead in the register
    is here again only when moved. Raises Http404, NotAllowed, Overtaken, ValidationError.
    """
    seen = get_resident(actor, resident_id)
    dwelling = get_dwelling(actor, dwelling_id)
    require(actor, "people.edit", seen.area_code)
    require(actor, "people.edit", dwelling.area_code)
    row = lock(Resident, resident_id, expected, "resident")
    _check_alive(row)
    _check_day(on, now)
    dwelling = Dwelling.objects.select_for_update(of=("self",)).get(pk=dwelling_id)
    _end_stay(row, on, "moved", actor=actor, now=now)
    household = _household(dwelling, household_id, kind, on, actor=actor, now=now)
    member = _join(household, row, relation, on)
    building = dwelling.building
    change(
        row, "resident",
        {
            "dwelling": dwelling, "area": building.area, "area_code": building.area_code,
            "state": ResidentState.HERE, "state_on": on,
        },
        source=source, actor=actor, now=now, verb="move_in", data={"dwelling": dwelling.pk},
    )  # fmt: skip
    CareTag.objects.filter(resident=row, ended_on=None).update(area_code=row.area_code)
    return member


def _check_alive(row: Resident) -> None:
    if row.state == ResidentState.DEAD:
        raise ValidationError(_("这位居民已登记去世。如有差错，请先更正去世登记。"))


def _check_day(on: date, now: datetime) -> None:
    if on > timezone.localdate(now):
        raise ValidationError({"on": _("日期不能晚于今天。")})


def _household(
    dwelling: Dwelling, household_id: int | None, kind: str, on: date, *, actor: Actor,
    now: datetime,
) -> Household:  # fmt: skip
    if household_id is not None:
        found = Household.objects.filter(pk=household_id, dwelling=dwelling, closed_on=None)
        row = found.select_for_update().first()
        if row is None:
            raise ValidationError({"household": _("这一户不在所选的住房里，或已经注销。")})
        return row
    row = Household.objects.create(
        dwelling=dwelling, area_code=dwelling.area_code, kind=kind, opened_on=on
    )
    ledger.append(
        subject_type="household", subject_id=row.pk, verb="open", actor=actor, at=now,
        area_code=row.area_code, seq=1,
    )  # fmt: skip
    return row


def _join(household: Household, resident: Resident, relation: str, on: date) -> Member:
    if relation == Relation.HEAD:
        heads = household.members.filter(relation=Relation.HEAD, to_on=None)
        if heads.exists():
            raise ValidationError({"relation": _("这一户已有户主，请选择与户主的关系。")})
    return Member.objects.create(
        household=household, resident=resident, relation=relation, from_on=on
    )


def _end_stay(row: Resident, on: date, ended_as: str, *, actor: Actor, now: datetime) -> None:
    stay = Member.objects.filter(resident=row, to_on=None).select_related("household").first()
    if stay is None:
        return
    if on < stay.from_on:
        raise ValidationError(
            {"on": _("日期不能早于入住日期%(day)s。") % {"day": stay.from_on.isoformat()}}
        )
    stay.to_on, stay.ended_as = on, ended_as
    stay.save()
    household = stay.household
    if not household.members.filter(to_on=None).exists():
        household.closed_on = on
        household.save()
        ledger.append(
            subject_type="household", subject_id=household.pk, verb="close", actor=actor, at=now,
            area_code=household.area_code,
        )  # fmt: skip


@transaction.atomic
def move_out(
    resident_id: int,
    *,
    actor: Actor,
    now: datetime,
    on: date,
    source: str,
    away: bool = False,
    expected: int | None = None,
) -> None:
    """Record that a resident left; with `away` they live elsewhere and stay registered here.

    Their dwelling and household end that day, what was known of them stays.
    """
    seen = get_resident(actor, resident_id)
    require(actor, "people.edit", seen.area_code)
    row = lock(Resident, resident_id, expected, "resident")
    _check_alive(row)
    _check_day(on, now)
    state = ResidentState.AWAY if away else ResidentState.MOVED
    _end_stay(row, on, state, actor=actor, now=now)
    change(
        row, "resident", {"dwelling": None, "state": state, "state_on": on},
        source=source, actor=actor, now=now, verb="move_out",
    )  # fmt: skip
    if not away:
        CareTag.objects.filter(resident=row, ended_on=None).update(ended_on=on)


@transaction.atomic
def record_death(
    resident_id: int,
    *,
    actor: Actor,
    now: datetime,
    on: date,
    source: str,
    expected: int | None = None,
) -> None:
    """Record a death; care tags and tenancies end, ownership stays until it is settled."""
    seen = get_resident(actor, resident_id)
    require(actor, "people.edit", seen.area_code)
    row = lock(Resident, resident_id, expected, "resident")
    _check_alive(row)
    _check_day(on, now)
    if row.born_on and on < row.born_on:
        raise ValidationError({"on": _("去世日期不能早于出生日期。")})
    _end_stay(row, on, ResidentState.DEAD, actor=actor, now=now)
    change(
        row, "resident", {"dwelling": None, "state": ResidentState.DEAD, "state_on": on},
        source=source, actor=actor, now=now, verb="record_death",
    )  # fmt: skip
    CareTag.objects.filter(resident=row, ended_on=None).update(ended_on=on)
    Tenure.objects.filter(resident=row, to_on=None, kind="tenant").update(to_on=on)


@transaction.atomic
def set_relation(resident_id: int, *, relation: str, actor: Actor, now: datetime) -> None:
    """Correct someone's relation to the head of their household."""
    seen = get_resident(actor, resident_id)
    require(actor, "people.edit", seen.area_code)
    row = lock(Resident, resident_id, None, "resident")
    stay = Member.objects.filter(resident=row, to_on=None).select_related("household").first()
    if stay is None:
        raise ValidationError(_("这位居民现在不在任何一户。"))
    heads = stay.household.members.filter(relation=Relation.HEAD, to_on=None)
    if relation == Relation.HEAD and heads.exclude(pk=stay.pk).exists():
        heads.update(relation=Relation.OTHER_KIN)
    Member.objects.filter(pk=stay.pk).update(relation=relation)
    note(row, "resident", "relation", actor=actor, now=now, data={"relation": relation})
