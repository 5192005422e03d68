"""The district that benchmarks and fault tests run on, and many cases in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from linli.base.accounts.models import Account, GrantRow, Unit
from linli.base.areas.models import Area
from linli.base.indicators import actions as indicators
from linli.work.cases import setup
from linli.work.cases.catalogue import load_catalogue, rows

from .clients import DISTRICT

START = date(2025, 1, 1)
DISPATCHER = "dispatcher"
LEVELS = {6: "district", 9: "subdistrict", 12: "community", 15: "grid"}


def build(subdistricts: int = 10, communities: int = 18, grids: int = 6) -> None:
    """Build areas, units, one member of staff for each unit, and the catalogue."""
    codes = [DISTRICT]
    for length, many in ((9, subdistricts), (12, communities), (15, grids)):
        codes += [
            f"{code}{n:03d}"
            for code in codes
            if len(code) == length - 3
            for n in range(1, many + 1)
        ]
    areas: dict[str, Area] = {}
    with transaction.atomic():
        for length, level_name in LEVELS.items():
            fresh = [
                Area(level=level_name, code=code, name=f"区域{code[-3:]}", valid_from=START,
                     parent=areas.get(code[:-3]))
                for code in codes if len(code) == length
            ]  # fmt: skip
            areas |= {area.code: area for area in Area.objects.bulk_create(fresh)}
        load_catalogue(district=areas[DISTRICT], valid_from=START)
        _staff(areas)
    setup.forget()


ROLES = {
    "grid": "grid_worker", "community": "community_worker", "department": "department_handler",
    "subdistrict": "subdistrict_dispatcher", "district": "district_lead",
}  # fmt: skip


def _staff(areas: dict[str, Area]) -> None:
    units = [
        Unit(kind=LEVELS[len(code)], code=code, name=f"单位{code}", area=area, area_code=code)
        for code, area in areas.items()
    ]
    lines = sorted({row["line"] for row in rows()})
    units += [
        Unit(kind="department", code=line, name=f"部门{line}", area=areas[DISTRICT],
             area_code=DISTRICT, line=line) for line in lines
    ]  # fmt: skip
    units = Unit.objects.bulk_create(units)
    people = Account.objects.bulk_create(
        Account(kind="staff", username=unit.code, name=unit.name, unit=unit, area=unit.area,
                password="!") for unit in units
    )  # fmt: skip
    GrantRow.objects.bulk_create(
        GrantRow(account=person, role=ROLES[unit.kind], area=unit.area, area_code=unit.area_code,
                 valid_from=START) for person, unit in zip(people, units, strict=True)
    )  # fmt: skip
    dispatcher = Account.objects.create(
        kind="staff", username=DISPATCHER, name="区级派遣", unit=units[0], area=areas[DISTRICT],
        password="!",
    )  # fmt: skip
    GrantRow.objects.create(
        account=dispatcher, role="district_dispatcher", area=areas[DISTRICT], area_code=DISTRICT,
        valid_from=START,
    )  # fmt: skip


# Cases grow older with falling numbers, all within a year; 2 % of them are open whatever the size.
CASES = """
INSERT INTO cases_case (id, intake_key, state, version, area_code, area_id, channel, nature,
  category_id, urgency, title, text, address, reporter_name, reporter_phone, phone_index,
  tracking_hash, unit_id, created_at, accepted_at, dispatched_at, done_at, closed_at, deadline_at,
  due_at, returns, rework, rating, solved, search, protected)
SELECT g, 'bench-' || g, state, CASE WHEN state = 'closed' THEN 3 ELSE 2 END, p.code, p.area_id,
  CASE g %% 3 WHEN 0 THEN 'website' WHEN 1 THEN 'hotline' ELSE 'patrol' END, c.nature, c.id,
  c.urgency, c.name || g,
  c.texts[1 + abs(hashint8(g * 15485863)::bigint) %% array_length(c.texts, 1)],
  p.code, ''::bytea, ''::bytea, '', '', p.unit_id,
  at, at, at, CASE WHEN state = 'closed' THEN at + interval '2 days' END,
  CASE WHEN state = 'closed' THEN at + interval '2 days' END,
  CASE WHEN state <> 'closed' THEN
    %(now)s + (hashint8(g) %% 10000 + 7000) * interval '1 minute' END,
  at + interval '5 days', 0, 0, CASE WHEN g %% 3 = 0 THEN 1 + g %% 5 END, NULL,
  to_tsvector('simple', c.name || ' ' || c.keywords || ' ' || g), false
