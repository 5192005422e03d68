"""`linli backup`: database and uploaded files in one archive."""

from __future__ import annotations

import json
import os
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from ..cli import UserError
from ..start import start_django


def run(args: Any) -> int:
    """Write the archive; an existing file is not overwritten."""
    target = Path(args.file)
    if target.exists():
        raise UserError(f"{target} exists already")
    if not target.resolve().parent.is_dir():
        raise UserError(f"there is no folder {target.resolve().parent}")
    start_django()
    write_archive(target)
    print(f"{target}: {target.stat().st_size:,} bytes")
    return 0


def write_archive(target: Path) -> None:
    """Dump the database and pack it with the uploaded files; a failed dump leaves no archive."""
    import linli
    from linli.site import env, postgres

    with tempfile.TemporaryDirectory() as folder:
        dump = Path(folder) / "database.dump"
        with dump.open("wb") as out:
            done = subprocess.run(  # noqa: S603
                [str(postgres.program("pg_dump")), "--format=custom", "--no-owner",
                 os.environ["DATABASE_URL"]],
                stdout=out, stderr=subprocess.PIPE, check=False,
            )  # fmt: skip
        if done.returncode:
            raise UserError(f"pg_dump failed: {done.stderr.decode().strip()[-300:]}")
        about = Path(folder) / "about.json"
        about.write_text(json.dumps({"linli": linli.__version__}))
        with tarfile.open(target, "x:gz", compresslevel=3) as archive:
            archive.add(about, "about.json")
            archive.add(dump, "database.dump")
            files = env.home() / "files"
            if files.is_dir():
                archive.add(files, "files")
