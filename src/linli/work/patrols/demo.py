"""The demonstration's patrols: routes in one community, and three weeks of rounds."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from linli.base.accounts.models import GrantRow
from linli.base.accounts.queries import actor_of
from linli.base.areas.models import Area
from linli.kernel.scope import Actor

from .actions import close_missed, excuse_round, hand_in_round, open_rounds, save_route
from .models import CheckResult, Rhythm, Round, RoundState, Route

SEED = 20262
DAYS = 21
PLACES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("楼道和消防通道", "0703", ("消防通道无杂物", "灭火器在位有压力", "无飞线充电")),
    ("垃圾分类点", "0101", ("垃圾日产日清", "周边地面干净")),
    ("电动车棚", "0701", ("充电桩正常", "无电池带上楼")),
    ("井盖和路面", "0202", ("井盖完好不响", "路面无塌陷积水")),
)
WEEKLY = (("独居老人家门口", "", ("敲门有人应", "门口无异味无堆积")),)
NOTES = ("已劝离，明天再看", "压力不足，已记下", "有两袋建筑垃圾", "盖板松动，已围挡")


def load_demo(*, now: datetime, focus: tuple[str, ...] = (), resident: str = "") -> dict[str, int]:  # noqa: ARG001
    """Load routes of the community of the named grid worker, and their rounds; once."""
    if Route.objects.exists():
        return {}
    walkers = GrantRow.objects.filter(role="grid_worker", valid_to=None)
    mine = walkers.filter(account__username__in=focus).order_by("area_code").first()
    if mine is None:
        return {}
    community = mine.area_code[:12]
    planner = _holder("community_worker", community)
    if planner is None:
        return {}
    rng = Random(SEED)  # noqa: S311 - invented data, no secret
    start = now - timedelta(days=DAYS)
    grids = Area.objects.filter(level="grid", code__startswith=community, valid_to=None)
    for grid in grids.order_by("code"):
        _plan(planner, grid, start)
    for day in range(DAYS + 1):
        _walk(rng, planner, _clock(now - timedelta(days=DAYS - day), 8), now)
    return {"routes": Route.objects.count(), "rounds": Round.objects.count()}


def _holder(role: str, code: str) -> Actor | None:
    row = GrantRow.objects.filter(role=role, area_code=code, valid_to=None).order_by("pk").first()
    return actor_of(row.account) if row else None


def _clock(moment: datetime, hour: int) -> datetime:
    day = timezone.localtime(moment).date()
    return timezone.make_aware(datetime.combine(day, time(hour)))


def _plan(planner: Actor, grid: Area, at: datetime) -> None:
    buildings = list(Area.objects.filter(parent=grid, valid_to=None).order_by("code"))
    for name, rhythm, places in (
        ("每日安全巡查", Rhythm.DAILY, PLACES), ("独居老人周巡", Rhythm.WEEKLY, WEEKLY),
    ):  # fmt: skip
        points: list[dict[str, Any]] = []
        for number, (place, category, items) in enumerate(places):
            near = buildings[number % len(buildings)] if buildings else grid
            points.append(
                {
                    "name": f"{near.name}{place}"[:60], "lon": near.lon, "lat": near.lat,
                    "category": category, "items": list(items),
                }
            )  # fmt: skip
        head = {"name": name, "area": grid, "rhythm": rhythm, "active": True}
        save_route(actor=planner, now=at, head=head, points=points)


def _walk(rng: Random, planner: Actor, morning: datetime, now: datetime) -> None:
    """Let a day go by: rounds open, most are walked, some are not, one is excused."""
    if morning > now:
        return
    close_missed(now=morning)
    open_rounds(now=morning)
    due = Round.objects.filter(state=RoundState.DUE).select_related("plan", "route")
    for found in list(due.order_by("pk")):
        walker = _holder("grid_worker", found.area_code)
        begun = morning + timedelta(minutes=rng.randint(20, 400))
        ended = begun + timedelta(minutes=rng.randint(18, 55))
        luck = rng.random()
        if walker is None or ended > now or luck < (0.06 if found.day == found.until else 0.6):
            continue
        if luck > 0.985:
            excuse_round(found.pk, actor=planner, now=begun, data={"reason": "暴雨，停止户外巡查"})
            continue
        data = _answers(rng, found) | {
            "started_at": begun.isoformat(), "ended_at": ended.isoformat()
        }  # fmt: skip
        received = ended + timedelta(minutes=rng.choice((0, 0, 0, 35)))
        if received <= now:
            hand_in_round(found.pk, actor=walker, now=received, data=data, key="demo")


def _answers(rng: Random, found: Round) -> dict[str, str]:
    data: dict[str, str] = {}
    for point, place in enumerate(found.plan.points):
        for item in range(len(place["items"])):
            bad = rng.random() < 0.04
            data[f"r-{point}-{item}"] = CheckResult.PROBLEM if bad else CheckResult.OK
            if bad:
                data[f"n-{point}-{item}"] = rng.choice(NOTES)
    return data
