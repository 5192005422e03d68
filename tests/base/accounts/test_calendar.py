"""The working calendar on the desk: days off, make-up days, hours; good input and bad."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from factories import make_area, make_staff
from linli.kernel.ledger.models import Entry
from linli.kernel.worktime import rules
from linli.kernel.worktime.models import CalendarOverride
from linli.kernel.worktime.reckon import add_working_days, is_open

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def admin(client):
    rules.forget()
    area = make_area("370705", "测试区")
    make_area("370706", "邻区")
    client.force_login(make_staff("system_admin", area))
    yield client
    rules.forget()


def typed(**more):
    return {"first": "2026-03-17", "last": "2026-03-18", "worked": "no", "area": "370705"} | more


def test_days_off_move_deadlines_and_can_be_taken_back(admin):
    start = datetime(2026, 3, 16, 9, tzinfo=SHANGHAI)
    before = add_working_days(start, 1, "370705001")
    assert admin.post("/desk/calendar/", typed(note="市庆")).status_code == 302
    assert add_working_days(start, 1, "370705001").date() == date(2026, 3, 19)
    assert add_working_days(start, 1, "370706001") == before, "only in that area"
    assert "市庆" in admin.get("/desk/calendar/?year=2026").content.decode()
    for row in CalendarOverride.objects.all():
        admin.post(f"/desk/calendar/{row.pk}/remove/")
    assert add_working_days(start, 1, "370705001") == before
    verbs = Entry.objects.filter(subject_type="worktime.override").values_list("verb", flat=True)
    assert sorted(verbs) == ["remove", "remove", "set", "set"]


def test_an_unknown_year_says_that_it_is_estimated(admin):
    page = admin.get("/desk/calendar/?year=2099").content.decode()
    assert "只按周末推算" in page
    assert "只按周末推算" not in admin.get("/desk/calendar/?year=2025").content.decode()


def test_hours_decide_when_service_is_open(admin):
    evening = datetime(2026, 3, 16, 18, tzinfo=SHANGHAI)
    assert not is_open(evening, "370705")
    data = {"valid_from": "2026-03-01", "morning": "09:00-12:00", "afternoon": "14:00-20:00",
            "hours_area": "370705"}  # fmt: skip
    assert admin.post("/desk/calendar/", data).status_code == 302
    assert is_open(evening, "370705")


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"last": "2026-03-01"}, "last", "不早于开始"),
        ({"last": "2026-06-01"}, "last", "不超过31天"),
        ({"first": "明天"}, "first", "日期应写成"),
        ({"area": "没有这里"}, "area", "没有找到"),
        ({"area": "370706"}, "area", "不在您的权限范围内"),
    ],
)
def test_bad_days_are_explained_at_their_field(admin, wrong, field, words):
    page = admin.post("/desk/calendar/", typed(note="保留这句", **wrong))
    assert page.status_code == 422
    assert words in " ".join(page.context["days"].errors[field])
    assert "保留这句" in page.content.decode()
    assert not CalendarOverride.objects.exists()


@pytest.mark.parametrize("morning", ["12:00-09:00", "早上", "09:00-15:00"])
def test_bad_hours_are_explained(admin, morning):
    data = {"valid_from": "2026-03-01", "morning": morning, "afternoon": "14:00-17:00",
            "hours_area": "370705"}  # fmt: skip
    page = admin.post("/desk/calendar/", data)
    assert page.status_code == 422
    assert page.context["hours"].errors["morning"]


def test_only_administrators_of_the_system_see_it(client):
    client.force_login(make_staff("subdistrict_dispatcher", make_area("370705001")))
    assert client.get("/desk/calendar/").status_code == 403
