"""Eight residents at once, in processes of their own (they load nothing of the site)."""

from __future__ import annotations

import multiprocessing
import threading
import time
import uuid
from typing import Any

from .door import Client

CLIENTS, PROCESSES = 8, 2
DISTRICT = "370705"


def fields(n: int, category: str = "0201") -> dict[str, str]:
    """Return what a resident fills in."""
    return {
        "token": str(uuid.uuid4()),
        "text": f"小区东门的路灯从上周开始不亮，晚上看不清路，请安排维修，谢谢。第{n}次",
        "category": category,
        "community": f"{DISTRICT}{1 + n % 2:03d}001",
        "reporter_phone": f"1900000{n % 10000:04d}",
    }


def _clients(port: int, offset: int, count: int, seconds: float, out: Any) -> None:
    took: list[float] = []
    faults: list[int] = []

    def one(number: int) -> None:
        client = Client(port)
        client.open_form()
        ends, n = time.monotonic() + seconds, number * 100_000
        while time.monotonic() < ends:
            n += 1
            began = time.perf_counter()
            answer = client.report(fields(n))
            took.append(time.perf_counter() - began)
            if answer.status != 302:
                faults.append(answer.status)

    threads = [threading.Thread(target=one, args=(offset + n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    out.put((took, faults, time.process_time()))


def over_http(port: int, seconds: float) -> tuple[float, list[float], float]:
    """Return requests per second, times taken, and the share of one CPU the clients used."""
    context = multiprocessing.get_context("spawn")
    out = context.Queue()
    each = CLIENTS // PROCESSES
    workers = [
        context.Process(target=_clients, args=(port, n * each, each, seconds, out))
        for n in range(PROCESSES)
    ]
    for worker in workers:
        worker.start()
    results = [out.get(timeout=seconds + 60) for _ in workers]
    for worker in workers:
        worker.join()
    took = [value for part, _, _ in results for value in part]
    faults = [status for _, part, _ in results for status in part]
    if faults:
        raise RuntimeError(f"{len(faults)} reports were refused, the first with {faults[0]}")
    return len(took) / seconds, took, sum(cpu for *_, cpu in results) / seconds
