"""What is typed into a private filter, as a phone, travels sealed: addresses end up in logs."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from collections.abc import Iterable

from django.http import QueryDict

from ..secrets.cipher import Tampered, seal, unseal
from ..secrets.keys import KeyProblem

MARK = "~"


def closed(text: str) -> str:
    """Return a filter's value as it stands in an address; blank stays blank."""
    return MARK + urlsafe_b64encode(seal(text)).decode() if text else ""


def opened(data: QueryDict, names: Iterable[str]) -> QueryDict:
    """Return the filters with these values opened; what cannot be opened is blank.

    A value that was never sealed, as in an old link, stays as it is.
    """
    found = data.copy()
    for name in names:
        value = data.get(name, "")
        if value.startswith(MARK):
            found[name] = _opened(value)
    return found


def _opened(value: str) -> str:
    try:
        return unseal(urlsafe_b64decode(value[len(MARK) :].encode()))
    except (Tampered, KeyProblem, Error, ValueError):
        return ""
