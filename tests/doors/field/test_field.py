"""The grid worker's phone: from dispatched to done, and reporting from patrol."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from factories import MONDAY, make_area, make_case, make_district, make_staff, make_unit
from linli.base.accounts.models import Account
from linli.work.cases.actions import accept_and_dispatch
from linli.work.cases.models import Attachment, Case

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(settings, tmp_path):
    settings.HOME = tmp_path
    return make_district()


@pytest.fixture
def phone(client, world):
    client.force_login(Account.objects.get(pk=world.grid_worker.account_id))
    return client


def photo():
    out = io.BytesIO()
    Image.new("RGB", (300, 200), "#456").save(out, "JPEG")
    return SimpleUploadedFile("后.jpg", out.getvalue(), "image/jpeg")


def test_from_dispatched_to_done_with_a_photo(phone, world, django_assert_max_num_queries):
    world.category.needs_photo = True
    world.category.save()
    case = make_case(world).case
    accept_and_dispatch(
        case.pk, actor=world.dispatcher, now=MONDAY, data={"unit": world.grid_unit.pk}
    )
    with django_assert_max_num_queries(12):
        assert case.title in phone.get("/field/").content.decode()
    base = f"/field/cases/{case.number}"
    assert "签收" in phone.get(f"{base}/").content.decode()
    assert phone.post(f"{base}/steps/sign_in/", {"token": "a"}).status_code == 302
    without = phone.post(f"{base}/steps/report_done/", {"result": "已清运", "token": "b"})
    assert without.status_code == 422
    assert "照片" in without.content.decode()
    assert "已清运" in without.content.decode()
    done = {"result": "已清运", "token": "c", "files": [photo()]}
    assert phone.post(f"{base}/steps/report_done/", done).status_code == 302
    case.refresh_from_db()
    assert (case.state, Attachment.objects.count()) == ("done", 1)
    late = phone.post(f"{base}/steps/report_done/", {"result": "又一次", "token": "d"})
    assert late.status_code == 409
    assert "慢了一步" in late.content.decode()


def test_another_grids_worker_sees_nothing(client, world):
    case = make_case(world).case
    grid = make_area("370705001001002")
    client.force_login(make_staff("grid_worker", grid, make_unit("grid", grid)))
    assert client.get(f"/field/cases/{case.number}/").status_code == 404
    assert client.get("/field/").status_code == 200


def test_patrol_report_once_and_settled_on_the_spot(phone, world):
    data = {"token": "t", "category": "0101", "text": "单车倒伏\n东门", "settled": "on"}
    bad = phone.post("/field/new/", data)
    assert "写明怎样处理" in bad.content.decode()
    assert "单车倒伏" in bad.content.decode()
    for _ in range(2):
        assert phone.post("/field/new/", data | {"result": "已扶起"}).status_code == 302
    case = Case.objects.get()
    assert (case.state, case.area_code, case.title) == ("closed", world.grid.code, "单车倒伏")
    outside = phone.post(
        "/field/new/", {"token": "u", "category": "0101", "text": "远处", "lon": "1", "lat": "1"}
    )
    assert "不在您负责的网格内" in outside.content.decode()


def test_others_may_not_patrol(client, world):
    client.force_login(Account.objects.get(pk=world.handler.account_id))
    assert client.get("/field/new/").status_code == 403


def test_grid_workers_land_on_their_phone_page(client, world, settings):
    settings.STAFF_SECOND_FACTOR = False
    account = Account.objects.get(pk=world.grid_worker.account_id)
    account.set_password("Right-Pass-1")
    account.save()
    answer = client.post(
        "/staff/login/", {"username": account.username, "password": "Right-Pass-1"}
    )
    assert answer.url == "/field/"
