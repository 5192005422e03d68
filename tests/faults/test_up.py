"""`linli up` brings back whatever dies under it, and leaves nothing behind when told to stop."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import psutil
import pytest
from bench.servers import ROOT, free_port

pytestmark = pytest.mark.fault


def healthy(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return answer.status == 200
    except (HTTPError, URLError, OSError):
        return False


def wait_until(what, seconds: float = 40) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def postmaster(home: Path) -> psutil.Process | None:
    """Return the living database server of the folder, or None."""
    try:
        process = psutil.Process(int((home / "pg" / "postmaster.pid").read_text().split()[0]))
    except (OSError, ValueError, psutil.Error):
        return None
    return None if process.status() == psutil.STATUS_ZOMBIE else process


def workers(up: subprocess.Popen, word: str) -> list[psutil.Process]:
    found = []
    for process in psutil.Process(up.pid).children(recursive=True):
        try:
            if any(word in part for part in process.cmdline()):
                found.append(process)
        except psutil.Error:
            continue
    return found


@pytest.fixture
def town(tmp_path):
    """Return a running `linli up`: process, port, folder of its data, file of its output."""
    home, port = tmp_path / "home", free_port()
    home.mkdir()
    tmp_path.chmod(0o755)
    for folder in tmp_path.parents[:2]:
        folder.chmod(0o755)  # the database runs under a user of its own where we are root
    said = tmp_path / "up.log"
    env = {**os.environ, "LINLI_HOME": str(home), "LINLI_DEMO": "1"}
    for name in ("DATABASE_URL", "LINLI_TESTING", "LINLI_EMBEDDED", "DJANGO_SETTINGS_MODULE"):
        env.pop(name, None)
    with said.open("wb") as log:
        up = subprocess.Popen(
            [sys.executable, "-m", "linli.site.cli", "up", "--port", str(port)],
            cwd=ROOT, env=env, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
    family: list[psutil.Process] = []
    try:
        yield up, port, home, said
        family = psutil.Process(up.pid).children(recursive=True) if up.poll() is None else []
    finally:
        if up.poll() is None:
            up.send_signal(signal.SIGINT)
            try:
                up.wait(40)
            except subprocess.TimeoutExpired:
                os.killpg(up.pid, signal.SIGKILL)
        for process in family:
            if process.is_running():
                process.kill()


def test_up_survives_the_death_of_each_part_and_stops_clean(town):
    up, port, home, said = town
    wait_until(lambda: "is ready" in said.read_text() or up.poll() is not None, 120)
    assert up.poll() is None, said.read_text()
    for word in ("granian", "linli.site.worker"):
        victims = workers(up, word)
        assert victims, word
        victims[0].kill()
        wait_until(lambda w=word, v=victims[0]: any(p.pid != v.pid for p in workers(up, w)))
        wait_until(lambda: healthy(port))
    old = postmaster(home)
    assert old is not None
    old.kill()
    wait_until(lambda: (new := postmaster(home)) is not None and new.pid != old.pid)
    wait_until(lambda: healthy(port))
    family = psutil.Process(up.pid).children(recursive=True)
    up.send_signal(signal.SIGINT)
    assert up.wait(40) == 0, said.read_text()
    assert [process for process in family if process.is_running()] == []
    assert postmaster(home) is None
