"""Much of everything, for the test that counts queries."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from django.utils import timezone

from factories import make_article
from linli.base.areas.models import Area
from linli.insight.hotspots.models import HotSpot, HotSpotDay, HotSpotRun
from linli.insight.hotspots.rules import Method
from linli.work.cases.models import SubTask
from linli.work.cases.tasks.actions import open_tasks, take_task_step


def many_articles(world: Any) -> dict[str, int]:
    """Publish many articles and leave some drafts."""
    rows = [make_article(world, title=f"第{n}问", publish=n % 5 > 0) for n in range(40)]
    return {"article": rows[-1].article_id, "version": rows[-1].pk}


def many_calls(cases: list[Any], world: Any, now: Any) -> Any:
    """Ask for call-backs on many cases."""
    return SubTask.objects.bulk_create(
        SubTask(
            kind="call_back", case=case, unit=world.subdistrict_unit, state="open", version=1,
            area_code=case.area_code, opened_at=now, due_at=now, open_key=f"call-{case.pk}",
        )
        for case in cases
    )[0]  # fmt: skip


def many_hot_spots(world: Any, now: Any) -> Any:
    """Store hot spots of many places, as a day's search would."""
    day = timezone.localdate(now) - timedelta(days=1)
    HotSpotRun.objects.create(
        day=day, ran_at=now, windows=26, tested=9, found=20, method=asdict(Method())
    )
    for area in Area.objects.filter(level="grid")[:20]:
        spot = HotSpot.objects.create(
            category=world.category, area=area, area_code=area.code, first_day=day, last_day=day
        )
        HotSpotDay.objects.create(
            spot=spot, day=day, window_days=7, count=9, expected=0.5, p=1e-9, q=1e-6, history=[1]
        )
    return spot


def helped(case: Any, world: Any, now: Any) -> Any:
    """Ask another unit for help with a case, which begins to."""
    asked = {"units": [world.department.pk], "text": "请协助清运"}
    [task] = open_tasks(
        "co_handling", case.pk, actor=world.grid_worker, now=now, data=asked, key=f"help-{case.pk}"
    )
    take_task_step("sign_in", task.pk, actor=world.handler, now=now, data={"note": "马上去"})
    return task
