"""Kill processes in the middle of a load: nothing acknowledged is lost, nothing is done twice."""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import psycopg
import pytest
from bench.clients import fields
from bench.door import Client
from bench.servers import ROOT, Site

from linli.site import databases, postgres

pytestmark = pytest.mark.fault

BUILD = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from bench import world
world.build(subdistricts=2, communities=2, grids=2)
"""
RESCUE = """
import asyncio, django; django.setup()
from procrastinate.contrib.django import app
from linli.site.jobs import rescue
async def main():
    async with app.open_async():
        print(await rescue(0))
asyncio.run(main())
"""


class Town(Site):
    """A site with a durable database of its own."""

    def start_database(self) -> None:
        """Start the database, or recover it after a crash."""
        uri = postgres.start(self.home / "pg")
        self.address = uri.replace("/postgres?", "/linli?", 1)
        databases.ensure_exists(databases.parse(self.address))
        self.env["DATABASE_URL"] = self.address

    def python(self, code: str) -> str:
        """Run code in a process of the site."""
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT, env=self.env, check=False, capture_output=True, text=True, timeout=90,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def ask(self, query: str) -> list[tuple]:
        """Return the rows of a query."""
        with psycopg.connect(self.address) as link:
            return link.execute(query).fetchall()

    def look_after_jobs(self) -> None:
        """Start the job worker again where it gave up, as the supervisor of `linli up` does."""
        if self.running["jobs"].poll() is not None:
            self.running.pop("jobs")
            self.start_jobs()

    def postmaster(self) -> int:
        """Return the process id of the database server."""
        return int((self.home / "pg" / "postmaster.pid").read_text().splitlines()[0])


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    home = Path(tmp_path_factory.mktemp("faults"))
    home.chmod(0o755)
    site = Town(home)
    try:
        site.start_database()
        site.python(BUILD)
        site.start_web()
        site.start_jobs()
        yield site
    finally:
        site.stop()
        postgres.stop(home / "pg")
        shutil.rmtree(home, ignore_errors=True)


class Load:
    """Residents who report until told to stop, and try again with the same token when cut off."""

    def __init__(self, port: int, clients: int = 4) -> None:
        self.port, self.numbers, self.faults = port, [], 0
        self.over = threading.Event()
        self.threads = [
            threading.Thread(target=self._one, args=(n,), daemon=True) for n in range(clients)
        ]

    def __enter__(self) -> Load:
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        for thread in self.threads:
            thread.join(30)

    def more(self, count: int, patience: float = 90) -> None:
        """Wait until so many more reports were acknowledged."""
        wanted, deadline = len(self.numbers) + count, time.monotonic() + patience
        while len(self.numbers) < wanted:
            assert time.monotonic() < deadline, f"{len(self.numbers)} acknowledged of {wanted}"
            time.sleep(0.02)

    def _one(self, number: int) -> None:
        client, n, form = Client(self.port, timeout=10), number * 1000, None
        while not (self.over.is_set() and form is None):
            try:
                if "csrfmiddlewaretoken" not in client.hidden:
                    client.open_form()
                    continue
                if form is None:
                    n += 1
                    form = fields(n, "0101" if n % 2 else "0201")
                answer = client.report(form)
            except (OSError, http.client.HTTPException):
                answer = None
            if answer is not None and answer.status == 302:
                self.numbers.append(answer.number)
                form = None
                continue
            self.faults += 1
            client.reconnect()
            time.sleep(0.1)
            if self.faults > 2000:
                return


def serves(pid: int) -> bool:
    """Tell whether a child of the web server is one of its workers."""
    try:
        return not any("tracker" in word for word in psutil.Process(pid).cmdline())
    except psutil.Error:
        return False


def drain(town: Town, seconds: float = 60) -> None:
    """Wait until no job and no message waits any more."""
    deadline = time.monotonic() + seconds
    waiting = (
        "SELECT (SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')"
        " AND task_name IN ('cases.triage', 'messages.deliver')),"
        " (SELECT count(*) FROM messages_message WHERE state = 'queued' AND not_before IS NULL)"
    )
    while town.ask(waiting)[0] != (0, 0):
        town.look_after_jobs()
        assert time.monotonic() < deadline, (
            town.ask(waiting),
            town.ask("SELECT task_name, status, count(*) FROM procrastinate_jobs GROUP BY 1, 2"),
            (town.home / "jobs.log").read_text()[-3000:],
            town.running["jobs"].poll(),
        )
        time.sleep(0.2)


def check_whole(town: Town, numbers: list[str]) -> None:
    """Every acknowledged case stands once and whole, every automatic one went out once."""
    assert len(numbers) > 10
    assert len(set(numbers)) == len(numbers)
    known = {row[0] for row in town.ask("SELECT id FROM cases_case")}
    assert {int(number[6:]) for number in numbers} <= known
    half = town.ask(
        "SELECT c.id FROM cases_case c WHERE c.version <> (SELECT count(*) FROM ledger_entry e"
        " WHERE e.subject_type = 'case' AND e.subject_id = c.id)"
    )
    assert half == []
    orphans = town.ask(
        "SELECT e.id FROM ledger_entry e WHERE e.subject_type = 'case'"
        " AND NOT EXISTS (SELECT 1 FROM cases_case c WHERE c.id = e.subject_id)"
    )
    assert orphans == []
    automatic = town.ask(
        "SELECT c.id, c.state, (SELECT count(*) FROM ledger_entry e WHERE e.subject_type = 'case'"
        " AND e.subject_id = c.id AND e.verb = 'dispatch') FROM cases_case c"
        " JOIN cases_category k ON k.id = c.category_id WHERE k.code = '0101'"
    )
    assert automatic
    assert [row for row in automatic if row[1:] != ("dispatched", 1)] == []
    twice = town.ask(
        "SELECT message_id FROM messages_console_delivery GROUP BY 1 HAVING count(*) > 1"
    )
    assert twice == []
    silent = town.ask(
        "SELECT c.id FROM cases_case c WHERE NOT EXISTS (SELECT 1 FROM messages_message m"
        " WHERE m.key = 'case:' || c.id || ':1:sms')"
    )
    assert silent == []


def test_a_web_worker_is_killed(town):
    with Load(town.port) as load:
        load.more(15)
        workers = [pid for pid in town.pids("web")[1:] if serves(pid)]
        os.kill(workers[0], signal.SIGKILL)  # the other one serves until it is replaced
        load.more(60)
    drain(town)
    check_whole(town, load.numbers)


def test_the_whole_web_server_is_killed(town):
    with Load(town.port) as load:
        load.more(15)
        town.kill("web")
        town.start_web()
        load.more(15)
    drain(town)
    check_whole(town, load.numbers)


def test_the_job_worker_is_killed(town):
    with Load(town.port) as load:
        for _ in range(2):
            load.more(15)
            town.kill("jobs")
            town.python(RESCUE)
            town.start_jobs()
        load.more(15)
    drain(town)
    check_whole(town, load.numbers)


def test_the_database_is_killed(town):
    with Load(town.port) as load:
        load.more(15)
        backends = psutil.Process(town.postmaster()).children()
        os.kill(backends[-1].pid, signal.SIGKILL)  # PostgreSQL restarts all of its processes
        load.more(15)
        master = psutil.Process(town.postmaster())
        family = [master, *master.children(recursive=True)]
        for process in family:
            if process.is_running():
                process.kill()
        psutil.wait_procs(family, timeout=5)
        town.start_database()
        load.more(15)
    town.look_after_jobs()
    town.python(RESCUE)
    drain(town)
    check_whole(town, load.numbers)


def test_the_same_form_sent_many_times_at_once_is_one_case(town):
    form = {**fields(1), "token": str(uuid.uuid4())}
    clients = [Client(town.port) for _ in range(6)]
    for client in clients:
        client.open_form()
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda client: client.report(form), clients))
    assert {answer.status for answer in answers} == {302}
    assert len({answer.number for answer in answers}) == 1
    key = f"web-{uuid.UUID(form['token']).hex}"
    assert town.ask(f"SELECT count(*) FROM cases_case WHERE intake_key = '{key}'") == [(1,)]
