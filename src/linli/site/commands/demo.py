"""`linli demo`: the demonstration district, loaded once."""

from __future__ import annotations

import os
import sys
import time
from typing import Any

from ..cli import UserError


def run(args: Any) -> int:
    """Load the demonstration where it is not loaded yet, then start as `linli up` does."""
    os.environ["LINLI_DEMO"] = "1"
    from ..start import start_django
    from . import up

    if not args.no_serve:
        up._check_port(args.host, args.port)
    began = time.monotonic()
    print("Preparing the demonstration district …", flush=True)
    start_django()
    if args.fresh:
        _drop(args.yes)
    from django.core.management import call_command
    from django.db import connection
    from django.utils import timezone

    from .. import demo

    call_command("migrate", interactive=False, verbosity=0)
    print(f"  {'migrations':<16} {time.monotonic() - began:5.1f} s", flush=True)
    demo.load(timezone.now(), lambda line: print(line, flush=True))
    connection.close()
    return 0 if args.no_serve else up.run(args)


def _drop(sure: bool) -> None:
    if not sure:
        if not sys.stdin.isatty():
            raise UserError("--fresh drops all data; add --yes where nobody can be asked")
        if input("Drop all data of this demonstration? [y/N] ").strip().lower() != "y":
            raise UserError("nothing was dropped")
    from .restore import empty_database

    empty_database()
