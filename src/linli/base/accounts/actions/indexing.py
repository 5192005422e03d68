"""How an account's blind index is made anew, for a change of the key."""

from __future__ import annotations

from linli.kernel.secrets.index import blind_index

from ..models import AccountKind, resident_username


def indexes_of(phone: str, kind: str | None) -> dict[str, str]:
    """Return the indexes of an account; a resident's log-in name follows the phone's index."""
    index = blind_index(phone)
    resident = kind == AccountKind.RESIDENT and bool(index)
    return {"phone_index": index, "username": resident_username(index) if resident else ""}
