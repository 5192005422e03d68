"""Add and correct residents."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.kernel.flow import NotAllowed
from linli.kernel.scope import Actor
from linli.kernel.secrets.index import blind_index
from linli.kernel.secrets.words import blind_words

from ...areas.models import Area
from ..changes.recording import begin, change, lock
from ..identity import birth_date, is_male
from ..models import Dwelling, Gender, Resident
from ..queries import get_resident, same_id_number
from ..twins import twin_index

EDITABLE = ("name", "phone", "id_number", "born_on", "gender", "kind")


def require(actor: Actor, permission: str, area_code: str) -> None:
    """Raise NotAllowed where the actor lacks the permission over the area."""
    if not actor.can(permission, area_code):
        raise NotAllowed(_("您没有在这个区域登记的权限。"))


def derived(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values with what an identity number says of birth date and sex filled in."""
    found = dict(values)
    number = found.get("id_number")
    if number:
        found["born_on"] = birth_date(number)
        found["gender"] = Gender.MALE if is_male(number) else Gender.FEMALE
    return found


def _refuse_twin(number: str, own: int = 0) -> None:
    if number and same_id_number(number).exclude(pk=own).exists():
        raise ValidationError({"id_number": _("已有居民登记了这个身份证号，不要重复登记。")})


@transaction.atomic
def add_resident(
    *,
    actor: Actor,
    now: datetime,
    area: Area,
    source: str,
    values: Mapping[str, Any],
    dwelling: Dwelling | None = None,
) -> Resident:
    """Register someone; `values` are checked fields of EDITABLE.

    Raises NotAllowed outside the actor's areas, ValidationError where the number stands already.
    """
    require(actor, "people.edit", area.code)
    found = derived(values)
    number = str(found.get("id_number") or "")
    _lock_number(number)
    _refuse_twin(number)
    row = Resident(
        area=area, area_code=area.code, dwelling=dwelling, source=source[:40], recorded_at=now,
        state_on=timezone.localdate(now),
        **{name: found[name] for name in EDITABLE if found.get(name) not in {None, ""}},
    )  # fmt: skip
    index_record(row, values_of(row, {}))
    begin(row, "resident", actor=actor, now=now)
    return row


def index_record(row: Resident, after: Mapping[str, Any]) -> None:
    """Set what a record is found by from the values it is about to have."""
    row.phone_index = blind_index(str(after["phone"]))
    row.id_index = blind_index(str(after["id_number"]))
    row.twin_index = twin_index(str(after["name"]), after["born_on"])
    row.words = blind_words(str(after["name"]))


def values_of(row: Resident, changed: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record's fields of EDITABLE as they will stand after a change."""
    return {name: changed.get(name, getattr(row, name)) for name in EDITABLE}


def _lock_number(number: str) -> None:
    """Hold others who register the same number, so that two at once make one resident."""
    if number:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended(%s, 1))", [blind_index(number)]
            )


@transaction.atomic
def edit_resident(
    resident_id: int,
    *,
    actor: Actor,
    now: datetime,
    values: Mapping[str, Any],
    source: str,
    expected: int | None = None,
    permission: str = "people.edit",
) -> list[str]:
    """Correct fields of EDITABLE and return the names of those that differ.

    Raises Http404 outside the scope, NotAllowed, Overtaken, ValidationError for a number that
    stands already.
    """
    seen = get_resident(actor, resident_id)
    require(actor, permission, seen.area_code)
    found = derived({name: values[name] for name in EDITABLE if name in values})
    number = str(found.get("id_number") or "")
    _lock_number(number)
    _refuse_twin(number, resident_id)
    row = lock(Resident, resident_id, expected, "resident")
    index_record(row, values_of(row, found))
    return change(row, "resident", found, source=source, actor=actor, now=now)


def of_age(resident: Resident, today: date) -> int | None:
    """Return the age in full years, or None where the birth date is not known."""
    born = resident.born_on
    if born is None:
        return None
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
