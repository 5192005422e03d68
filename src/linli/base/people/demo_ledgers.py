"""The demonstration's imports: a ledger taken over, one forgotten, one that waits; invented."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, timedelta
from random import Random

from django.utils import timezone

from linli.kernel.scope import Actor, within

from ..accounts.demo_names import invented_name
from ..accounts.models import Account
from ..accounts.queries import actor_of
from ..areas.models import Area
from .actions.ledgers import set_columns, start_take_over, upload_ledger
from .actions.taking_over import check_file, take_over
from .identity import id_check
from .models import Gender, LedgerImport, Resident
from .retention.running import let_all_go

HEAD = ("序号", "姓名", "身份证号码", "联系电话", "出生年月日", "特殊人群", "所属网格", "备注")
LOGIN = "community"
OLD = 80  # years
Line = tuple[str, str, str, str, str, str]


def load_ledgers(rng: Random, now: datetime) -> int:
    """Take over a ledger for the named community worker, check a second, let a forgotten one go.

    Returns how many imports were made: none without that log-in, or where some stand.
    """
    worker = Account.objects.select_related("area").filter(username=LOGIN).first()
    if worker is None or worker.area is None or LedgerImport.objects.exists():
        return 0
    actor, area = actor_of(worker), worker.area
    before, today = now - timedelta(days=3), timezone.localdate(now)
    # Invented numbers have the sequence 000, which says female.
    rows = Resident.objects.filter(within([area.code]), gender=Gender.FEMALE)
    known = list(rows.exclude(born_on=None).order_by("pk")[:400])
    aged = [row for row in known if row.born_on and (today - row.born_on).days > OLD * 365][:12]
    grids = list(Area.objects.filter(parent=area, level="grid", valid_to=None).order_by("code"))
    fresh = [_newcomer(rng, n, grids, today) for n in range(6)]
    first = _checked(actor, area, before, "高龄津贴发放台账.csv", [*map(_of, aged), *fresh[:4]])
    start_take_over(first.pk, actor=actor, now=before + timedelta(minutes=3))
    take_over(first.pk, now=before + timedelta(minutes=3))
    lines = [*map(_of, known[20:28]), *fresh[4:], *map(_without_number, known[30:33]), *_bad(today)]
    forgotten = now - timedelta(days=10)
    _checked(actor, area, forgotten, "旧的独居老人名单.csv", [*map(_of, known[40:46])])
    for nights in (2, 1):  # the forgotten one is let go, as everything is in its time
        night = timezone.localtime(now) - timedelta(days=nights)
        let_all_go(now=night.replace(hour=2, minute=30, second=0))
    _checked(actor, area, now - timedelta(hours=1), "消防摸排居民名单.csv", lines)
    return 3


def _of(row: Resident) -> Line:
    born = f"{row.born_on:%Y.%m.%d}" if row.born_on else ""
    return row.name, row.id_number, row.phone, born, "", ""


def _without_number(row: Resident) -> Line:
    """Return someone as a list without identity numbers has them: likely known, not surely."""
    return row.name, "", "", f"{row.born_on:%Y年%m月%d日}", "", ""


def _newcomer(rng: Random, number: int, grids: list[Area], today: date) -> Line:
    born = today - timedelta(days=365 * (OLD + 1 + number) + 40 * number)
    body = f"370705{born:%Y%m%d}000"
    grid = grids[number % len(grids)].name if grids else ""
    tag = ("高龄", "独居、高龄")[number % 2]
    return invented_name(rng), body + id_check(body), f"１９０９９９９{number:04d}", "", tag, grid


def _bad(today: date) -> list[Line]:
    """Return what ledgers are full of: each line has a fault of its own."""
    return [
        ("赵示例", "3.70705E+17", "19099990001", "", "", ""),
        ("钱示例", "370705195001010009", "19099990002", "", "", ""),
        ("孙示例", "", "1909999", "1950-02-30", "", ""),
        ("", "", "19099990003", "1948-03-12", "", ""),
        ("李示例", "", "", f"{today.year + 1}-01-01", "", ""),
        ("周示例", "", "19099990004", "1951.7", "喜欢跳舞", "第99网格"),
    ]


def _checked(actor: Actor, area: Area, at: datetime, name: str, lines: list[Line]) -> LedgerImport:
    """Upload a ledger as it is kept, in GBK under a title line, and check it."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([f"{area.name}{name.removesuffix('.csv')}"])
    writer.writerow(HEAD)
    writer.writerows([number, *line, ""] for number, line in enumerate(lines, start=1))
    row = upload_ledger(
        actor=actor, now=at, area=area, file_name=name, source="社区台账",
        body=text.getvalue().encode("gb18030"),
    )  # fmt: skip
    set_columns(
        row.pk, actor=actor, now=at + timedelta(minutes=1), sheet=row.sheet,
        head_row=row.head_row, mapping=row.mapping,
    )  # fmt: skip
    check_file(row.pk, now=at + timedelta(minutes=2))
    row.refresh_from_db()
    return row
