"""Recognise the same person again by name and birth date, without storing either in the clear."""

from __future__ import annotations

import hashlib
from datetime import date

from linli.kernel.secrets.index_keys import index_key


def twin_index(name: str, born_on: date | None) -> str:
    """Return a keyed hash of name and birth date; blank where the birth date is not known."""
    if born_on is None or not name:
        return ""
    text = f"{''.join(name.split())}|{born_on.isoformat()}"
    key = index_key().encode()[:64]
    return hashlib.blake2b(text.encode(), digest_size=8, key=key, person=b"linli.twin").hexdigest()