FROM (SELECT g, %(now)s - (%(last)s - g)::float8 / %(last)s * interval '365 days' AS at,
        CASE WHEN g %% 50 <> 0 THEN 'closed' ELSE
          (ARRAY['registered','accepted','dispatched','in_hand','done'])[1 + g / 50 %% 5]
          END AS state,
        abs(hashint8(g * 7919)::bigint) %% %(grids)s AS place,
        abs(hashint8(g * 104729)::bigint) %% %(leaves)s AS leaf
      FROM generate_series(%(first)s::bigint, %(last)s::bigint) g) AS drawn
JOIN bench_place p ON p.n = drawn.place JOIN bench_leaf c ON c.n = drawn.leaf
ORDER BY g
"""
ENTRIES = """
INSERT INTO ledger_entry (subject_type, subject_id, seq, verb, actor_kind, area_code, at, data, tx)
SELECT 'case', c.id, s, (ARRAY['register','dispatch','close'])[s], 'system', c.area_code,
  CASE WHEN s = 3 THEN c.closed_at ELSE c.created_at END,
  CASE s
    WHEN 1 THEN jsonb_build_object('to','registered','category',k.code,'top',left(k.code, 2),
      'nature',c.nature,'channel',c.channel,'urgency',c.urgency,'accept_due',c.created_at)
    WHEN 2 THEN jsonb_build_object('from','registered','to','dispatched','unit',c.unit_id,'due',
      c.due_at,'clock',c.due_at,'was_clock',c.created_at,'redispatch',false)
    ELSE jsonb_build_object('from','dispatched','to','closed','due',c.due_at,'on_time',true,
      'minutes',900,'was_clock',c.due_at,'settled_on_spot',false) END,
  (SELECT max("offset") FROM ledger_clock) + pg_current_xact_id()::text::bigint
FROM cases_case c JOIN cases_category k ON k.id = c.category_id
CROSS JOIN generate_series(1, 3) s
WHERE c.id BETWEEN %(first)s AND %(last)s AND s <= c.version
ORDER BY c.id, s
"""


def grow_to(count: int, now: datetime, texts: Mapping[str, Sequence[str]] | None = None) -> None:
    """Fill the district up to `count` cases with their ledger, and gather statistics.

    `texts` are what is reported of a category, by its code; without them all cases of one say the
    same.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM cases_case")
        have = cursor.fetchone()[0]
        cursor.execute(
            "CREATE TEMP TABLE IF NOT EXISTS bench_place AS SELECT row_number() OVER (ORDER BY"
            " a.code) - 1 AS n, a.id AS area_id, a.code, u.id AS unit_id FROM areas_area a"
            " JOIN accounts_unit u ON u.area_id = a.id AND u.kind = 'grid'"
        )
        _leaves(cursor, texts or {})
        cursor.execute(
            "SELECT (SELECT count(*) FROM bench_place), (SELECT count(*) FROM bench_leaf)"
        )
        grids, leaves = cursor.fetchone()
        for first in range(have + 1, count + 1, 100_000):
            part = {"now": now, "first": first, "last": min(count, first + 99_999),
                    "grids": grids, "leaves": leaves}  # fmt: skip
            with transaction.atomic():
                cursor.execute("SET LOCAL session_replication_role = replica")
                cursor.execute(CASES, part)
                cursor.execute(ENTRIES, part)
        cursor.execute("SELECT setval(pg_get_serial_sequence('cases_case', 'id'), %s)", [count])
    connection.close()  # the temporary tables go with it
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE cases_case")
        cursor.execute("VACUUM ANALYZE ledger_entry")


def _leaves(cursor: Any, texts: Mapping[str, Sequence[str]]) -> None:
    """Put the categories and what is reported of each into a table of this connection."""
    cursor.execute("CREATE TEMP TABLE bench_text (code text, body text)")
    with cursor.copy("COPY bench_text FROM STDIN") as copy:
        for code, bodies in texts.items():
            for body in bodies:
                copy.write_row((code, body))
    cursor.execute(
        "CREATE TEMP TABLE bench_leaf AS SELECT row_number() OVER (ORDER BY code) - 1 AS n, *,"
        " coalesce((SELECT array_agg(body) FROM bench_text t WHERE t.code = k.code),"
        " ARRAY[name || '，请处理']) AS texts FROM cases_category k WHERE length(code) = 4"
    )


def count(now: datetime) -> None:
    """Count the ledger into the tallies, and tidy them as the database does by itself in time."""
    indicators.fold(now=now)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE indicators_tally")
