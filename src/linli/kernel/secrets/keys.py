"""The keys for encryption at rest: from the environment, or from a file that can be rotated."""

from __future__ import annotations

import os
import secrets
from datetime import date
from pathlib import Path
from time import monotonic

from django.conf import settings

LOOK_EVERY = 5.0  # seconds between two looks at the key file


class KeyProblem(RuntimeError):
    """The key ring cannot be used: no key, a key of the wrong length, or an unknown key's name."""


class _Read:
    """The ring as it was last read, from what, and when that was last looked at."""

    keys: dict[str, bytes] = {}
    source: object = None
    looked = 0.0


def forget() -> None:
    """Read the ring anew at the next use."""
    _Read.source, _Read.looked = None, 0.0


def ring() -> dict[str, bytes]:
    """Return the keys by name, the one in use first. Each is 16 or 32 bytes, given in hex.

    A key file that another process changed is read again within five seconds.
    """
    if _Read.source is not None and monotonic() - _Read.looked < LOOK_EVERY:
        return _Read.keys
    source = _source()
    if source != _Read.source:
        _Read.keys = _parsed(_lines())
        _Read.source = source
    _Read.looked = monotonic()
    return _Read.keys


def _source() -> object:
    if settings.DATA_KEY_FILE:
        found = os.stat(settings.DATA_KEY_FILE)
        return settings.DATA_KEY_FILE, found.st_mtime_ns, found.st_ino
    return tuple(settings.DATA_KEYS)


def _lines() -> list[str]:
    if not settings.DATA_KEY_FILE:
        return list(settings.DATA_KEYS)
    text = Path(settings.DATA_KEY_FILE).read_text(encoding="utf-8")
    return [line.strip() for line in text.splitlines() if line.strip()]


def _parsed(lines: list[str]) -> dict[str, bytes]:
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
    found = ring().get(name)
    if found is None:  # another process may have begun a new key a moment ago
        forget()
        found = ring().get(name)
    if found is None:
        raise KeyProblem(f"data was sealed with key {name!r}, which is not in the ring")
    return found


def add_key(*, today: date) -> str:
    """Put a fresh key of 32 bytes in front of the key file and return its name.

    Raises KeyProblem where the keys come from the environment, which this cannot change.
    """
    lines = _lines_of_file()
    names, number = {line.partition(":")[0] for line in lines}, 1
    while f"k{today:%Y%m%d}n{number}" in names:
        number += 1
    name = f"k{today:%Y%m%d}n{number}"
    _write([f"{name}:{secrets.token_hex(32)}", *lines])
    return name


def drop_key(name: str) -> None:
    """Take a key out of the key file; the one in use and unknown ones raise KeyProblem.

    The caller has made sure that nothing is sealed with it.
    """
    lines = _lines_of_file()
    if name == current()[0] or name not in ring():
        raise KeyProblem(f"key {name!r} is in use or not in the ring")
    _write([line for line in lines if line.partition(":")[0] != name])


def _lines_of_file() -> list[str]:
    if not settings.DATA_KEY_FILE:
        raise KeyProblem("set LINLI_DATA_KEY_FILE: keys in the environment are changed there")
    return _lines()


def _write(lines: list[str]) -> None:
    replace_file(settings.DATA_KEY_FILE, lines)
    forget()


def replace_file(name: str, lines: list[str]) -> None:
    """Replace a key file as a whole, readable by its owner only."""
    path = Path(name)
    fresh = path.with_name(f"{path.name}.new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as out:
        out.write("\n".join(lines) + "\n")
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(path)
