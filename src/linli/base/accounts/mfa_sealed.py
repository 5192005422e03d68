"""The shared secrets of second factors, sealed inside allauth's own table."""

from __future__ import annotations

import base64
from collections.abc import Iterator

from allauth.mfa.models import Authenticator
from django.db import transaction

from linli.kernel.secrets.cipher import MARKS, seal_bytes, unseal_bytes
from linli.kernel.secrets.rotation import prefix
from linli.kernel.secrets.sealed import Apart

NAMES = ("secret", "seed")


def _sealed(row: Authenticator) -> Iterator[tuple[str, bytes]]:
    for name in NAMES:
        if row.data.get(name):
            yield name, base64.b64decode(row.data[name])


def _starts(key: str | None) -> tuple[bytes, ...]:
    return tuple(mark + key.encode() + b":" for mark in MARKS.values()) if key else (prefix(),)


def count(key: str | None) -> int:
    """Return how many are sealed with a key; None: how many are not as new ones are."""
    starts = _starts(key)
    return sum(
        any(blob.startswith(starts) == (key is not None) for _name, blob in _sealed(row))
        for row in Authenticator.objects.all().iterator()
    )


def reseal() -> int:
    """Seal those anew that are not as new ones are; return how many."""
    moved = 0
    for pk in list(Authenticator.objects.values_list("pk", flat=True)):
        with transaction.atomic():
            row = Authenticator.objects.select_for_update().get(pk=pk)
            old = [(name, blob) for name, blob in _sealed(row) if not blob.startswith(prefix())]
            for name, blob in old:
                row.data[name] = base64.b64encode(seal_bytes(unseal_bytes(blob))).decode()
            if old:
                row.save(update_fields=["data"])
                moved += 1
    return moved


SECOND_FACTORS = Apart(count, reseal)
