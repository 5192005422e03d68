"""A district's ledger of residents: checked, taken over and searched, beside a bare COPY."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Iterator
from datetime import timedelta
from random import Random
from tempfile import TemporaryFile

from django.db import connection
from django.utils import timezone

from linli.base.accounts.models import Account
from linli.base.accounts.queries import actor_of
from linli.base.areas.models import Area
from linli.base.people import queries
from linli.base.people.actions.ledgers import set_columns, upload_ledger
from linli.base.people.actions.taking_over import check_file, take_over
from linli.base.people.identity import id_check
from linli.base.people.models import Dwelling, LedgerImport, Resident
from linli.kernel.scope import SYSTEM, Actor

from . import world
from .table import quantile, show

RATE = 20_000  # rows a second
MOST_MS = 50
TIMES = 200  # searches of each kind
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈彭吕"
GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰涛明超秀英霞平刚桂兰志华建国玉梅文博宇轩子涵欣怡浩然晨曦雨佳琪梦瑶"
)
RELATIONS = ("户主", "配偶", "子", "女")
HEAD = ("姓名", "身份证号", "手机号", "网格编码", "与户主关系", "地址", "房号")
PLAIN = 4  # the first columns: a ledger of people alone


def people(count: int) -> Iterator[tuple[str, ...]]:
    """Yield invented residents, four to a dwelling, forty dwellings to a building."""
    rng = Random(1)
    grids = list(Area.objects.filter(level="grid").order_by("code").values_list("code", flat=True))
    for n in range(count):
        home = n // 4
        building = home // 40
        born = f"{rng.randint(1930, 2024)}{rng.randint(1, 12):02d}{rng.randint(1, 28):02d}"
        body = f"{world.DISTRICT}{born}{n % 1000:03d}"
        yield (
            rng.choice(SURNAMES) + "".join(rng.choices(GIVEN, k=rng.choice((1, 2, 2, 2)))),
            body + id_check(body),
            f"199{n:08d}",
            grids[building % len(grids)],
            RELATIONS[n % 4],
            f"幸福路{building + 1}号",
            f"{home % 40 // 4 + 1}0{home % 4 + 1}",
        )


def file_of(count: int, columns: int) -> bytes:
    """Return the ledger as people export it from a spreadsheet, in GBK."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(HEAD[:columns])
    seen: set[str] = set()
    for row in people(count):
        if row[1] in seen:  # the same day of birth and number came up twice
            continue
        seen.add(row[1])
        writer.writerow(row[:columns])
    return text.getvalue().encode("gb18030")


def take(count: int, columns: int) -> tuple[LedgerImport, float, float]:
    """Check and import a ledger; return it with the seconds of both."""
    now = timezone.now()
    body = file_of(count, columns)
    area = Area.objects.get(code=world.DISTRICT)
    row = upload_ledger(
        actor=SYSTEM, now=now, area=area, file_name="台账.csv", source="台账", body=body
    )
    set_columns(
        row.pk, actor=SYSTEM, now=now, sheet=row.sheet, head_row=row.head_row, mapping=row.mapping
    )
    began = time.perf_counter()
    check_file(row.pk, now=now)
    checked = time.perf_counter()
    row.refresh_from_db()
    LedgerImport.objects.filter(pk=row.pk).update(state="importing")
    again = time.perf_counter()
    take_over(row.pk, now=now + timedelta(seconds=1))
    ended = time.perf_counter()
    row.refresh_from_db()
    if row.state != "done" or row.counts.get("bad"):
        raise RuntimeError(f"the import ended as {row.state}: {row.counts} {row.fault}")
    return row, checked - began, ended - again


def bare_copy() -> float:
    """Return the seconds of COPY alone: the same rows into the same table with its indexes."""
    with TemporaryFile() as file, connection.cursor() as cursor:
        with cursor.copy("COPY people_resident TO STDOUT") as copy:
            for block in copy:
                file.write(block)
        cursor.execute("CREATE TABLE bench_bare (LIKE people_resident INCLUDING ALL)")
        file.seek(0)
        began = time.perf_counter()
        with cursor.copy("COPY bench_bare FROM STDIN") as copy:
            while block := file.read(1 << 18):
                copy.write(block)
        took = time.perf_counter() - began
        cursor.execute("DROP TABLE bench_bare")
    return took


