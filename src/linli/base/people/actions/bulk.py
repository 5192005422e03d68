"""Write many residents at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import ForeignKey, Model

from linli.kernel.bulk import copy_rows, take_ids
from linli.kernel.ledger.actions import append_many
from linli.kernel.ledger.models import Entry
from linli.kernel.scope import Actor
from linli.kernel.search import lexemes
from linli.kernel.secrets.index import blind_index
from linli.kernel.secrets.words import blind_words

from ..models import (
    Building,
    CareTag,
    Dwelling,
    Household,
    Member,
    Organisation,
    Resident,
    Tenure,
)
from ..twins import twin_index


@transaction.atomic
def load_residents(*, actor: Actor, now: datetime, residents: Sequence[Resident]) -> None:
    """Write new residents by COPY; look-up hashes, ids and ledger entries are made here."""
    for row, key in zip(residents, take_ids(Resident, len(residents)), strict=True):
        row.pk = key
        row.phone_index, row.id_index = blind_index(row.phone), blind_index(row.id_number)
        row.words = blind_words(row.name)
        row.twin_index = twin_index(row.name, row.born_on)
        row.recorded_at = now
        take_keys(row)
    copy_rows(Resident, residents)
    append_many(
        Entry(
            subject_type="resident",
            subject_id=row.pk,
            seq=1,
            verb="import",
            actor_kind=actor.kind,
            actor_id=actor.account_id,
            area_code=row.area_code,
            at=now,
            data={},
        )
        for row in residents
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE people_resident")


@dataclass
class Homes:
    """New rows of the registers beside residents; keys among them are set by object."""

    buildings: list[Building] = field(default_factory=list)
    dwellings: list[Dwelling] = field(default_factory=list)
    households: list[Household] = field(default_factory=list)
    members: list[Member] = field(default_factory=list)
    tenures: list[Tenure] = field(default_factory=list)
    tags: list[CareTag] = field(default_factory=list)
    organisations: list[Organisation] = field(default_factory=list)


@transaction.atomic
def load_register(
    *, actor: Actor, now: datetime, residents: Sequence[Resident], homes: Homes
) -> None:
    """Write new buildings, dwellings, households, residents and what hangs on them by COPY.

    Ids, ledger entries and what is searched for are made here.
    """
    _load(Building, homes.buildings)
    _load(Dwelling, homes.dwellings)
    _load(Household, homes.households)
    load_residents(actor=actor, now=now, residents=residents)
    _load(Member, homes.members)
    _load(Tenure, homes.tenures)
    _load(CareTag, homes.tags)
    _load(Organisation, homes.organisations)
    for subject, rows in (
        ("building", homes.buildings), ("dwelling", homes.dwellings),
        ("household", homes.households), ("organisation", homes.organisations),
    ):  # fmt: skip
        append_many(_first(subject, row, actor, now) for row in rows)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE people_building, people_dwelling, people_household, people_member")


def _load(model: type[Model], rows: Sequence[Any]) -> None:
    for row, key in zip(rows, take_ids(model, len(rows)), strict=True):
        row.pk = key
        take_keys(row)
        if isinstance(row, Organisation):
            row.words = lexemes(row.address, named=row.name)
            row.phone_index = blind_index(row.phone)
    copy_rows(model, rows)


def take_keys(row: Model) -> None:
    """Take the keys of rows that had none yet when this one was made."""
    for one in row._meta.concrete_fields:
        if isinstance(one, ForeignKey) and one.is_cached(row):
            parent = one.get_cached_value(row)
            setattr(row, one.attname, None if parent is None else parent.pk)


def _first(subject: str, row: Any, actor: Actor, now: datetime) -> Entry:
    return Entry(
        subject_type=subject, subject_id=row.pk, seq=1, verb="import", actor_kind=actor.kind,
        actor_id=actor.account_id, area_code=row.area_code, at=now, data={},
    )  # fmt: skip
