"""Add, correct and close organisations."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from linli.kernel.scope import Actor
from linli.kernel.search import lexemes
from linli.kernel.secrets.index import blind_index

from ...areas.models import Area
from ..changes.recording import begin, change, lock
from ..models import Building, Organisation
from ..queries import get_organisation
from .residents import require

FIELDS = ("name", "code", "kind", "address", "lon", "lat", "contact", "phone")


@transaction.atomic
def add_organisation(
    *,
    actor: Actor,
    now: datetime,
    area: Area,
    source: str,
    values: Mapping[str, Any],
    building: Building | None = None,
) -> Organisation:
    """Register an organisation; raises NotAllowed, ValidationError for a code that stands."""
    require(actor, "people.edit", area.code)
    row = Organisation(
        area=area, area_code=area.code, building=building, source=source[:40], recorded_at=now,
        **{name: values[name] for name in FIELDS if name in values},
    )  # fmt: skip
    _refuse_twin(row)
    row.phone_index = blind_index(row.phone)
    row.words = lexemes(row.address, named=row.name)
    begin(row, "organisation", actor=actor, now=now)
    return row


def _refuse_twin(row: Organisation) -> None:
    twins = Organisation.objects.filter(code=row.code, closed_on=None).exclude(pk=row.pk)
    if row.code and twins.exists():
        raise ValidationError({"code": _("已有单位登记了这个统一社会信用代码。")})


@transaction.atomic
def edit_organisation(
    organisation_id: int,
    *,
    actor: Actor,
    now: datetime,
    values: Mapping[str, Any],
    source: str,
    expected: int | None = None,
) -> list[str]:
    """Correct an organisation and return the names of the fields that differ."""
    seen = get_organisation(actor, organisation_id)
    require(actor, "people.edit", seen.area_code)
    row = lock(Organisation, organisation_id, expected, "organisation")
    wanted = {name: values[name] for name in FIELDS if name in values}
    row.phone_index = blind_index(str(wanted.get("phone", row.phone)))
    before = row.code
    row.code = str(wanted.get("code", row.code))
    _refuse_twin(row)
    row.code = before
    address, name = wanted.get("address", row.address), wanted.get("name", row.name)
    row.words = lexemes(str(address), named=str(name))
    return change(row, "organisation", wanted, source=source, actor=actor, now=now)


@transaction.atomic
def close_organisation(organisation_id: int, *, actor: Actor, now: datetime, on: date) -> None:
    """Record that an organisation left or closed; its record stays."""
    seen = get_organisation(actor, organisation_id)
    require(actor, "people.edit", seen.area_code)
    row = lock(Organisation, organisation_id, None, "organisation")
    change(
        row, "organisation", {"closed_on": on}, source=_("社区登记"), actor=actor, now=now,
        verb="close",
    )  # fmt: skip
