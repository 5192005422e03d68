"""Shared set-up of all tests; `linli.site.testing` has prepared a real PostgreSQL already."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.db import connection
from django.test import TransactionTestCase
from django.utils import translation


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment, django_db_blocker, django_db_modify_db_settings, django_db_keepdb
):
    """Make the test database for whoever asks, also where no test chosen is marked `django_db`."""
    from django.test.utils import setup_databases

    # The cluster is thrown away, so the database may stay; the next run makes it anew.
    with django_db_blocker.unblock():
        setup_databases(verbosity=0, interactive=False, keepdb=django_db_keepdb)


@pytest.fixture(autouse=True)
def chinese():
    """Begin in the site's own language, whatever the test before asked a page in."""
    translation.activate(settings.LANGUAGE_CODE)


KEPT = {"django_migrations", "ledger_clock", "areas_boundary_revision"}


def tidy() -> None:
    """Empty every table, past the triggers that forbid it; what migrations put in stays."""
    tables = [name for name in connection.introspection.table_names() if name not in KEPT]
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(f"TRUNCATE {', '.join(tables)} CASCADE")
        cursor.execute('UPDATE ledger_clock SET "offset" = 0')
        cursor.execute("SET session_replication_role = DEFAULT")


# Django's own way of tidying up after a test that commits would meet the ledger's triggers.
TransactionTestCase._fixture_teardown = lambda self: tidy()


@pytest.fixture
def committed(django_db_setup, django_db_blocker):
    """Let a test commit for real (folding sees only settled transactions); tidy up after it."""
    with django_db_blocker.unblock():
        tidy()
        yield
        tidy()
