"""The ledger: append-only, sealed, and what was changed behind its back is found."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import psycopg
import pytest
from django.db import InternalError, connection, connections, transaction
from django.db.utils import DatabaseError

from linli.kernel.ledger.actions import append, lift_clock, seal
from linli.kernel.ledger.models import Entry, Seal
from linli.kernel.ledger.queries import settled_before, verify
from linli.kernel.scope import SYSTEM

NOW = datetime(2026, 3, 16, 1, tzinfo=UTC)


def write(subject: int, **more) -> Entry:
    return append(subject_type="test", subject_id=subject, verb="did", actor=SYSTEM, at=NOW, **more)


def behind_its_back(sql: str, *params) -> None:
    """Change rows as a superuser would, with the triggers switched off."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(sql, params)
        cursor.execute("SET session_replication_role = DEFAULT")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE ledger_entry SET verb = 'else'",
        "DELETE FROM ledger_entry",
        "TRUNCATE ledger_entry",
    ],
)
def test_append_only_by_the_database(sql):
    write(1)
    with (
        pytest.raises((InternalError, DatabaseError)),
        transaction.atomic(),
        connection.cursor() as c,
    ):
        c.execute(sql)
    assert Entry.objects.get().verb == "did"


@pytest.mark.django_db
def test_numbers_run_per_subject_and_keys_are_unique():
    assert [write(1).seq, write(1).seq, write(2).seq] == [1, 2, 1]
    write(3, key="a")
    with pytest.raises(DatabaseError), transaction.atomic():
        write(3, key="a")


def test_sealed_blocks_verify_and_a_changed_row_is_found(committed):
    first, second = write(1, data={"a": 1}), write(1)
    made = seal(now=NOW)
    assert made.entries == 2
    assert seal(now=NOW) is None
    write(2)
    assert seal(now=NOW).from_tx == made.to_tx
    assert list(verify()) == []
    behind_its_back("UPDATE ledger_entry SET data = '{\"a\": 2}' WHERE id = %s", first.pk)
    assert [fault.seal_id for fault in verify()] == [made.pk]
    behind_its_back("UPDATE ledger_entry SET data = '{\"a\": 1}' WHERE id = %s", first.pk)
    assert list(verify()) == []
    behind_its_back("DELETE FROM ledger_entry WHERE id = %s", second.pk)
    assert any("2 entries were sealed, 1 are there" in fault.message for fault in verify())


def test_a_row_slipped_in_or_cut_off_is_found(committed):
    write(1)
    made = seal(now=NOW)
    behind_its_back(
        "INSERT INTO ledger_entry (subject_type, subject_id, seq, verb, actor_kind, area_code, at,"
        " data, tx) VALUES ('test', 9, 1, 'forged', 'staff', '', now(), '{}', %s)",
        made.from_tx + 1 if made.from_tx else 1,
    )
    assert any(fault.seal_id == made.pk for fault in verify())
    behind_its_back("DELETE FROM ledger_seal")
    behind_its_back("DELETE FROM ledger_entry WHERE subject_id = 9")
    write(1)
    write(1)
    behind_its_back("DELETE FROM ledger_entry WHERE subject_id = 1 AND seq = 2")
    assert any("missing" in fault.message for fault in verify())


def test_what_the_sealer_itself_may_still_write_is_not_sealed(committed):
    def another() -> None:
        write(3)
        connections.close_all()

    write(1)
    with transaction.atomic():
        write(2)
        thread = threading.Thread(target=another)  # its number is above ours, and it is done
        thread.start()
        thread.join()
        assert seal(now=NOW).entries == 1
        write(2)
    assert seal(now=NOW).entries == 3
    assert list(verify()) == []


def test_a_long_transaction_is_sealed_later_not_lost(committed):
    started, finish = threading.Event(), threading.Event()

    def long_one() -> None:
        with transaction.atomic():
            write(1)
            started.set()
            finish.wait(10)
        connections.close_all()

    thread = threading.Thread(target=long_one)
    thread.start()
    started.wait(10)
    write(2)
    early = seal(now=NOW)
    finish.set()
    thread.join()
    late = seal(now=NOW)
    counts = [made.entries if made else 0 for made in (early, late)]
    assert sum(counts) == 2
    assert late is not None
    assert list(verify()) == []


def test_sealers_at_once_seal_each_entry_once(committed):
    for subject in range(20):
        write(subject)

    def run() -> None:
        seal(now=NOW)
        connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seal(now=NOW)
    assert sum(Seal.objects.values_list("entries", flat=True)) == 20
    assert list(verify()) == []


def test_another_databases_transaction_does_not_hold_us_back(committed):
    settings = connection.settings_dict
    other = psycopg.connect(
        host=settings["HOST"] or None, port=settings["PORT"] or None, user=settings["USER"],
        password=settings["PASSWORD"] or None, dbname="postgres",
    )  # fmt: skip
    try:
        other.execute("SELECT pg_current_xact_id()")
        entry = write(1)
        entry.refresh_from_db()
        assert settled_before() > entry.tx
    finally:
        other.rollback()
        other.close()


def test_numbers_go_on_after_a_restore(committed):
    write(1)
    behind_its_back("UPDATE ledger_entry SET tx = tx + 1000000")
    lift_clock()
    entry = write(1)
    entry.refresh_from_db()
    assert entry.tx > Entry.objects.order_by("id").first().tx
    assert settled_before() > entry.tx
