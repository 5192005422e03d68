"""Load the demonstration: each module's own part, in order, each in one transaction."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import datetime
from importlib import import_module
from importlib.util import find_spec
from inspect import signature
from typing import Any

ORDER = (
    "areas",
    "accounts",
    "areas.duties",
    "people",
    "linli_messages",
    "cases",
    "emergencies",
    "sheets",
    "patrols",
    "knowledge",
    "publishing",
    "indicators",
    "hotspots",
    "cockpit",
    "areas.changes",  # after all else, so that there is work to move along
)


def parts() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Yield (label, load_demo) of each module that has a part, lower modules first."""
    from django.apps import apps

    known = {config.label: config for config in apps.get_app_configs()}
    for label in ORDER:
        owner, _dot, part = label.partition(".")
        config = known.get(owner)
        file = f"demo_{part}" if part else "demo"
        if config and find_spec(f"{config.name}.{file}"):
            module = import_module(f"{config.name}.{file}")
            if hasattr(module, "load_demo"):
                yield label, module.load_demo


def load(now: datetime, say: Callable[[str], None]) -> None:
    """Load every part that is not loaded yet; a part that failed is tried again next time."""
    from django.db import connection, transaction

    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE IF NOT EXISTS linli_demo_part (label text PRIMARY KEY, at timestamptz)"
        )
        cursor.execute("SELECT label FROM linli_demo_part")
        done = {row[0] for row in cursor.fetchall()}
    for label, load_demo in parts():
        if label in done:
            continue
        began = time.monotonic()
        say(f"  {label:<16} …")
        with transaction.atomic():
            load_demo(now=now, **_more(load_demo))
            with connection.cursor() as cursor:
                cursor.execute("INSERT INTO linli_demo_part VALUES (%s, %s)", [label, now])
        say(f"  {label:<16} {time.monotonic() - began:5.1f} s")
    import_module("linli.base.indicators.actions").fold(now=now)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _more(load_demo: Callable[..., Any]) -> dict[str, Any]:
    """Tell a part that asks for it who the named log-ins are, so that each finds work waiting."""
    if "focus" not in signature(load_demo).parameters:
        return {}
    accounts = import_module("linli.base.accounts.demo")
    logins = tuple(login.username for login in accounts.DEMO_LOGINS)
    return {"focus": logins, "resident": accounts.DEMO_RESIDENT}
