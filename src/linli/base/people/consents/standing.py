"""What stands of a resident's consents, and whether something may be sent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from ..models import Consent, Resident
from ..purposes import Purpose, all_purposes, purpose_of


@dataclass(frozen=True)
class Standing:
    """A purpose as it stands for one resident: allowed or not, by which row, all rows."""

    purpose: Purpose
    allowed: bool
    newest: Consent | None
    rows: tuple[Consent, ...]


def consents_of(resident: Resident) -> list[Standing]:
    """Return every purpose with what the resident said to it."""
    said: dict[str, list[Consent]] = {}
    for row in Consent.objects.filter(resident=resident).order_by("-id"):
        said.setdefault(row.purpose, []).append(row)
    return [_standing(purpose, said.get(purpose.key, [])) for purpose in all_purposes()]


def _standing(purpose: Purpose, rows: list[Consent]) -> Standing:
    newest = rows[0] if rows else None
    allowed = newest.stands if newest else not purpose.asks
    return Standing(purpose, allowed, newest, tuple(rows))


def may_tell(asked: Iterable[tuple[str, str, int | None]]) -> set[tuple[str, str, int | None]]:
    """Return those of (purpose, phone index, account) to whom something may be sent.

    With an account the record linked to it counts, else every record with the phone: one refusal
    is enough to keep silent, and what needs consent needs one from somebody at that phone.
    """
    wanted = set(asked)
    phones = {phone for _purpose, phone, _account in wanted if phone}
    accounts = {account for _purpose, _phone, account in wanted if account}
    people = Resident.objects.filter(Q(phone_index__in=phones) | Q(account_id__in=accounts))
    known = list(people.values_list("pk", "phone_index", "account_id"))
    said = _newest({pk for pk, _phone, _account in known}, {purpose for purpose, _, _ in wanted})
    allowed = set()
    for purpose, phone, account in wanted:
        own = [pk for pk, _phone, linked in known if account and linked == account]
        own = own or [pk for pk, index, _linked in known if phone and index == phone]
        words = [said[pk, purpose] for pk in own if (pk, purpose) in said]
        if all(words) and (words or not purpose_of(purpose).asks):
            allowed.add((purpose, phone, account))
    return allowed


def _newest(residents: set[int], purposes: set[str]) -> dict[tuple[int, str], bool]:
    rows = Consent.objects.filter(resident__in=residents, purpose__in=purposes).order_by("id")
    return {(row.resident_id, row.purpose): row.stands for row in rows}