def clear() -> None:
    """Empty the registers again."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            "TRUNCATE people_resident, people_building, people_ledger_import, ledger_entry CASCADE"
        )
        cursor.execute("SET session_replication_role = DEFAULT")


def questions(count: int) -> dict[str, list[str]]:
    """Return kind of search -> what is typed, each for somebody who stands there."""
    from pypinyin import Style, lazy_pinyin

    rng = Random(2)
    keys = list(
        Resident.objects.order_by("pk").values_list("pk", flat=True)[:: max(1, count // 2000)]
    )
    some = list(Resident.objects.filter(pk__in=rng.sample(keys, min(TIMES, len(keys)))))
    homes = Dwelling.objects.select_related("building").in_bulk([one.dwelling_id for one in some])
    return {
        "name": [one.name for one in some],
        "pinyin": ["".join(lazy_pinyin(one.name)) for one in some],
        "initials": ["".join(lazy_pinyin(one.name, style=Style.FIRST_LETTER)) for one in some],
        "phone": [one.phone for one in some],
        "identity number": [one.id_number for one in some],
        "address": [homes[one.dwelling_id].building.address for one in some],
        "address and room": [
            f"{homes[one.dwelling_id].building.address}{homes[one.dwelling_id].room}"
            for one in some
        ],
    }


def searches(count: int) -> bool:
    """Print how long a search takes for the district and for one community."""
    asked = questions(count)
    actors: dict[str, Actor] = {
        "district": actor_of(Account.objects.get(username=world.DISPATCHER)),
        "community": actor_of(Account.objects.get(username=f"{world.DISTRICT}001001")),
    }
    rows, kept = [], True
    for kind, texts in asked.items():
        cells = []
        for where, actor in actors.items():
            took = []
            for text in texts:
                began = time.perf_counter()
                found = list(queries.search(actor, text).order_by("pk")[: queries.MOST_FOUND])
                took.append((time.perf_counter() - began) * 1000)
                if where == "district" and not found:
                    raise RuntimeError(f"nobody found by {kind}: {text}")
            kept &= quantile(took, 0.95) < MOST_MS
            cells.append(f"{quantile(took, 0.5):.1f} / {quantile(took, 0.95):.1f}")
        rows.append((kind, *cells))
    show(
        f"Search among {count:,} residents, {TIMES} of each kind: p50 / p95 in ms, first "
        f"{queries.MOST_FOUND} read and opened; p95 must stay under {MOST_MS}",
        ("", *actors),
        rows,
    )
    return kept


def run(count: int) -> bool:
    """Measure a ledger of people, then one with dwellings and families, then searches."""
    rows, kept = [], True
    for name, columns in (("people", PLAIN), ("people, dwellings, families", len(HEAD))):
        clear()
        row, checking, taking = take(count, columns)
        total = row.counts["new"]
        bare = bare_copy()
        twice, _checking, again = take(count, columns)
        if twice.counts["same"] != total:
            raise RuntimeError(f"the second run found {twice.counts}")
        if name == "people":
            kept &= total / taking >= RATE
        rows.append(
            (
                name, f"{total:,}", f"{total / checking:,.0f}", f"{total / taking:,.0f}",
                f"{total / again:,.0f}", f"{total / bare:,.0f}",
            )
        )  # fmt: skip
        print(name, row.counts, f"{checking:.1f} s, {taking:.1f} s, {bare:.1f} s", flush=True)
    show(
        f"Ledger taken over, rows a second; people must reach {RATE:,}",
        (
            "",
            "rows",
            "checked",
            "imported, all checks and encryption on",
            "the same file again",
            "bare COPY of the rows",
        ),
        rows,
    )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return searches(count) and kept
