"""Backup and restore: what was saved comes back whole, and a bad archive changes nothing."""

from __future__ import annotations

import json
import tarfile
from io import BytesIO

import pytest

from site_shell import Shell, own_database

BUILD = """
from factories import MONDAY, make_case, make_district
from linli.work.cases.actions import take_step
from linli.kernel.ledger.actions import seal
from django.core.files.storage import default_storage
from django.core.files.base import ContentFile
from django.utils import timezone
world = make_district()
for n in range(3):
    make_case(world, title=f"第{n}件", reporter_phone="19000007777")
case = make_case(world).case
take_step("accept", case.pk, actor=world.dispatcher, now=MONDAY, data={})
default_storage.save("cases/photo.jpg", ContentFile(b"a photo"))
print(seal(now=timezone.now()).entries)
"""
CHANGE = """
from django.core.files.storage import default_storage
from linli.work.cases.models import Case, CaseNote, Attachment
Case.objects.all().delete()
default_storage.delete("cases/photo.jpg")
"""
FACTS = """
import json
from django.core.files.storage import default_storage
from django.db import connection
from linli.kernel.ledger.models import Entry, Seal
from linli.work.cases.models import Case
with connection.cursor() as cursor:
    cursor.execute("SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal")
    triggers = cursor.fetchone()[0]
print(json.dumps({
    "cases": list(Case.objects.order_by("id").values_list("title", "state", "version")),
    "phones": [case.reporter_phone for case in Case.objects.order_by("id")],
    "entries": Entry.objects.count(),
    "digests": list(Seal.objects.values_list("digest", flat=True)),
    "files": default_storage.exists("cases/photo.jpg"),
    "triggers": triggers,
}))
"""
GO_ON = """
from factories import MONDAY
from linli.kernel.ledger.actions import seal
from linli.kernel.scope import SYSTEM
from linli.work.cases.actions import take_step
from linli.work.cases.models import Case
from django.utils import timezone
first = Case.objects.order_by("id").first()
take_step("accept", first.pk, actor=SYSTEM, now=MONDAY, data={})
print(seal(now=timezone.now()).entries)
"""
FORGE = """
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("SET session_replication_role = replica")
    cursor.execute("UPDATE ledger_entry SET verb = 'nothing' WHERE id = (SELECT min(id) FROM ledger_entry)")
"""


def facts(shell: Shell) -> dict:
    return json.loads(shell.python(FACTS))


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """Return a shell with four cases, a file and a seal, and an archive of them."""
    shell = Shell(tmp_path_factory.mktemp("town"), own_database("backup"))
    assert shell.linli("migrate").returncode == 0
    shell.python(BUILD)
    archive = tmp_path_factory.mktemp("archive") / "linli.tar.gz"
    done = shell.linli("backup", str(archive))
    assert done.returncode == 0, done.stderr
    assert f"{archive.stat().st_size:,} bytes" in done.stdout
    return shell, archive, facts(shell)


def test_what_was_saved_comes_back_and_goes_on(town):
    shell, archive, saved = town
    assert len(saved["cases"]) == 4
    assert saved["files"]
    shell.python(CHANGE)
    changed = facts(shell)
    assert changed["cases"] == []
    assert not changed["files"]

    refused = shell.linli("restore", str(archive))
    assert refused.returncode == 2
    assert "this database has data; --yes" in refused.stderr
    assert facts(shell) == changed

    done = shell.linli("restore", str(archive), "--yes")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "restored; the ledger is as it was sealed" in done.stdout
    assert facts(shell) == saved

    # Life goes on: new entries are sealed on top of the old seals, and all of it verifies.
    assert shell.python(GO_ON).strip() == "1"
    verified = shell.linli("ledger", "verify", "--expect", saved["digests"][0])
    assert verified.returncode == 0, verified.stdout
    assert verified.stdout.startswith("2 seals, ")


def test_an_empty_database_takes_an_archive_without_asking(town, tmp_path):
    _shell, archive, saved = town
    other = Shell(tmp_path, own_database("other"))
    assert other.linli("restore", str(archive)).returncode == 0
    assert facts(other) == saved


def test_a_forged_archive_is_told(town, tmp_path):
    _shell, archive, _saved = town
    other = Shell(tmp_path, own_database("forged"))
    assert other.linli("restore", str(archive)).returncode == 0
    other.python(FORGE)
    forged = tmp_path / "forged.tar.gz"
    assert other.linli("backup", str(forged)).returncode == 0
    done = other.linli("restore", str(forged), "--yes")
    assert done.returncode == 1
    assert "seal 1" in done.stdout


def packed(parts: dict[str, bytes]) -> bytes:
    out = BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for name, body in parts.items():
            info = tarfile.TarInfo(name)
            info.size = len(body)
            archive.addfile(info, BytesIO(body))
    return out.getvalue()


def unpacked(body: bytes) -> dict[str, bytes]:
    with tarfile.open(fileobj=BytesIO(body)) as archive:
        return {m.name: archive.extractfile(m).read() for m in archive if m.isfile()}


BROKEN = {
    "text": lambda whole: b"this is no archive",
    "nothing": lambda whole: b"",
    "cut off": lambda whole: whole[: len(whole) * 2 // 3],
    "no dump": lambda whole: packed({"about.json": b"{}"}),
    "no about": lambda whole: packed({"database.dump": b"PGDMP"}),
    "way out": lambda whole: packed({"../../out": b"x", "about.json": b"{}"}),
    "half a dump": lambda whole: packed(
        (parts := unpacked(whole)) | {"database.dump": parts["database.dump"][:100_000]}
    ),
}


@pytest.mark.parametrize("break_it", [pytest.param(b, id=name) for name, b in BROKEN.items()])
def test_a_broken_archive_is_refused_and_nothing_is_lost(town, tmp_path, break_it):
    shell, archive, _saved = town
    before = facts(shell)
    bad = tmp_path / "bad.tar.gz"
    bad.write_bytes(break_it(archive.read_bytes()))
    done = shell.linli("restore", str(bad), "--yes")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert facts(shell) == before


def test_a_backup_overwrites_nothing(town, tmp_path):
    shell, _archive, _saved = town
    there = tmp_path / "there.tar.gz"
    there.write_text("mine")
    done = shell.linli("backup", str(there))
    assert done.returncode == 2
    assert there.read_text() == "mine"
