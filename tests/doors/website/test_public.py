"""The public site: reporting, tracking, one's own cases, rating; good input and bad."""

from __future__ import annotations

import io
import re
import uuid
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image
from shapely.geometry import box, mapping

from factories import MONDAY, make_area, make_case, make_district, make_resident
from linli.base.accounts.models import Account
from linli.base.areas import locate
from linli.base.areas.models import Area
from linli.work.cases.actions import take_step
from linli.work.cases.models import Attachment, Case

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(settings, tmp_path):
    settings.HOME = tmp_path
    cache.clear()
    made = make_district()
    Area.objects.filter(pk=made.grid.pk).update(boundary=mapping(box(119.1, 36.7, 119.11, 36.71)))
    locate.forget()
    yield made
    locate.forget()


def photo(name="灯.jpg", size=(640, 480), exif=True):
    image = Image.new("RGB", size, "#884422")
    out = io.BytesIO()
    data = Image.Exif()
    if exif:
        data[0x010F] = "SecretCamera"
    image.save(out, "JPEG", exif=data)
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


def form(**more):
    return {
        "token": str(uuid.uuid4()),
        "category": "0101",
        "text": "三号楼下的垃圾两天没人收了。请来看看",
        "lon": "119.105",
        "lat": "36.705",
    } | more


def send(client, **more):
    return client.post("/report/", form(**more))


def test_pages_open(client, world):
    for address in ("/", "/help/", "/report/", "/track/", "/login/"):
        assert client.get(address).status_code == 200, address


def test_a_point_finds_its_grid(client, world):
    answer = send(client, files=[photo()])
    case = Case.objects.get()
    assert answer.url == f"/report/done/{case.number}/"
    assert (case.area_code, case.title) == (world.grid.code, "三号楼下的垃圾两天没人收了")
    attachment = Attachment.objects.get()
    body = attachment.file.read()
    assert b"SecretCamera" not in body
    assert attachment.thumbnail.size < attachment.size


def test_a_point_outside_is_told_and_an_address_asked_and_nothing_lost(client, world):
    token = str(uuid.uuid4())
    answer = send(client, token=token, lon="120.5", lat="36.7", files=[photo()])
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "不在测试区范围内" in page
    assert "三号楼下的垃圾两天没人收了" in page
    assert "已收到 1 个文件" in page
    assert 'id="id_lon" value=""' in page
    again = client.post(
        "/report/", form(token=token, lon="", lat="", community=world.community.code)
    )
    assert again.status_code == 302
    assert Attachment.objects.count() == 1
    assert Case.objects.get().area_code == world.community.code


def test_an_address_alone_finds_its_building_group(client, world):
    make_area("370705001001001001", "东风街12号院3号楼")
    assert send(client, lon="", lat="", address="东风街12号院3号楼").status_code == 302
    assert Case.objects.get().area_code == "370705001001001001"


def test_an_ambiguous_address_asks_which(client, world):
    make_area("370705001001001001", "东风街12号院3号楼")
    make_area("370705001001001002", "东风街12号院4号楼")
    page = send(client, lon="", lat="", address="东风街12号院").content.decode()
    assert "请选择一处" in page
    assert "4号楼" in page
    chosen = send(client, lon="", lat="", address="东风街", place_code="370705001001001002")
    assert chosen.status_code == 302


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"text": ""}, "请写明发生了什么"),
        ({"category": ""}, "请选择一类"),
        ({"category": "9999"}, "9999"),
        ({"lon": "", "lat": ""}, "请在地图上点一下位置"),
        ({"lon": "", "lat": "", "place_code": "999999"}, "没有这个地方"),
        ({"lon": "", "lat": "", "address": "某不存在路"}, "请选择所在社区"),
        ({"reporter_phone": "123"}, "11位数字"),
    ],
)
def test_bad_input_is_named_and_kept(client, world, more, words):
    answer = send(client, **more)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    ("upload", "words"),
    [
        (SimpleUploadedFile("a.jpg", b"MZ\x90\x00notanimage"), "只能上传照片"),
        (SimpleUploadedFile("a.jpg", b""), "空"),
        (SimpleUploadedFile("a.pdf", b"%PDF-" + b"x" * (10 * 1024 * 1024 + 1)), "不能超过10 MB"),
        (SimpleUploadedFile("a.svg", b"<svg onload='x'/>"), "只能上传照片"),
    ],
)
def test_wrong_and_huge_files_are_refused_in_words(client, world, upload, words):
    answer = send(client, files=[upload])
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "三号楼下的垃圾两天没人收了" in answer.content.decode()


