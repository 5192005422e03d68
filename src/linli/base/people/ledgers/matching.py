"""Find who of a ledger stands in the register already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db import connection, transaction
from django.db.models import Max, Q

from linli.kernel.bulk import one_of
from linli.kernel.scope import within
from linli.kernel.secrets.words import HashQuery, blind_query

from ..models import Resident
from .checking import Lined

NAMES_AT_ONCE = 300

L = TypeVar("L", bound=Lined)


@dataclass(frozen=True)
class Known:
    """Someone in the register, as far as matching needs."""

    pk: int
    area_code: str
    id_index: str
    home: str


@dataclass(slots=True)
class Matched(Generic[L]):
    """What a row is: `same` as someone, `likely` someone, registered `elsewhere`, or new."""

    row: L
    same: Known | None = None
    likely: Known | None = None
    elsewhere: bool = False


def newest() -> int:
    """Return the key of the newest resident, or 0 where the register is empty."""
    return Resident.objects.aggregate(newest=Max("pk"))["newest"] or 0


def match(rows: Sequence[L], area_code: str, upto: int) -> list[Matched[L]]:
    """Match good rows with the register: by identity number, then by name and birth date.

    The same name, birth date and dwelling are the same person; without the dwelling, or with the
    name alone, they are likely so, and somebody decides. Who has a key above `upto` is left out,
    so that a ledger is not matched with what it brings itself.
    """
    if not upto:
        return [Matched(row) for row in rows]
    by_number = _by("id_index", [row.id_index for row in rows if row.id_index], upto)
    left = [row for row in rows if row.id_index not in by_number or not row.id_index]
    by_twin = _by("twin_index", [row.twin_index for row in left if row.twin_index], upto)
    by_name = _by_name([row for row in left if not row.twin_index], area_code, upto)
    return [_one(row, area_code, by_number, by_twin, by_name) for row in rows]


def _one(row: L, area_code: str, by_number: Any, by_twin: Any, by_name: Any) -> Matched[L]:
    found = by_number.get(row.id_index) if row.id_index else None
    if found:
        if not found[0].area_code.startswith(area_code):
            return Matched(row, elsewhere=True)
        return Matched(row, same=found[0])
    candidates = by_twin.get(row.twin_index, []) if row.twin_index else []
    candidates = candidates or by_name.get(row.values.get("name"), [])
    near = [
        one
        for one in candidates
        if one.area_code.startswith(area_code) and not (one.id_index and row.id_index)
    ]
    if not near:
        return Matched(row)
    home = home_key(row)
    agreeing = [one for one in near if row.twin_index and home and one.home == home]
    return Matched(row, same=agreeing[0]) if agreeing else Matched(row, likely=near[0])


def home_key(row: Lined) -> str:
    """Return what a row's dwelling is compared by, or blank."""
    return f"{row.home.key}/{row.home.room_key}" if row.home else ""


COLUMNS = ("pk", "area_code", "id_index", "dwelling__building__key", "dwelling__key")


def _known(pk: int, code: str, number: str, building: str | None, room: str | None) -> Known:
    return Known(pk, code, number, f"{building}/{room}" if building else "")


def _by(field: str, wanted: list[str], upto: int) -> dict[str, list[Known]]:
    found: dict[str, list[Known]] = {}
    if not wanted:
        return found
    # That no blank is asked for must be said: only then the index, which has none, can serve.
    rows = Resident.objects.filter(one_of(field, wanted), ~Q(**{field: ""}), pk__lte=upto)
    rows = rows.exclude(state="dead")
    with transaction.atomic(), connection.cursor() as cursor:
        # In the middle of an import the table's statistics are those of the days before, and the
        # planner would read all of it for each chunk.
        cursor.execute("SET LOCAL enable_seqscan = off")
        for key, *rest in rows.values_list(field, *COLUMNS):
            found.setdefault(key, []).append(_known(*rest))
        cursor.execute("SET LOCAL enable_seqscan = on")
    return found


def _by_name(rows: list[L], area_code: str, upto: int) -> dict[str, list[Known]]:
    names = sorted({row.values["name"] for row in rows})
    found: dict[str, list[Known]] = {}
    for at in range(0, len(names), NAMES_AT_ONCE):
        asked = [query for name in names[at : at + NAMES_AT_ONCE] if (query := blind_query(name))]
        if not asked:
            continue
        either = " | ".join(f"({query})" for query in asked)
        words = HashQuery(either)
        people = Resident.objects.filter(within([area_code]), words=words, pk__lte=upto).exclude(
            state="dead"
        )
        wanted = set(names[at : at + NAMES_AT_ONCE])
        for name, *rest in people.values_list("name", *COLUMNS):
            if name in wanted:  # the hashes find pieces, the name itself decides
                found.setdefault(name, []).append(_known(*rest))
    return found
