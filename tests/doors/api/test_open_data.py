"""Open data: a month's rows without anything that points at a person."""

from __future__ import annotations

import csv
import io
from datetime import datetime

import pytest
from django.test import Client
from django.utils import timezone

from factories import make_case, make_district

pytestmark = pytest.mark.django_db


def last_month():
    today = timezone.localdate()
    year, month = (today.year, today.month - 1) if today.month > 1 else (today.year - 1, 12)
    return datetime(year, month, 10, 9, tzinfo=timezone.get_current_timezone())


def test_a_month_leaves_the_house_masked():
    world, when = make_district(), last_month()
    case = make_case(world, now=when, address="东风街12号", text="我是张三，19900001111",
                     reporter_phone="19900001111").case  # fmt: skip
    make_case(world, now=when, protected=True)
    make_case(world, now=when, nature="dispute")
    make_case(world, now=timezone.now())
    page = Client().get("/open-data/").content.decode()
    address = f"/open-data/cases-{when.year}-{when.month}"
    assert f"{address}.csv" in page
    answer = Client().get(f"{address}.csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == 2
    assert dict(zip(rows[0], rows[1], strict=True)) == {
        "登记日期": f"{when:%Y-%m-%d}", "办结日期": "", "状态": "已登记", "性质": "求助",
        "大类": "市容环境", "类别": "垃圾清运", "渠道": "网站", "街道": "东街道", "社区": "一社区",
        "社区编码": "370705001001", "按期": "", "评价": "",
    }  # fmt: skip
    text = answer.content.decode() + Client().get(f"{address}.json").content.decode()
    for secret in ("张三", "19900001111", "东风街", case.number, case.title):
        assert secret not in text


def test_only_ended_months_and_not_too_often(settings):
    make_case(make_district(), now=last_month())
    now = timezone.localdate()
    assert Client().get(f"/open-data/cases-{now.year}-{now.month}.csv").status_code == 404
    assert Client().get("/open-data/cases-1999-13.csv").status_code == 404
    settings.API_OPEN_PER_MINUTE = 1
    assert Client().get("/open-data/cases-1999-1.csv").status_code == 429
