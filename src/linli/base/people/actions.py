"""Every write to the register of residents."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import connection, transaction

from linli.kernel.bulk import copy_rows, take_ids
from linli.kernel.ledger.actions import append_many
from linli.kernel.ledger.models import Entry
from linli.kernel.scope import Actor
from linli.kernel.secrets.index import blind_index

from ..areas.models import Area
from .models import Resident


@transaction.atomic
def load_residents(*, actor: Actor, now: datetime, residents: Sequence[Resident]) -> None:
    """Write new residents by COPY; look-up hashes, ids and ledger entries are made here."""
    for row, key in zip(residents, take_ids(Resident, len(residents)), strict=True):
        row.pk = key
        row.phone_index, row.id_index = blind_index(row.phone), blind_index(row.id_number)
        row.recorded_at = now
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


def move_residents(
    old: Area,
    new: Sequence[Area],
    _locate: Callable[[float, float], Area | None],
    _now: datetime,
    _actor: Actor,
) -> int:
    """Move the register's people of an area to its chief heir; return how many.

    Those recorded at a building group stay with it: it keeps its identity, and its code follows.
    """
    chief = next((area for area in new if area.pk == old.pk), new[0])
    rows = Resident.objects.filter(area=old).exclude(area=chief, area_code=chief.code)
    return rows.update(area=chief, area_code=chief.code)
