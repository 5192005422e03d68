"""The blind index: find an encrypted value exactly, without opening it."""

from __future__ import annotations

import hmac

from django.conf import settings


def blind_index(value: str) -> str:
    """Return a keyed hash (HMAC-SHA-256, hex) of the normalised value; blank stays blank."""
    text = "".join(value.split()).upper()
    if not text:
        return ""
    key = settings.BLIND_INDEX_KEY.encode()
    return hmac.digest(key, text.encode(), "sha256").hex()
