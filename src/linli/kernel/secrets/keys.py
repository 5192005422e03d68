"""The keys for encryption at rest and for the blind index, from the settings."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django.conf import settings


class KeyProblem(RuntimeError):
    """The key ring cannot be used: no key, a key of the wrong length, or an unknown key's name."""


@lru_cache(maxsize=1)
def ring() -> dict[str, bytes]:
    """Return the keys by name, the one in use first. Each is 16 or 32 bytes, given in hex."""
    lines = list(settings.DATA_KEYS)
    if settings.DATA_KEY_FILE:
        text = Path(settings.DATA_KEY_FILE).read_text(encoding="utf-8")
        lines = [line.strip() for line in text.splitlines() if line.strip()]
    keys: dict[str, bytes] = {}
    for line in lines:
        name, _, value = line.partition(":")
        try:
            key = bytes.fromhex(value)
        except ValueError as error:
            raise KeyProblem(f"key {name!r} is not hexadecimal") from error
        if len(key) not in {16, 32} or not name.isalnum():
            raise KeyProblem(f"key {name!r} must be 16 or 32 bytes and have a plain name")
        keys[name] = key
    if not keys:
        raise KeyProblem("no data key is set")
    return keys


def current() -> tuple[str, bytes]:
    """Return name and value of the key that new values are sealed with."""
    return next(iter(ring().items()))


def named(name: str) -> bytes:
    """Return one key; raises KeyProblem where it is not in the ring."""
    try:
        return ring()[name]
    except KeyError as error:
        raise KeyProblem(f"data was sealed with key {name!r}, which is not in the ring") from error
