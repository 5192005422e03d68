"""A database, web server and job worker of one's own, as processes that may be killed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[1]


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Site:
    """A web server and a job worker on a database; every process is stopped at the end."""

    def __init__(self, home: Path, *, web_workers: int = 2) -> None:
        self.home, self.web_workers = home, web_workers
        self.port = free_port()
        self.env = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "linli.site.settings",
            "LINLI_HOME": str(home),
            "LINLI_DEMO": "1",
            "LINLI_DB_POOL": "1",
            "LINLI_LOG_LEVEL": "ERROR",
            "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}",
        }
        self.env.pop("LINLI_TESTING", None)
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def _run(self, name: str, command: Sequence[str]) -> None:
        log = (self.home / f"{name}.log").open("ab")
        self.running[name] = subprocess.Popen(
            [sys.executable, "-m", *command], cwd=ROOT, env=self.env, stdout=log, stderr=log,
            start_new_session=True,
        )  # fmt: skip

    def start_web(self) -> None:
        """Start the web server and wait until it answers."""
        self._run("web", [
            "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port),
            "--workers", str(self.web_workers), "--blocking-threads", "4",
            "--respawn-failed-workers", "--respawn-interval", "0.5",
            "--log-level", "error", "--no-ws", "linli.site.wsgi:application",
        ])  # fmt: skip
        self.wait_until_it_answers()

    def wait_until_it_answers(self, patience: float = 30.0) -> None:
        """Wait for the web server; raises TimeoutError with its log."""
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            try:
                urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5).close()
            except HTTPError:
                return
            except (URLError, OSError):
                time.sleep(0.1)
            else:
                return
        raise TimeoutError((self.home / "web.log").read_text()[-3000:])

    def start_jobs(self) -> None:
        """Start the job worker."""
        self._run("jobs", ["linli.site.worker", "--concurrency", "2"])

    def pids(self, name: str) -> list[int]:
        """Return the process ids of a server: the parent first, then its workers."""
        import psutil

        parent = psutil.Process(self.running[name].pid)
        return [parent.pid, *(child.pid for child in parent.children(recursive=True))]

    def kill(self, name: str) -> None:
        """Kill a server with all its workers, without asking."""
        process = self.running.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)

    def stop(self) -> None:
        """Stop everything that still runs."""
        for process in self.running.values():
            process.terminate()
        for process in self.running.values():
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
        self.running.clear()
