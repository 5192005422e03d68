"""What a process of its own does first; it must be importable before Django is set up."""

from __future__ import annotations


def begin() -> None:
    """Set Django up in a process that never opens the database."""
    import gc

    import django

    django.setup()
    gc.disable()  # rows hold no cycles, and looking for some takes a tenth of the time