def test_sending_twice_is_one_case(client, world):
    token = str(uuid.uuid4())
    first, second = send(client, token=token), send(client, token=token)
    assert first.url == second.url
    assert Case.objects.count() == 1


def test_tracking_without_log_in_and_rating(client, world):
    send(client, reporter_phone="19000001111")
    case = Case.objects.get()
    page = client.get(f"/report/done/{case.number}/").content.decode()
    code = re.search(r"data-code>([A-Z0-9]{8})<", page).group(1)
    client.session.flush()
    wrong = client.post("/track/", {"number": case.number, "code": "AAAAAAAA"})
    assert wrong.status_code == 422
    assert code not in wrong.content.decode()
    assert client.get(f"/track/{case.number}/").status_code == 302
    assert client.post("/track/", {"number": case.number, "code": code.lower()}).status_code == 302
    tracked = client.get(f"/track/{case.number}/").content.decode()
    assert "已登记" in tracked
    take_step(
        "settle", case.pk, actor=world.dispatcher, now=timezone.now(), data={"result": "好了"}
    )
    assert client.post(f"/track/{case.number}/rate/", {"rating": "4"}).status_code == 422
    client.post(f"/track/{case.number}/rate/", {"rating": "4", "solved": "yes"})
    case.refresh_from_db()
    assert (case.rating, case.solved) == (4, True)


def test_guessing_codes_is_slowed(client, world):
    for _ in range(10):
        client.post("/track/", {"number": "2603160000001", "code": "X"})
    assert client.post("/track/", {"number": "1", "code": "X"}).status_code == 429


def test_my_cases_are_mine(client, world, django_assert_max_num_queries):
    case = make_case(world).case
    client.force_login(Account.objects.get(pk=world.resident.account_id))
    with django_assert_max_num_queries(12):
        assert case.title in client.get("/my/cases/").content.decode()
    with django_assert_max_num_queries(12):
        assert "办理经过" in client.get(f"/my/cases/{case.number}/").content.decode()
    client.force_login(make_resident())
    assert client.get(f"/my/cases/{case.number}/").status_code == 404
    assert client.post(f"/my/cases/{case.number}/rate/", {}).status_code == 404


def test_rating_again_replaces_and_files_are_private(client, world):
    send(client, files=[photo()])
    attachment = Attachment.objects.get()
    client.force_login(Account.objects.get(pk=world.resident.account_id))
    assert client.get(f"/files/cases/{attachment.pk}/").status_code == 404
    case = make_case(world).case
    take_step("settle", case.pk, actor=world.dispatcher, now=MONDAY, data={"result": "好了"})
    for grade in ("1", "5"):
        client.post(f"/my/cases/{case.number}/rate/", {"rating": grade, "solved": "no"})
    case.refresh_from_db()
    assert case.rating == 5


def test_old_drafts_are_dropped(world):
    from linli.doors.website import drafts
    from linli.work.cases.attachments import clean_files

    token = uuid.uuid4()
    drafts.keep(token, clean_files([photo()]))
    later = (timezone.now() + timedelta(days=2)).timestamp()
    assert (drafts.drop_old(), len(drafts.kept(token))) == (0, 1)
    assert (drafts.drop_old(later), drafts.kept(token)) == (1, [])


def test_a_form_without_its_token_shows_what_was_typed(world):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/report/", form())
    assert answer.status_code == 403
    assert "三号楼下的垃圾两天没人收了" in answer.content.decode()
    assert "没有提交成功" in answer.content.decode()
    hidden = strict.post("/staff/login/", {"username": "a", "password": "SecretPass1"})
    assert "SecretPass1" not in hidden.content.decode()
