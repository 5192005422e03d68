"""Two workers at once, and a worker killed in the middle of a batch: each message once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from urllib.parse import quote

import pytest
from django.db import connection, connections

from factories import MONDAY
from linli.base.messages import delivery
from linli.base.messages.models import ConsoleDelivery, Message

WORKER = """
from datetime import datetime
import django; django.setup()
from linli.base.messages import delivery
delivery.deliver_due(now=datetime.fromisoformat({now!r}))
"""


@pytest.fixture
def outbox(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        Message.objects.all().delete()
        yield
        Message.objects.all().delete()


def fill(count: int) -> None:
    Message.objects.bulk_create(
        Message(
            key=f"m{n}", channel="sms", phone=f"1900000{n:04d}", phone_index=str(n),
            template="t", body="x", created_at=MONDAY,
        )
        for n in range(count)
    )  # fmt: skip


def address() -> str:
    found = connection.settings_dict
    host = found["HOST"]
    query = f"?host={quote(host)}" if host.startswith("/") else ""
    place = "" if query else f"{host}:{found['PORT'] or 5432}"
    user = f"{found['USER']}:{found['PASSWORD']}" if found["PASSWORD"] else found["USER"]
    return f"postgresql://{user}@{place}/{found['NAME']}{query}"


def worker(**env: str) -> subprocess.Popen[bytes]:
    code = WORKER.format(now=MONDAY.isoformat())
    given = os.environ | {"DATABASE_URL": address(), "PYTHONPATH": "tests"} | env
    return subprocess.Popen([sys.executable, "-c", code], env=given)


def test_two_workers_deliver_two_hundred_messages_once_each(outbox):
    fill(200)
    handled, barrier = [], threading.Barrier(2)

    def work() -> None:
        try:
            barrier.wait()
            handled.append(delivery.deliver_due(now=MONDAY))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(handled) == 200
    assert Message.objects.filter(state="sent", attempts=1).count() == 200
    assert ConsoleDelivery.objects.count() == 200


@pytest.mark.fault
def test_a_worker_killed_in_a_batch_loses_and_doubles_nothing(outbox):
    fill(120)
    delivery._deliver_batch(delivery.backend(), MONDAY)
    dead = worker(LINLI_MESSAGES_BACKEND="base.messages.gateways.Dying")
    assert dead.wait(60) == -signal.SIGKILL
    assert Message.objects.filter(state="queued").count() == 70
    both = [worker(), worker()]
    assert [process.wait(60) for process in both] == [0, 0]
    assert Message.objects.filter(state="sent", attempts=1).count() == 120
    assert ConsoleDelivery.objects.count() == 120


def test_a_commit_leaves_one_waiting_job(outbox):
    from django.db import transaction

    from linli.base.messages.waking import LOCK, wake

    with connection.cursor() as cursor:
        for _ in range(3):
            with transaction.atomic():
                wake()
                wake()
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE queueing_lock = %s", [LOCK])
        assert cursor.fetchone()[0] == 1
        cursor.execute("DELETE FROM procrastinate_jobs WHERE queueing_lock = %s", [LOCK])
