"""Kill the change of the blind index's key in the middle: the old key stands, the next run ends it."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
from bench.servers import ROOT

from faults.test_kill import BUILD, Town
from linli.site import postgres

pytestmark = pytest.mark.fault
OLD = "the key that was there before"
# So many residents that the change takes a while; the same sealed values for all of them.
FILL = """
INSERT INTO people_resident (name, phone, phone_index, id_number, id_index, area_id, area_code,
                             source, recorded_at)
SELECT '\\x', a.phone, a.phone_index, '\\x', '', (SELECT min(id) FROM areas_area), '370705',
       'test', now()
FROM accounts_account a, generate_series(1, 60000)
WHERE a.id = (SELECT min(id) FROM accounts_account WHERE phone_index <> '')
"""
RESIDENT = """
import django; django.setup()
from factories import make_resident
make_resident(phone="19900001111")
"""
FOUND = """
import django; django.setup()
from linli.base.people.models import Resident
from linli.kernel.secrets.index import blind_index
print(Resident.objects.filter(phone_index=blind_index("19900001111")).count())
"""
BUSY = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = 'linli' AND query LIKE '%fresh_index%' AND state <> 'idle'
"""


@pytest.fixture
def site(tmp_path):
    tmp_path.chmod(0o755)
    found = Town(tmp_path)
    key = tmp_path / "index-key"
    key.write_text(OLD + "\n")
    found.env["LINLI_BLIND_INDEX_KEY_FILE"] = str(key)
    found.env.pop("LINLI_DB_POOL")  # of web workers; a command has one connection
    found.key = key
    try:
        found.start_database()
        found.python(BUILD)
        found.python(RESIDENT)
        with psycopg.connect(found.address) as link:
            link.execute(FILL)
        yield found
    finally:
        found.stop()
        postgres.stop(Path(tmp_path) / "pg")
        shutil.rmtree(tmp_path, ignore_errors=True)


def begin(site):
    return subprocess.Popen(
        [str(Path(sys.executable).with_name("linli")), "keys", "reindex"], cwd=ROOT, env=site.env,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def wait_until_writing(site, process):
    """Look from another database, for nothing may be connected to the site's own."""
    elsewhere = site.address.replace("/linli?", "/postgres?", 1)
    deadline = time.monotonic() + 60
    with psycopg.connect(elsewhere, autocommit=True) as link:
        while not link.execute(BUSY).fetchone()[0]:
            assert process.poll() is None, process.stderr.read().decode()[-2000:]
            assert time.monotonic() < deadline
            time.sleep(0.005)


def test_killed_in_the_middle_it_changed_nothing_and_the_next_run_ends_it(site):
    indexes = "SELECT DISTINCT phone_index FROM people_resident"
    before = site.ask(indexes)
    process = begin(site)
    wait_until_writing(site, process)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=30)
    assert process.returncode == -signal.SIGKILL
    assert site.ask(indexes) == before
    assert site.key.read_text().splitlines()[0] == OLD
    assert site.python(FOUND).strip() == "60000"
    again = begin(site)
    out, errors = again.communicate(timeout=90)
    assert again.returncode == 0, errors.decode()[-2000:]
    assert b"rows are found by a new key" in out
    assert site.ask(indexes) != before
    assert OLD not in site.key.read_text()
    assert site.python(FOUND).strip() == "60000"
