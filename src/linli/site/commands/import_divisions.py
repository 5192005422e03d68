"""`linli import-divisions`."""

from __future__ import annotations

import sys
from typing import Any

from ..start import read_file, start_django


def run(args: Any) -> int:
    """Import a division file, or print its bad rows by line and import nothing."""
    body = read_file(args.file)
    start_django()
    from django.utils import timezone

    from linli.base.areas.actions import import_divisions
    from linli.kernel.scope import SYSTEM

    return report(import_divisions(body, actor=SYSTEM, now=timezone.now()), "line")


def report(result: Any, unit: str) -> int:
    """Print what an import did and return the exit code."""
    if result.ok:
        print(
            f"created or set {result.created}, renamed {result.renamed}, "
            f"unchanged {result.unchanged}"
        )
        return 0
    print(f"{unit:>6}  {'value':<24}  reason", file=sys.stderr)
    for bad in result.bad:
        print(f"{bad.line:>6}  {bad.value:<24}  {bad.reason}", file=sys.stderr)
    print(f"{len(result.bad)} bad rows; nothing was imported", file=sys.stderr)
    return 1
