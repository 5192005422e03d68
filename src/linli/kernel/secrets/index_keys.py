"""The key of the blind index: from the environment, or from a file in which it can be changed.

Every index is made with one key, so that what is stored in one table is found by what is stored in
another. The database keeps a fingerprint of that key: a site with another one would find nobody.
"""

from __future__ import annotations

import hmac
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from time import monotonic

from django.conf import settings

from .keys import LOOK_EVERY, KeyProblem, replace_file

NEXT = "next:"  # before the key that a change under way leads to
_over: ContextVar[str] = ContextVar("index_key", default="")


class _Read:
    """The key as it was last read, from what, and when that was last looked at."""

    key = ""
    source: object = None
    looked = 0.0


def forget() -> None:
    """Read the key file anew at the next use."""
    _Read.source, _Read.looked = None, 0.0


def index_key() -> str:
    """Return the key in use; one in a file is looked at again after five seconds."""
    over = _over.get()
    if over:
        return over
    if not settings.BLIND_INDEX_KEY_FILE:
        key: str = settings.BLIND_INDEX_KEY
        return key
    if _Read.source is None or monotonic() - _Read.looked >= LOOK_EVERY:
        found = os.stat(settings.BLIND_INDEX_KEY_FILE)
        source = settings.BLIND_INDEX_KEY_FILE, found.st_mtime_ns, found.st_ino
        if source != _Read.source:
            _Read.key, _Read.source = _lines()[0], source
        _Read.looked = monotonic()
    return _Read.key


@contextmanager
def using(key: str) -> Iterator[None]:
    """Make indexes with this key for a while, in this thread."""
    token = _over.set(key)
    try:
        yield
    finally:
        _over.reset(token)


def fingerprint(key: str) -> str:
    """Return what tells one key from another and gives none of it away."""
    return hmac.digest(key.encode(), b"linli: which key made this index", "sha256").hex()[:32]


def next_key() -> str:
    """Return the key a change leads to, put into the file where there is none yet.

    Raises KeyProblem where the key comes from the environment, which this cannot change.
    """
    lines = _lines()
    for line in lines[1:]:
        if line.startswith(NEXT):
            return line.removeprefix(NEXT)
    fresh = secrets.token_hex(32)
    replace_file(settings.BLIND_INDEX_KEY_FILE, [lines[0], NEXT + fresh])
    forget()
    return fresh


def begin_next() -> None:
    """Make the next key the only one."""
    fresh = next_key()
    replace_file(settings.BLIND_INDEX_KEY_FILE, [fresh])
    forget()


def _lines() -> list[str]:
    if not settings.BLIND_INDEX_KEY_FILE:
        raise KeyProblem(
            "set LINLI_BLIND_INDEX_KEY_FILE: a key in the environment cannot be changed here"
        )
    text = Path(settings.BLIND_INDEX_KEY_FILE).read_text(encoding="utf-8")
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines or lines[0].startswith(NEXT) or len(lines[0]) < 16:
        raise KeyProblem("the first line of LINLI_BLIND_INDEX_KEY_FILE is the key in use, 16+ long")
    return lines
