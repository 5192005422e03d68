"""What a process of its own does first; it must be importable before Django is set up."""

from __future__ import annotations

import pickle
from typing import Any

CHECKER: list[Any] = []  # the one checker of this process


def begin(checker: bytes) -> None:
    """Set Django up in a process that never opens the database, then take its checker out.

    The checker names all grids of a district; it comes once, not with each chunk of lines.
    """
    import gc

    import django

    django.setup()
    CHECKER[:] = [pickle.loads(checker)]  # noqa: S301 (from the process that began this one)
    gc.disable()  # rows hold no cycles, and looking for some takes a tenth of the time
