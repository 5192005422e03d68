"""The rates of sub-tasks in the cockpit open the sub-tasks they counted."""

from __future__ import annotations

import re
from html import unescape

from django.utils import timezone

from factories import make_case, make_district
from linli.base.accounts.models import Account
from linli.base.indicators import actions as indicators
from linli.work.cases.tasks.actions import open_tasks, take_task_step


def test_a_rate_of_sub_tasks_opens_its_rows(committed, client):
    world, now = make_district(), timezone.now()
    case = make_case(world, now=now).case
    (task,) = open_tasks("whistle", case.pk, actor=world.community_worker, now=now, key="w",
                         data={"units": [world.department.pk], "place": "东门", "text": "来"})  # fmt: skip
    take_task_step("sign_in", task.pk, actor=world.handler, now=now, data={})
    indicators.fold(now=now)
    lead = Account.objects.get(pk=world.lead.account_id)
    client.force_login(lead, "django.contrib.auth.backends.ModelBackend")
    page = unescape(client.get("/desk/cockpit/").content.decode())
    assert "应哨及时率" in page
    hrefs = re.findall(r'href="(/desk/cockpit/rows/\?m=whistle\.sign_in&[^"]*)"', page)
    assert len(hrefs) == 1
    rows = client.get(hrefs[0]).content.decode()
    assert case.number in rows
    assert "签到应哨" in rows
