"""`linli migrate`."""

from __future__ import annotations

from typing import Any

from ..start import start_django


def run(_args: Any) -> int:
    """Apply all migrations."""
    start_django()
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=1)
    return 0
