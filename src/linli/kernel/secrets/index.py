"""The blind index: find an encrypted value exactly, without opening it."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import Any

from .index_keys import index_key

BLOCK = 64  # bytes that SHA-256 takes at once


@lru_cache(maxsize=8)
def _begun(key: str) -> tuple[Any, Any]:
    """Return both hashes of HMAC (RFC 2104) with the key taken in: most of the work of a text."""
    secret = key.encode()
    if len(secret) > BLOCK:
        secret = hashlib.sha256(secret).digest()
    padded = secret.ljust(BLOCK, b"\0")
    return (
        hashlib.sha256(bytes(byte ^ 0x36 for byte in padded)),
        hashlib.sha256(bytes(byte ^ 0x5C for byte in padded)),
    )


def blind_index(value: str) -> str:
    """Return a keyed hash (HMAC-SHA-256, hex) of the normalised value; blank stays blank."""
    text = "".join(value.split()).upper()
    if not text:
        return ""
    inner, outer = _begun(index_key())
    inner, outer = inner.copy(), outer.copy()
    inner.update(text.encode())
    outer.update(inner.digest())
    found: str = outer.hexdigest()
    return found
