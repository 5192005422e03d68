"""Shared set-up of all tests; `linli.site.testing` has prepared a real PostgreSQL already."""

from __future__ import annotations

import pytest
from django.db import connection


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment, django_db_blocker, django_db_modify_db_settings, django_db_keepdb
):
    """Make the test database for whoever asks, also where no test chosen is marked `django_db`."""
    from django.test.utils import setup_databases, teardown_databases

    with django_db_blocker.unblock():
        config = setup_databases(verbosity=0, interactive=False, keepdb=django_db_keepdb)
    yield
    if not django_db_keepdb:
        with django_db_blocker.unblock():
            teardown_databases(config, verbosity=0)


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
