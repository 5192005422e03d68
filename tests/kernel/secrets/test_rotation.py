"""A new key while the site runs: killed in the middle, gone on, the old one retired."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, connections
from django.utils import timezone

from factories import MONDAY, make_area, make_resident, make_staff
from linli.base.accounts.models import Account
from linli.kernel.secrets import keys, rotation
from linli.kernel.secrets.cipher import seal, unseal
from linli.kernel.secrets.models import KeyRotation
from linli.kernel.secrets.sealed import sealed_tables


@pytest.fixture(autouse=True)
def key_file(settings, tmp_path):
    path = tmp_path / "keys"
    path.write_text("old:" + "11" * 32 + "\n")
    settings.DATA_KEY_FILE = str(path)
    keys.forget()
    yield path
    keys.forget()


def sealed(account) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone FROM accounts_account WHERE id = %s", [account.pk])
        return bytes(cursor.fetchone()[0])


def reseal(**more):
    return rotation.reseal(now=timezone.now, **more)


def test_a_new_key_is_kept_safe_and_the_old_one_still_reads(key_file):
    old = seal("旧")
    name = keys.add_key(today=MONDAY.date())
    assert name == "k20260316n1"
    assert list(keys.ring()) == [name, "old"]
    assert key_file.stat().st_mode & 0o077 == 0
    assert unseal(old) == "旧"
    assert seal("新").startswith(b"A" + name.encode())
    assert keys.add_key(today=MONDAY.date()) == "k20260316n2"


def test_another_process_reads_a_key_it_has_not_seen(key_file):
    keys.ring()
    key_file.write_text("young:" + "22" * 32 + "\n" + key_file.read_text())
    assert keys.named("young") == bytes.fromhex("22" * 32)


def test_keys_of_the_environment_are_not_changed_from_here(settings):
    settings.DATA_KEY_FILE = ""
    keys.forget()
    with pytest.raises(keys.KeyProblem, match="LINLI_DATA_KEY_FILE"):
        keys.add_key(today=MONDAY.date())


@pytest.mark.django_db
def test_both_ciphers_are_read_side_by_side_and_taken_over(settings):
    settings.DATA_CIPHER = "SM4-GCM"
    first = make_resident()
    settings.DATA_CIPHER = "AES-GCM"
    second = make_resident()
    assert [sealed(row)[:1] for row in (first, second)] == [b"S", b"A"]
    assert Account.objects.get(pk=first.pk).phone == first.phone
    reseal()
    assert sealed(first)[:1] == b"A"
    assert Account.objects.get(pk=first.pk).phone == first.phone


@pytest.mark.django_db
def test_it_goes_on_where_it_was_killed(monkeypatch):
    people = [make_resident() for _ in range(7)]
    monkeypatch.setattr(rotation, "BATCH", 2)
    name = keys.add_key(today=MONDAY.date())

    class Killed(BaseException):
        pass

    def kill(row):
        if row.done == 4:
            raise Killed

    with pytest.raises(Killed):
        reseal(report=kill)
    states = [sealed(row).startswith(b"A" + name.encode()) for row in people]
    assert states.count(True) == 4
    assert all(Account.objects.get(pk=row.pk).phone == row.phone for row in people)
    with pytest.raises(rotation.StillNeeded):
        rotation.retire("old")
    row = reseal()
    assert (row.total, row.done, row.percent) == (7, 7, 100)
    assert KeyRotation.objects.count() == 1
    assert all(Account.objects.get(pk=one.pk).phone == one.phone for one in people)
    rotation.retire("old")
    assert list(keys.ring()) == [name]
    with pytest.raises(keys.KeyProblem):
        rotation.retire(name)


def test_writers_go_on_and_nothing_they_write_is_lost(committed, monkeypatch):
    people = [make_resident() for _ in range(40)]
    monkeypatch.setattr(rotation, "BATCH", 3)
    keys.add_key(today=MONDAY.date())
    stop, faults = threading.Event(), []

    def write():
        number = 0
        try:
            while not stop.is_set():
                row = Account.objects.get(pk=people[number % 40].pk)
                row.phone = f"1900001{number:04d}"
                row.save(update_fields=["phone"])
                written[row.pk] = row.phone
                number += 1
        except Exception as error:
            faults.append(error)
        finally:
            connections.close_all()

    written: dict[int, str] = {}
    writer = threading.Thread(target=write)
    writer.start()
    try:
        reseal()
    finally:
        stop.set()
        writer.join()
    assert not faults
    assert written
    assert rotation.rows_under("old") == 0
    for row in people:
        assert Account.objects.get(pk=row.pk).phone == written.get(row.pk, row.phone)


@pytest.mark.django_db
def test_every_encrypted_field_is_taken_over():
    tables = {one.table: one.columns for one in sealed_tables()}
    assert "words" not in tables["people_resident"]
    assert {"name", "phone", "id_number"} <= set(tables["people_resident"])
    assert "body" in tables["people_ledger_import"]


@pytest.mark.django_db
def test_the_security_administrator_sees_progress_and_no_key(client, key_file):
    make_resident()
    secret = key_file.read_text().split(":")[1].strip()
    keys.add_key(today=MONDAY.date())
    reseal()
    client.force_login(make_staff("security_admin", make_area("370705")))
    text = client.get("/desk/keys/").content.decode()
    assert "k20260316n1" in text
    assert "已完成" in text
    assert secret not in text
    client.force_login(make_staff("system_admin", make_area("370705")))
    assert client.get("/desk/keys/").status_code == 403
