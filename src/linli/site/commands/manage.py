"""`linli manage`: Django's own commands."""

from __future__ import annotations

from typing import Any

from ..start import start_django


def run(args: Any) -> int:
    """Run a Django command with the arguments that follow."""
    start_django()
    from django.core.management import execute_from_command_line

    execute_from_command_line(["linli manage", *args.rest])
    return 0
