"""Sub-tasks are counted from the ledger, and fewer of them never means a lost one."""

from __future__ import annotations

from django.utils import timezone

from factories import make_case, make_district
from linli.base.indicators import actions as indicators
from linli.base.indicators.models import Tally
from linli.work.cases.tasks.actions import open_tasks, take_task_step


def test_the_ledger_of_sub_tasks_is_counted(committed):
    world, now = make_district(), timezone.now()
    case = make_case(world, now=now).case
    (task,) = open_tasks("whistle", case.pk, actor=world.community_worker, now=now, key="w",
                         data={"units": [world.department.pk], "place": "东门", "text": "来"})  # fmt: skip
    take_task_step("sign_in", task.pk, actor=world.handler, now=now, data={})
    indicators.fold(now=now)
    rows = Tally.objects.filter(area_code="370705", name__startswith="whistle.")
    assert dict(rows.values_list("name", "n")) == {
        "whistle.open": 1,
        "whistle.open_now": 1,
        "whistle.sign_in": 1,
        "whistle.sign_in_on_time": 1,
    }
