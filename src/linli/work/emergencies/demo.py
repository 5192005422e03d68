"""The demonstration's emergencies: plans, a roster, one that goes on and two that taught something.

All through the actions, at moments of the past, by people of the demonstration.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone

from linli.base.accounts.models import Account, GrantRow, Unit
from linli.base.accounts.queries import actor_of
from linli.base.areas.models import Area
from linli.kernel.scope import Actor

from .actions import raise_emergency, save_plan, save_shift, take_step
from .models import Duty, Emergency, EmergencyPlan, Kind, Measure

PLANS: tuple[tuple[str, Kind, tuple[tuple[str, str, int], ...]], ...] = (
    (
        "城市内涝应急预案", Kind.NATURAL,
        (
            ("到积水点设警示、劝阻车辆行人", "grid", 15),
            ("转移低洼院落、地下室的老人和病人", "community", 30),
            ("调集沙袋、抽水泵", "subdistrict", 40),
            ("协调排水、供电、交警到场", "district", 40),
            ("统计受灾户并登记", "community", 120),
        ),
    ),
    (
        "燃气泄漏和火灾应急预案", Kind.ACCIDENT,
        (
            ("拨打119和燃气抢修，劝离围观人员", "grid", 5),
            ("关闭单元燃气总阀，逐户疏散", "community", 15),
            ("开放临时安置点，清点人数", "subdistrict", 40),
            ("核实伤亡，通报家属", "community", 60),
        ),
    ),
    (
        "聚集性传染病应急预案", Kind.HEALTH,
        (
            ("核实病例和接触人员", "community", 60),
            ("通知卫生服务中心到场", "subdistrict", 60),
            ("公共部位消毒", "community", 180),
        ),
    ),
)  # fmt: skip
ROSTER_DAYS = 14


def load_demo(*, now: datetime) -> None:
    """Load plans, two weeks of the roster and three emergencies; nothing where they stand."""
    if EmergencyPlan.objects.exists():
        return
    chief = _someone("district_dispatcher")
    if chief is None:
        return
    actor = actor_of(chief)
    district = Area.objects.get(code=actor.areas("emergencies.plan")[0])
    for name, kind, measures in PLANS:
        head = {"name": name, "kind": kind, "area_code": district, "active": True}
        rows = [
            {"text": text, "unit_kind": who, "minutes": minutes} for text, who, minutes in measures
        ]
        save_plan(actor=actor, now=now, head=head, measures=rows)
    _roster(actor, now)
    _emergencies(now)


def _someone(role: str, within: str = "") -> Account | None:
    rows = GrantRow.objects.filter(role=role, area_code__startswith=within, valid_to=None)
    found = rows.select_related("account").order_by("area_code", "account_id").first()
    return found.account if found else None


def _roster(actor: Actor, now: datetime) -> None:
    start = timezone.localtime(now).date() - timedelta(days=ROSTER_DAYS // 2)
    for unit in Unit.objects.filter(kind__in=("district", "subdistrict"), active=True):
        people = list(Account.objects.filter(unit=unit, kind="staff").order_by("pk")[:6])
        for day in range(ROSTER_DAYS if len(people) > 1 else 0):
            begin = timezone.make_aware(datetime.combine(start + timedelta(days=day), time(8)))
            for place, role in enumerate(("leader", "on_duty")):
                who = people[(day * 2 + place) % len(people)]
                busy = Duty.objects.filter(account=who, ends_at__gt=begin)
                if busy.exists():
                    continue
                data = {"unit": unit, "account": who, "role": role, "starts_at": begin,
                        "ends_at": begin + timedelta(days=1)}  # fmt: skip
                save_shift(actor=actor, now=now, data=data)


def _emergencies(now: datetime) -> None:
    first = _someone("community_worker")
    if first is None or first.unit is None:
        return
    community = first.unit.area_code
    lead = _someone("subdistrict_dispatcher", community[:9])
    if lead is None:
        return
    worker, head = actor_of(first), actor_of(lead)
    grid = Area.objects.filter(code__startswith=community, level="grid").order_by("code").first()
    place = grid or Area.objects.get(code=community)
    _past(worker, head, place, now - timedelta(days=74), Kind.NATURAL, 3, "暴雨后小区门口积水过膝",
          "排水口被落叶堵住，两辆车熄火，无人受伤。", "雨前清掏排水口写入每月巡查。")  # fmt: skip
    _past(worker, head, place, now - timedelta(days=31), Kind.ACCIDENT, 4, "楼道电动车电池冒烟",
          "及时切断电源，楼道熏黑，无人受伤。", "两周内在楼下装齐充电桩。")  # fmt: skip
    at = now - timedelta(minutes=50)
    going = _raise(worker, place, at, Kind.ACCIDENT, 4, "三单元居民闻到浓烈燃气味",
                   "三层以上居民反映燃气味重，已电话告知开窗、不开关电器。")  # fmt: skip
    _phone(going, worker, at + timedelta(minutes=8))
    _start(going, head, at + timedelta(minutes=12))
    for call in going.calls.filter(answered_at=None).select_related("account")[:3]:
        take_step("answer", going.pk, actor=actor_of(call.account), now=at + timedelta(minutes=3))
    rows = list(Measure.objects.filter(emergency=going).order_by("due_at"))
    for row in rows[:2]:
        take_step("tick", going.pk, actor=head, now=at + timedelta(minutes=20),
                  data={"measure": row.pk, "note": "已到场"})  # fmt: skip


def _raise(
    actor: Actor, place: Area, at: datetime, kind: Kind, level: int, title: str, text: str
) -> Emergency:
    data = {"kind": kind, "level": level, "title": title, "text": text, "address": "",
            "source": "居民来电", "happened_at": at - timedelta(minutes=6)}  # fmt: skip
    return raise_emergency(actor=actor, now=at, key=f"demo-{at:%Y%m%d}", area=place, data=data)


def _phone(emergency: Emergency, actor: Actor, at: datetime) -> None:
    data = {"told": "街道值班室", "losses": "暂无伤亡。"}
    take_step("phone_report", emergency.pk, actor=actor, now=at, data=data)


def _start(emergency: Emergency, actor: Actor, at: datetime) -> None:
    plan = EmergencyPlan.objects.filter(kind=emergency.kind).first()
    data: dict[str, Any] = {"level": emergency.level, "plan": plan.pk if plan else ""}
    take_step("start", emergency.pk, actor=actor, now=at, data=data)


def _past(
    worker: Actor, head: Actor, place: Area, at: datetime, kind: Kind, level: int, title: str,
    text: str, mend: str,
) -> None:  # fmt: skip
    emergency = _raise(worker, place, at, kind, level, title, text)
    for call in emergency.calls.filter(answered_at=None).select_related("account"):
        take_step("answer", emergency.pk, actor=actor_of(call.account),
                  now=at + timedelta(minutes=call.pk % 7 + 1))  # fmt: skip
    _phone(emergency, worker, at + timedelta(minutes=11))
    _start(emergency, head, at + timedelta(minutes=15))
    words = {"told": "区应急管理局", "losses": "无伤亡。", "trend": "可控。"}
    take_step("written_report", emergency.pk, actor=worker, now=at + timedelta(minutes=44),
              data=words)  # fmt: skip
    for row in Measure.objects.filter(emergency=emergency).order_by("due_at"):
        take_step("tick", emergency.pk, actor=head, now=row.due_at - timedelta(minutes=2),
                  data={"measure": row.pk, "note": ""})  # fmt: skip
    take_step("stand_down", emergency.pk, actor=head, now=at + timedelta(hours=4),
              data=words | {"trend": "已消除。"})  # fmt: skip
    lessons = {"cause": text, "bad": "首报时对现场人数掌握不准。", "mend": mend,
               "good": "网格员十分钟内到场。"}  # fmt: skip
    take_step("review", emergency.pk, actor=head, now=at + timedelta(days=3), data=lessons)
