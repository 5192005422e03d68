"""`linli restore`: put a saved database and its files back."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tarfile
import tempfile
import zlib
from pathlib import Path
from typing import Any

from ..cli import UserError
from ..start import start_django

ASIDE = "linli_replaced"  # the schema that holds what stood before, while a dump comes in


def run(args: Any) -> int:
    """Restore an archive, lift the ledger's clock, and verify the ledger."""
    source = Path(args.file)
    if not source.is_file():
        raise UserError(f"cannot read {source}: no such file")
    start_django()
    from django.db import connection

    tables = connection.introspection.table_names()
    if "ledger_entry" in tables and not args.yes:
        with connection.cursor() as cursor:
            cursor.execute("SELECT EXISTS (SELECT 1 FROM ledger_entry)")
            if cursor.fetchone()[0]:
                raise UserError("this database has data; --yes replaces it by the archive's")
    restore_archive(source)
    from linli.kernel.ledger.queries import verify

    faults = [f"seal {fault.seal_id}: {fault.message}" for fault in verify()]
    print("\n".join(faults) or "restored; the ledger is as it was sealed")
    return 1 if faults else 0


def restore_archive(source: Path) -> None:
    """Replace database and uploaded files by the archive's.

    Raises UserError for a bad archive; the database then stands as it was.
    """
    from linli.kernel.ledger.actions import lift_clock
    from linli.site import env

    with tempfile.TemporaryDirectory() as folder:
        dump = _unpacked(source, Path(folder))
        _replace_database(dump)
        files = env.home() / "files"
        if files.is_dir():
            shutil.rmtree(files)
        if (Path(folder) / "files").is_dir():
            shutil.copytree(Path(folder) / "files", files)
    lift_clock()


def _unpacked(source: Path, folder: Path) -> Path:
    """Unpack an archive, read its dump to the end, and return the dump."""
    try:
        with tarfile.open(source) as archive:
            archive.extractall(folder, filter="data")
        json.loads((folder / "about.json").read_text())
    except (tarfile.TarError, OSError, EOFError, zlib.error, ValueError) as error:
        raise UserError(f"{source} is not a whole archive of linli backup: {error}") from error
    dump = folder / "database.dump"
    fault = _pg_restore("--file", os.devnull, str(dump))
    if fault:
        raise UserError(f"the database in {source} cannot be read: {fault}")
    return dump


def _replace_database(dump: Path) -> None:
    """Restore a dump beside what stands, which goes only when the dump is in."""
    _run_sql(f"ALTER SCHEMA public RENAME TO {ASIDE}", "CREATE SCHEMA public")
    fault = _pg_restore(
        "--no-owner", "--exit-on-error", "--dbname", os.environ["DATABASE_URL"], str(dump)
    )
    if fault:
        _run_sql("DROP SCHEMA public CASCADE", f"ALTER SCHEMA {ASIDE} RENAME TO public")
        raise UserError(f"pg_restore failed, the database is as it was: {fault}")
    _run_sql(f"DROP SCHEMA {ASIDE} CASCADE")


def _pg_restore(*args: str) -> str:
    """Run pg_restore and return what was wrong, blank where nothing was."""
    from linli.site import postgres

    done = subprocess.run(  # noqa: S603
        [str(postgres.program("pg_restore")), *args],
        stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, check=False,
    )  # fmt: skip
    return (done.stderr.decode().strip()[-300:] or "failed") if done.returncode else ""


def empty_database() -> None:
    """Drop everything in the database."""
    _run_sql("DROP SCHEMA public CASCADE", "CREATE SCHEMA public")


def _run_sql(*statements: str) -> None:
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    connection.close()
