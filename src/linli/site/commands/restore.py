"""`linli restore`: put a saved database and its files back."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from ..cli import UserError
from ..start import start_django


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
    """Replace database and uploaded files by the archive's; raises UserError for a bad archive."""
    from linli.kernel.ledger.actions import lift_clock
    from linli.site import env, postgres

    with tempfile.TemporaryDirectory() as folder:
        try:
            with tarfile.open(source) as archive:
                archive.extractall(folder, filter="data")
            json.loads((Path(folder) / "about.json").read_text())
        except (tarfile.TarError, OSError, ValueError) as error:
            raise UserError(f"{source} is not an archive of linli backup: {error}") from error
        _empty_database()
        done = subprocess.run(  # noqa: S603
            [str(postgres.program("pg_restore")), "--no-owner", "--exit-on-error",
             "--dbname", os.environ["DATABASE_URL"], str(Path(folder) / "database.dump")],
            stderr=subprocess.PIPE, check=False,
        )  # fmt: skip
        if done.returncode:
            raise UserError(f"pg_restore failed: {done.stderr.decode().strip()[-300:]}")
        files = env.home() / "files"
        if files.is_dir():
            shutil.rmtree(files)
        if (Path(folder) / "files").is_dir():
            shutil.copytree(Path(folder) / "files", files)
    lift_clock()


def _empty_database() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    connection.close()
