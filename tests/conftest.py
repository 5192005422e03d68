"""Shared set-up of all tests; `linli.site.testing` has prepared a real PostgreSQL already."""

from __future__ import annotations

import pytest
from django.db import connection


@pytest.fixture
def committed(django_db_setup, django_db_blocker):
    """Let a test commit for real (folding sees only settled transactions); tidy up after it."""

    def tidy() -> None:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE ledger_entry DISABLE TRIGGER USER")
            cursor.execute("TRUNCATE ledger_entry, indicators_tally, indicators_fold_cursor")
            cursor.execute("ALTER TABLE ledger_entry ENABLE TRIGGER USER")

    with django_db_blocker.unblock():
        tidy()
        yield
        tidy()
