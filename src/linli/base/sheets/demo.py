"""The demonstration's sheets: two in force, one refused, one closed with its sums."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from linli.kernel.scope import Actor

from ..accounts.models import GrantRow
from ..accounts.queries import actor_of
from ..areas.models import Area
from .actions import (
    hand_in_part,
    judge_part,
    save_cells,
    save_column,
    save_rows,
    save_sheet,
    save_template,
    take_step,
)
from .layouts import starter
from .models import Kind, Part, RowKind, Sheet
from .rosters.cells import input_name
from .rosters.known import Field, get_field
from .rosters.preparing import prepare_part
from .rosters.reading import rows_of_part
from .rosters.rows import rows_in
from .sources import get_source
from .templating import asked_of, names_of

SEED = 20264
Columns = tuple[tuple[str, str, str, bool], ...]  # title, kind, source, required
CHARGING: Columns = (
    ("", "", "people.residents", True),
    ("", "", "people.let", True),
    ("充电桩个数", Kind.INTEGER, "", True),
    ("飞线充电点位", Kind.INTEGER, "", True),
    ("有没有集中车棚", Kind.YES_NO, "", True),
    ("管理人电话", Kind.PHONE, "", False),
)
FLOOD: Columns = (
    ("", "", "people.households", True),
    ("", "", "people.tag.alone", True),
    ("低洼院落个数", Kind.INTEGER, "", True),
    ("备用沙袋（个）", Kind.INTEGER, "", True),
    ("最近一次清掏雨水口", Kind.DATE, "", True),
)
DINING: Columns = (
    ("", "", "people.aged60", True),
    ("", "", "people.aged80", True),
    ("愿来食堂吃午饭的老人", Kind.INTEGER, "", True),
    ("要送餐上门的老人", Kind.INTEGER, "", True),
    ("可用场地（平方米）", Kind.DECIMAL, "", False),
)
ALONE: Columns = (
    ("", "", "person.name", False),
    ("", "", "person.age", False),
    ("", "", "person.home", False),
    ("", "", "person.phone", True),
    ("紧急联系人", Kind.TEXT, "", True),
    ("紧急联系人电话", Kind.PHONE, "", True),
    ("装了燃气报警器", Kind.YES_NO, "", False),
    ("取暖安全", Kind.CHOICE, "", False),
)
ON_THE_SPOT: dict[str, list[str]] = {
    "装了燃气报警器": [], "取暖安全": ["安全", "有隐患，已提醒", "有隐患，要处理"],
}  # fmt: skip
FAMILY = ("赵", "钱", "孙", "周", "吴", "郑")
ADVERTS: Columns = (("外墙广告块数", Kind.INTEGER, "", True), ("其中破损", Kind.INTEGER, "", True))


def load_demo(*, now: datetime, focus: tuple[str, ...] = (), resident: str = "") -> dict[str, int]:  # noqa: ARG001
    """Load the sheets around the community of the named worker; once."""
    if Sheet.objects.exists():
        return {}
    workers = GrantRow.objects.filter(role="community_worker", valid_to=None)
    mine = workers.filter(account__username__in=focus).order_by("area_code").first()
    if mine is None:
        return {}
    code = mine.area_code
    office, judge = (
        _holder("subdistrict_dispatcher", code[:9], focus),
        _holder("district_lead", code[:6]),
    )
    bureau = _holder("department_handler", code[:6], focus)
    if office is None or judge is None or bureau is None:
        return {}
    rng = Random(SEED)  # noqa: S311 - invented data, no secret
    _closed(rng, office, judge, code, now)
    charging = _sheet(
        bureau, "电动自行车充电设施摸底", "安排明年更换和新建充电桩", "《消防法》第十六条",
        code[:6], now - timedelta(days=5), 14, CHARGING,
    )  # fmt: skip
    _send_out(charging, bureau, judge, now - timedelta(days=4))
    asked = asked_of(charging)
    body = starter(names_of(asked), [column.title for column in asked])
    save_template(charging.pk, actor=bureau, now=now, file_name="充电设施摸底表.xlsx", body=body)
    _answer(rng, charging, bureau, now - timedelta(days=1), spare=code)
    flood = _sheet(
        office, "汛期低洼院落排查", "汛前备足沙袋，安排清掏", "《防洪法》第三十八条",
        code[:9], now - timedelta(days=3), 5, FLOOD,
    )  # fmt: skip
    _send_out(flood, office, judge, now - timedelta(days=2))
    _begin(flood, code, now - timedelta(days=1))
    _visits(rng, office, judge, code, now)
    adverts = _sheet(
        bureau, "楼体外墙广告统计", "掌握外墙广告数量", "局内部通知",
        code[:6], now - timedelta(days=8), 20, ADVERTS,
    )  # fmt: skip
    take_step("submit", adverts.pk, actor=bureau, now=now - timedelta(days=8))
    why = "依据不足；外墙广告由城管巡查每月采集，不用社区再数。"
    take_step("refuse", adverts.pk, actor=judge, now=now - timedelta(days=7), data={"reason": why})
    return {"sheets": Sheet.objects.count(), "parts": Part.objects.count()}


def _holder(role: str, code: str, focus: tuple[str, ...] = ()) -> Actor | None:
    """Return who holds the role there, one of the named log-ins where there is one."""
    rows = GrantRow.objects.filter(role=role, area_code=code, valid_to=None)
    rows = rows.filter(account__is_active=True).order_by("pk")
    row = rows.filter(account__username__in=focus).first() or rows.first()
    return actor_of(row.account) if row else None


def _sheet(
    actor: Actor, title: str, purpose: str, basis: str, code: str, at: datetime, days: int,
    columns: Columns, rows: str = RowKind.AREA, only: str = "",
) -> Sheet:  # fmt: skip
    due = timezone.localdate(at) + timedelta(days=days)
    head: dict[str, Any] = {
        "title": title, "purpose": purpose, "basis": basis, "due": due,
        "area": Area.objects.get(code=code, valid_to=None), "rows": rows, "only": only,
    }  # fmt: skip
    sheet = save_sheet(actor=actor, now=at, data=head)
    for order, (name, kind, source, required) in enumerate(columns, start=1):
        known = get_source(source) or get_field(source)
        given = known.kind if isinstance(known, Field) else Kind.INTEGER
        data = {
            "order": order, "title": name or str(known.title if known else ""), "help": "",
            "kind": kind or given, "choices": ON_THE_SPOT.get(name, []), "required": required,
            "source": source, "by_grid": name in ON_THE_SPOT,
        }  # fmt: skip
        save_column(sheet.pk, actor=actor, now=at, data=data)
    return sheet


def _send_out(sheet: Sheet, asker: Actor, judge: Actor, at: datetime) -> None:
    take_step("submit", sheet.pk, actor=asker, now=at)
    take_step("admit", sheet.pk, actor=judge, now=at)


def _typed(rng: Random, sheet: Sheet, at: datetime) -> dict[str, str]:
    made = {
        Kind.INTEGER: lambda: str(rng.randint(0, 40)),
        Kind.DECIMAL: lambda: f"{rng.randint(60, 400)}.5",
        Kind.YES_NO: lambda: rng.choice("01"),
        Kind.PHONE: lambda: f"1900000{rng.randint(1000, 9999)}",
        Kind.DATE: lambda: f"{timezone.localdate(at) - timedelta(days=rng.randint(1, 20))}",
    }
    return {column.field: made[Kind(column.kind)]() for column in sheet.columns.filter(source="")}


def _answer(
    rng: Random, sheet: Sheet, asker: Actor, at: datetime, spare: str = "", share: float = 0.5
) -> None:
    """Let that share of the communities hand in; the asker takes half of it, or all of all."""
    for part in Part.objects.filter(sheet=sheet).order_by("area_code"):
        worker = _holder("community_worker", part.area_code)
        if worker is None or part.area_code == spare or rng.random() > share:
            continue
        hand_in_part(part.pk, actor=worker, now=at, data=_typed(rng, sheet, at))
        if share == 1 or rng.random() < 0.5:
            judge_part("accept", part.pk, actor=asker, now=at + timedelta(hours=3))


def _begin(sheet: Sheet, code: str, at: datetime) -> None:
    """Let the focus community begin, with one cell typed."""
    part = Part.objects.filter(sheet=sheet, area_code=code).first()
    worker = _holder("community_worker", code)
    column = sheet.columns.filter(source="").first()
    if part is not None and worker is not None and column is not None:
        save_cells(part.pk, actor=worker, now=at, data={column.field: "3"})


def _visits(rng: Random, office: Actor, judge: Actor, code: str, now: datetime) -> None:
    """Ask about each old person who lives alone; the focus community is half done."""
    at = now - timedelta(days=2)
    if not rows_in(RowKind.PERSON, [code[:9]], "tag:alone", timezone.localdate(now)).exists():
        return
    sheet = _sheet(
        office, "独居老人冬季安全走访", "入冬前逐户核对联系人和取暖安全",
        "《老年人权益保障法》第三十七条", code[:9], at, 9, ALONE, RowKind.PERSON, "tag:alone",
    )  # fmt: skip
    _send_out(sheet, office, judge, at + timedelta(hours=3))
    for part in Part.objects.filter(sheet=sheet).order_by("area_code"):
        prepare_part(part.pk, actor=office, now=at + timedelta(hours=3))
    own = Part.objects.filter(sheet=sheet, area_code=code).first()
    worker = _holder("community_worker", code)
    if own is None or worker is None:
        return
    columns = {column.title: column.pk for column in sheet.columns.all()}
    rows = list(rows_of_part(own))
    data: dict[str, str] = {}
    for row in rows[: len(rows) // 2]:
        named = {
            "紧急联系人": f"{rng.choice(FAMILY)}先生",
            "紧急联系人电话": f"1900000{rng.randint(1000, 9999)}",
        }
        data |= {input_name(row.pk, columns[title]): value for title, value in named.items()}
    save_rows(own.pk, rows, actor=worker, now=now - timedelta(days=1), data=data)


def _closed(rng: Random, office: Actor, judge: Actor, code: str, now: datetime) -> None:
    start = now - timedelta(days=45)
    sheet = _sheet(
        office, "社区食堂需求调查", "给两处新食堂选址", "街道为民办实事项目清单",
        code[:9], start, 12, DINING,
    )  # fmt: skip
    _send_out(sheet, office, judge, start + timedelta(days=1))
    _answer(rng, sheet, office, start + timedelta(days=6), share=1)
    take_step("close", sheet.pk, actor=office, now=start + timedelta(days=13))
