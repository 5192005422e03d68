"""`linli import-boundaries`."""

from __future__ import annotations

from typing import Any

from ..start import read_file, start_django
from .import_divisions import report


def run(args: Any) -> int:
    """Import boundaries, or print the bad features by number and import nothing."""
    body = read_file(args.file)
    start_django()
    from django.utils import timezone

    from linli.base.areas.actions import import_boundaries
    from linli.kernel.scope import SYSTEM

    now = timezone.now()
    return report(import_boundaries(body, actor=SYSTEM, now=now, crs=args.crs), "number")
