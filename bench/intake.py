"""Anonymous intake over HTTP with eight clients, beside raw inserts of the same rows."""

from __future__ import annotations

import threading
import time
import uuid
from pathlib import Path
from typing import Any

import psycopg
from django.db import connection
from psycopg import sql

from .clients import CLIENTS, over_http
from .servers import Site
from .table import quantile, show, spread


def _template() -> list[tuple[str, list[str], list[list[Any]]]]:
    """Return the rows of the newest case as they stand: table, columns, values."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(id) FROM cases_case")
        case = cursor.fetchone()[0]
        for table, where in (
            ("cases_case", f"id = {case}"),
            ("ledger_entry", f"subject_type = 'case' AND subject_id = {case}"),
            ("messages_message", f"key LIKE 'case:{case}:%'"),
        ):
            cursor.execute(
                "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND"
                " column_name NOT IN ('id', 'tx') AND is_generated = 'NEVER'"
                " AND table_schema = 'public' ORDER BY 1",
                [table],
            )
            columns = [row[0] for row in cursor.fetchall()]
            cursor.execute(f"SELECT {', '.join(columns)} FROM {table} WHERE {where}")
            found.append((table, columns, [list(row) for row in cursor.fetchall()]))
    return found


def raw(seconds: float) -> float:
    """Return transactions per second of the same rows over eight connections of psycopg."""
    template, done = _template(), []
    parameters = connection.get_connection_params()
    keep = ("host", "port", "user", "password", "dbname")
    address = {k: v for k, v in parameters.items() if k in keep and v}

    def one() -> None:
        with psycopg.connect(**address) as link:
            ends, count = time.monotonic() + seconds, 0
            while time.monotonic() < ends:
                with link.transaction():
                    _insert(link, template)
                count += 1
            done.append(count)

    threads = [threading.Thread(target=one) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done) / seconds


def _insert(link: Any, template: list[Any]) -> None:
    from psycopg.types.json import Jsonb

    fresh = uuid.uuid4().hex
    number = None
    for table, columns, rows in template:
        for row in rows:
            values = [Jsonb(value) if isinstance(value, dict) else value for value in row]
            for name in ("intake_key", "key"):
                if name in columns and values[columns.index(name)] is not None:
                    values[columns.index(name)] = fresh
            if "subject_id" in columns:
                values[columns.index("subject_id")] = number
            query = sql.SQL("INSERT INTO {} ({}) VALUES ({}) RETURNING id").format(
                sql.Identifier(table),
                sql.SQL(", ").join(map(sql.Identifier, columns)),
                sql.SQL(", ").join([sql.Placeholder()] * len(columns)),
            )
            found = link.execute(query, values, prepare=True).fetchone()[0]
            number = found if table == "cases_case" else number


def run(home: Path, *, seconds: float, repeats: int) -> None:
    """Run the benchmark and print its table."""
    site = Site(home)
    try:
        site.start_web()
        over_http(site.port, min(2.0, seconds))  # warm up
        rates, middles, ends, raws, loads = [], [], [], [], []
        for _ in range(repeats):
            rate, took, load = over_http(site.port, seconds)
            rates.append(rate)
            middles.append(quantile(took, 0.5) * 1000)
            ends.append(quantile(took, 0.95) * 1000)
            loads.append(load * 100)
            raws.append(raw(seconds))
    finally:
        site.stop()
    show(
        f"Anonymous intake, {CLIENTS} clients, {repeats} x {seconds:g} s: median (range)",
        ("", "per second", "p50 ms", "p95 ms"),
        (
            ("over HTTP (granian, 2 workers)", spread(rates), spread(middles), spread(ends)),
            ("raw psycopg, same rows, one transaction each", spread(raws), "", ""),
            ("raw / HTTP", f"{sorted(raws)[len(raws) // 2] / sorted(rates)[len(rates) // 2]:.1f}",
             "", ""),
            ("clients' own CPU, % of one core", spread(loads), "", ""),
        ),
    )  # fmt: skip
