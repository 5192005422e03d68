"""`linli check --deploy`: is this installation fit for real use."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..start import start_django


def run(args: Any) -> int:
    """Print what must change and how; exit code 1 where something must."""
    start_django()
    from django.conf import settings
    from django.core.management import call_command

    call_command("check", deploy=False, verbosity=0)
    if not args.deploy:
        print("no faults found")
        return 0
    found = list(faults())
    for fault in found:
        print(f"- {fault}")
    if "console" in settings.MESSAGES_BACKEND:
        print("note: LINLI_MESSAGES_BACKEND writes text messages to a table and sends none")
    print(f"{len(found)} things to change before real use" if found else "ready for real use")
    return 1 if found else 0


def faults() -> Iterator[str]:
    """Yield each thing that must change before real use, with what to do."""
    from django.conf import settings

    if "development-only" in settings.SECRET_KEY or len(settings.SECRET_KEY) < 50:
        yield "LINLI_SECRET_KEY is the default: set 50 random characters or more"
    if any(key.startswith("demo:") for key in settings.DATA_KEYS) and not settings.DATA_KEY_FILE:
        yield "LINLI_DATA_KEYS is the demonstration key: set name:hex of 16 or 32 random bytes"
    if settings.BLIND_INDEX_KEY == "demo-blind-index-key" and not settings.BLIND_INDEX_KEY_FILE:
        yield "LINLI_BLIND_INDEX_KEY is the default: set 32 random characters or more"
    if settings.DEMO:
        yield "LINLI_DEMO is on: one-time codes are shown on pages; unset it"
    if settings.DEBUG:
        yield "LINLI_DEBUG is on: unset it"
    if not settings.STAFF_SECOND_FACTOR:
        yield "staff log in without a second factor: unset LINLI_DEMO_NO_SECOND_FACTOR"
    if "*" in settings.ALLOWED_HOSTS or settings.ALLOWED_HOSTS == ["localhost"]:
        yield "LINLI_HOSTS names no host: set the site's own names, separated by commas"
    if not settings.SESSION_COOKIE_SECURE:
        yield "cookies travel over plain HTTP: serve HTTPS and set LINLI_HTTPS=1"
    yield from _database_faults()


def _database_faults() -> Iterator[str]:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    version = connection.pg_version  # type: ignore[attr-defined]
    if not 150000 <= version < 190000:
        yield f"PostgreSQL {version // 10000} is not among the tested versions 15 to 18"
    executor = MigrationExecutor(connection)
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if pending:
        yield f"{len(pending)} migrations are pending: run linli migrate"
