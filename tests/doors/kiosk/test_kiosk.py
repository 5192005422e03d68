"""The terminal: a code by touch, two questions with large buttons, nothing left behind."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from factories import make_case, make_district, make_staff
from linli.kernel.scope import ANONYMOUS
from linli.work.cases.actions import take_step
from linli.work.cases.models import Case
from linli.work.cases.tasks.follow_ups import open_follow_ups

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    cache.clear()
    return make_district()


@pytest.fixture
def done(world):
    """Return a closed case and its tracking code."""
    at = timezone.now() - timedelta(hours=3)
    made = make_case(world, actor=ANONYMOUS, now=at)
    take_step("settle", made.case.pk, actor=world.community_worker, now=at, data={"result": "好"})
    return made.case, made.tracking_code


def rating(case):
    case.refresh_from_db()
    return case.rating, case.solved


def test_code_then_two_buttons(done):
    case, code = done
    client = Client()
    page = client.get("/kiosk/rate/").content.decode()
    assert 'class="face-kiosk"' in page
    assert page.count("data-key=") == 32  # 31 signs and one to take back
    assert client.post("/kiosk/rate/", {"code": code.lower()})["Location"] == "/kiosk/rate/solved/"
    assert case.title in client.get("/kiosk/rate/solved/").content.decode()
    answer = client.post("/kiosk/rate/solved/", {"solved": "yes"})
    assert answer["Location"] == "/kiosk/rate/grade/"
    assert client.get("/kiosk/rate/grade/").content.decode().count('name="rating"') == 5
    answer = client.post("/kiosk/rate/grade/", {"rating": "4"})
    assert answer["Location"] == "/kiosk/rate/thanks/"
    assert rating(case) == (4, True)


def test_the_next_person_finds_nothing_of_the_one_before(done):
    _case, code = done
    client = Client()
    client.post("/kiosk/rate/", {"code": code})
    assert "url=/kiosk/rate/" in client.get("/kiosk/rate/solved/").content.decode()
    client.get("/kiosk/rate/")  # where each page goes by itself after a while
    for path in ("/kiosk/rate/solved/", "/kiosk/rate/grade/"):
        assert client.get(path)["Location"] == "/kiosk/rate/"
        assert client.post(path, {"rating": "1", "solved": "no"})["Location"] == "/kiosk/rate/"


def test_after_rating_nothing_is_open(done):
    case, code = done
    client = Client()
    client.post("/kiosk/rate/", {"code": code})
    client.post("/kiosk/rate/solved/", {"solved": "no"})
    client.post("/kiosk/rate/grade/", {"rating": "1"})
    assert client.post("/kiosk/rate/grade/", {"rating": "5"})["Location"] == "/kiosk/rate/"
    assert rating(case) == (1, False)
    assert open_follow_ups(now=timezone.now())["mend"] == 1


def test_a_wrong_code_is_answered_and_guessing_is_stopped(done):
    _case, code = done
    client = Client()
    for _try in range(10):
        answer = client.post("/kiosk/rate/", {"code": "AAAA2222"})
        assert answer.status_code == 422
        assert "没有这个查询码" in answer.content.decode()
        assert 'value="AAAA2222"' in answer.content.decode()
    assert client.post("/kiosk/rate/", {"code": code}).status_code == 429


@pytest.mark.parametrize("code", ["", " ", "x" * 500, "'; --"])
def test_what_is_no_code(world, code):
    assert Client().post("/kiosk/rate/", {"code": code}).status_code == 422


def test_an_open_case_is_rated_later(world):
    made = make_case(world, actor=ANONYMOUS)
    answer = Client().post("/kiosk/rate/", {"code": made.tracking_code})
    assert answer.status_code == 422
    assert "还没有办结" in answer.content.decode()


def test_an_invented_grade_is_refused(done):
    case, code = done
    client = Client()
    client.post("/kiosk/rate/", {"code": code})
    assert client.post("/kiosk/rate/solved/", {"solved": "perhaps"}).status_code == 200
    client.post("/kiosk/rate/solved/", {"solved": "yes"})
    assert client.post("/kiosk/rate/grade/", {"rating": "9"}).status_code == 422
    assert rating(case) == (None, None)


def test_staff_who_are_logged_in_do_not_rate(world, done):
    case, code = done
    client = Client()
    client.force_login(make_staff("window_clerk", world.district))
    client.post("/kiosk/rate/", {"code": code})
    client.post("/kiosk/rate/solved/", {"solved": "yes"})
    answer = client.post("/kiosk/rate/grade/", {"rating": "5"})
    assert answer.status_code == 422
    assert "工作人员不能代替反映人评价" in answer.content.decode()
    assert rating(case) == (None, None)


def test_codes_are_looked_up_by_an_index(db):
    names = {index.name for index in Case._meta.indexes}
    assert "cases_tracking" in names
