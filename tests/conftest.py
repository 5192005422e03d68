"""Shared set-up of all tests: a real PostgreSQL, embedded or at DATABASE_URL."""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.site.settings")
os.environ["LINLI_TESTING"] = "1"


def pytest_load_initial_conftests() -> None:
    """Nothing to do; the database is prepared below, before Django reads its settings."""


from linli.site import databases  # noqa: E402

databases.prepare(testing=True)
