"""The registers' pages as community workers, residents and auditors meet them."""

from __future__ import annotations

import io
import json
import re

import pytest
from openpyxl import load_workbook

from factories import MONDAY, make_case, make_district, make_resident, make_staff
from linli.base.accounts.models import Account
from linli.base.messages.models import Message
from linli.base.people.identity import id_check, org_check
from linli.base.people.models import (
    Building,
    CareTag,
    ChangeRequest,
    Organisation,
    RecordLook,
    Resident,
    Tenure,
)
from record_factories import make_record

pytestmark = pytest.mark.django_db
BODY = "37070519480312000"
NUMBER = BODY + id_check(BODY)


@pytest.fixture
def world():
    return make_district()


@pytest.fixture
def record(world):
    return make_record(world, "白素贞")


@pytest.fixture
def desk(client, world):
    client.force_login(Account.objects.get(pk=world.community_worker.account_id))
    return client


def text(answer) -> str:
    return answer.content.decode()


class TestRegistering:
    url = "/desk/people/new/"

    def good(self, world, **more):
        return {
            "name": "张三丰", "kind": "local", "area": world.grid.code, "source": "入户登记",
            "id_number": "３７０７０５ 19480312 000" + NUMBER[-1], "phone": "190-0000-0001", **more,
        }  # fmt: skip

    def test_what_is_typed_in_any_width_is_taken(self, desk, world):
        answer = desk.post(self.url, self.good(world), follow=True)
        row = Resident.objects.get()
        assert (row.id_number, row.phone, str(row.born_on)) == (NUMBER, "19000000001", "1948-03-12")
        assert answer.redirect_chain[-1][0] == f"/desk/people/{row.pk}/"

    @pytest.mark.parametrize(
        ("field", "typed", "words"),
        [
            ("name", "", "请填写这一项"), ("name", "张3", "不应有数字"),
            ("id_number", "370705194803120001", "校验位不对"), ("id_number", "123", "18位"),
            ("id_number", "370705194802300001", "出生日期不存在"), ("phone", "12345", "11位数字"),
            ("area", "没有这里", "没有找到这个区域"), ("born_on", "2999-01-01", "不能晚于今天"),
            ("born_on", "1800-01-01", "太早"), ("source", "", "请填写这一项"),
        ],
    )  # fmt: skip
    def test_bad_input_is_told_at_its_field_and_nothing_typed_is_lost(
        self, desk, world, field, typed, words
    ):
        data = self.good(world, **{field: typed})
        answer = desk.post(self.url, data)
        assert answer.status_code == 422
        assert any(words in error for error in answer.context["form"].errors[field])
        for name in ("name", "phone", "source"):
            if name != field:
                assert f'value="{data[name]}"' in text(answer)
        assert not Resident.objects.exists()

    def test_outside_one_s_area_is_refused_at_the_area(self, desk, world):
        elsewhere = self.good(world, area=world.other_subdistrict.code)
        answer = desk.post(self.url, elsewhere)
        assert answer.status_code == 422
        assert "area" in answer.context["form"].errors

    def test_dispatchers_read_and_do_not_register(self, client, world, record):
        client.force_login(Account.objects.get(pk=world.dispatcher.account_id))
        assert client.get(self.url).status_code == 403
        page = text(client.get(f"/desk/people/{record.resident.pk}/"))
        assert "更正登记" not in page
        assert client.post(f"/desk/people/{record.resident.pk}/edit/", {}).status_code == 403


class TestOnePage:
    def test_numbers_are_masked_until_someone_says_why(self, desk, record):
        url, phone = f"/desk/people/{record.resident.pk}/", record.resident.phone
        page = text(desk.get(url))
        assert "白素贞" in page
        assert phone not in page
        answer = desk.post(f"{url}reveal/", {"field": "phone", "reason": "查"})
        assert answer.status_code == 422
        assert phone not in text(answer)
        assert 'value="查"' in text(answer)
        answer = desk.post(f"{url}reveal/", {"field": "phone", "reason": "通知体检"})
        assert phone in text(answer)
        assert answer["Cache-Control"] == "no-store"
        assert RecordLook.objects.filter(fields=["phone"]).count() == 1

    def test_cases_stand_there_as_far_as_the_viewer_may_see_them(self, desk, world, record):
        shown = make_case(world, title="楼道堆物", reporter_phone=record.resident.phone).case
        make_case(
            world, title="举报的事", reporter_phone=record.resident.phone, nature="report",
            protected=True,
        )  # fmt: skip
        page = text(desk.get(f"/desk/people/{record.resident.pk}/sections/"))
        assert "楼道堆物" in page
        assert shown.number in page
        assert "举报的事" not in page, "who reported a protected case is for named roles alone"

    def test_correcting_without_typing_a_number_keeps_it(self, desk, world):
        desk.post("/desk/people/new/", TestRegistering().good(world))
        row = Resident.objects.get()
        data = {"name": "张三峰", "kind": "local", "phone": "", "id_number": "", "version": 1}
        assert desk.post(f"/desk/people/{row.pk}/edit/", data).status_code == 302
        row.refresh_from_db()
        assert (row.name, row.id_number, row.phone) == ("张三峰", NUMBER, "19000000001")
        stale = desk.post(f"/desk/people/{row.pk}/edit/", data | {"name": "李四"})
        assert stale.status_code == 422
        assert 'value="李四"' in text(stale)
        assert "修改了这条记录" in text(stale)

    def test_moving_in_by_address_then_leaving(self, desk, world, record):
        desk.post("/desk/people/new/", TestRegistering().good(world))
        row = Resident.objects.latest("pk")
        found = text(desk.get(f"/desk/people/{row.pk}/home/?q=白素贞路1号2单元301"))
        link = re.search(r'href="(\?dwelling=\d+)"', found)
        form = desk.get(f"/desk/people/{row.pk}/home/{link[1]}")
        house = form.context["form"].fields["household"].choices[1][0]
        data = {
            "dwelling": record.dwelling.pk, "household": house, "relation": "97",
            "on": "2026-03-16", "kind": "family",
        }  # fmt: skip
        bad = desk.post(f"/desk/people/{row.pk}/home/", data | {"relation": "01"})
        assert bad.status_code == 422
        assert "已有户主" in text(bad)
        assert desk.post(f"/desk/people/{row.pk}/home/", data).status_code == 302
        assert "白素贞路1号2单元301" in text(desk.get(f"/desk/people/{row.pk}/"))
        gone = {"on": "2026-03-20", "how": "moved", "source": "家属告知"}
        assert desk.post(f"/desk/people/{row.pk}/leave/", gone).status_code == 302
        history = text(desk.get(f"/desk/people/{row.pk}/history/"))
        assert "白素贞路1号" in history
        assert "2026-03-20" in history

    def test_tags_come_and_go(self, desk, record):
        url = f"/desk/people/{record.mate.pk}/tags/"
        bad = desk.post(url, {"kind": "disabled", "source": "", "expires_on": ""})
        assert bad.status_code == 422
        desk.post(url, {"kind": "disabled", "source": "区残联名册", "expires_on": ""})
        tag = CareTag.objects.get(kind="disabled")
        other = f"/desk/people/{record.resident.pk}/tags/{tag.pk}/end/"
        assert desk.post(other).status_code == 404, "a tag is reached through its resident alone"
        desk.post(f"{url}{tag.pk}/end/")
        tag.refresh_from_db()
        assert tag.ended_on is not None


class TestLists:
    def test_filters_find_and_the_export_stays_masked(self, desk, world, record):
        for query, found in (
            ("q=bsz", 2), ("q=素贞", 2), ("q=白素贞路1号", 2), ("q=李四", 0), ("tag=alone", 1),
            ("tag=disabled", 0), ("state=dead", 0), ("oldest=90", 0), ("youngest=10", 2),
            (f"area={world.other_subdistrict.code}", 0), (f"q={record.resident.phone}", 1),
        ):  # fmt: skip
            page = desk.get(f"/desk/people/?{query}")
            assert len(page.context["listing"].lines) == found, query
        book = desk.get("/desk/people/?export=xlsx")
        cells = [
            str(value)
            for row in load_workbook(io.BytesIO(book.content)).active.values
            for value in row
        ]
        assert "白素贞" in cells
        assert record.resident.phone not in cells
        assert desk.get("/desk/people/?oldest=很老").status_code == 422

    def test_buildings_and_organisations(self, desk, record):
        for address in ("/desk/buildings/?q=白素贞路１号", "/desk/organisations/?q=bsz"):
            assert len(desk.get(address).context["listing"].lines) == 1, address


class TestHomes:
    def test_a_building_its_dwelling_and_its_owner(self, desk, world, record):
        data = {
            "name": "福苑3号楼",
            "address": "福苑小区3号楼",
            "kind": "home",
            "area": world.grid.code,
        }
        desk.post("/desk/buildings/new/", data)
        row = Building.objects.get(name="福苑3号楼")
        again = desk.post("/desk/buildings/new/", data | {"address": "福苑小区三号楼"})
        assert "同一地址" in text(again)
        desk.post(
            f"/desk/buildings/{row.pk}/dwellings/", {"unit": "1", "room": "101", "use": "let"}
        )
        [home] = row.dwellings.all()
        twice = desk.post(
            f"/desk/buildings/{row.pk}/dwellings/", {"unit": "1", "room": "101室", "use": "let"}
        )
        assert "同一单元的这个房号" in text(twice)
        url = f"/desk/dwellings/{home.pk}/tenures/"
        tenure = {"kind": "tenant", "holder": NUMBER, "on": "2026-03-16"}
        assert "没有找到这个号码" in text(desk.post(url, tenure))
        Resident.objects.filter(pk=record.resident.pk).update(id_number="")
        desk.post("/desk/people/new/", TestRegistering().good(world))
        assert desk.post(url, tenure).status_code == 302
        desk.post(f"{url}{Tenure.objects.latest('pk').pk}/end/")
        assert Tenure.objects.latest("pk").to_on is not None

    def test_an_organisation_has_a_true_code(self, desk, world):
        code = "91370705000000001"
        data = {
            "name": "示例超市",
            "kind": "shop",
            "area": world.grid.code,
            "phone": "0536-8000000",
        }
        bad = desk.post("/desk/organisations/new/", data | {"code": f"{code}0"})
        assert "校验位不对" in text(bad) or "I、O、S、V、Z" in text(bad)
        good = code + org_check(code)
        desk.post("/desk/organisations/new/", data | {"code": good.lower()})
        row = Organisation.objects.get()
        assert row.code == good
        assert desk.post(f"/desk/organisations/{row.pk}/close/").status_code == 302
        row.refresh_from_db()
        assert row.closed_on is not None


class TestOwnRecord:
    def test_a_resident_sees_asks_and_takes_away(self, client, desk, world, record):
        desk.get(f"/desk/people/{record.resident.pk}/")
        client.force_login(record.account)
        page = text(client.get("/my/record/"))
        assert "白素贞" in page
        assert world.community_unit.name in page, "which office looked"
        client.post(f"/my/record/{record.request.pk}/withdraw/")
        same = client.post(
            "/my/record/ask/",
            {"name": "白素贞", "phone": record.resident.phone, "reason": "无"},
        )
        assert same.status_code == 422
        client.post(
            "/my/record/ask/", {"name": "白娘子", "phone": record.resident.phone, "reason": "改名"}
        )
        assert ChangeRequest.objects.latest("pk").fields == ["name"]
        taken = client.get("/my/record/take-away/")
        assert json.loads(taken.content)["姓名"] == "白素贞"
        assert "no-store" in taken["Cache-Control"]

    def test_the_community_decides_and_the_resident_hears(self, desk, record):
        url = f"/desk/people/requests/{record.request.pk}/"
        assert "白素贞二" in text(desk.get(url))
        bad = desk.post(f"{url}decline/", {"answer": ""})
        assert bad.status_code == 422
        desk.post(f"{url}approve/")
        assert Resident.objects.get(pk=record.resident.pk).name == "白素贞二"
        assert Message.objects.filter(account=record.account, template="people.request_approved")
        assert ChangeRequest.objects.get().wanted == "", "what was asked is not kept twice"
        assert "不再保留" in text(desk.get(url))

    def test_who_is_not_linked_proves_it(self, client, world):
        account = make_resident(world.community, phone="19000000001")
        client.force_login(account)
        desk_row = {"name": "张三丰", "phone": "19000000001", "id_number": NUMBER}
        from linli.base.people.actions import add_resident
        from linli.kernel.scope import SYSTEM

        add_resident(actor=SYSTEM, now=MONDAY, area=world.grid, source="x", values=desk_row)
        assert "张三丰" not in text(client.get("/my/record/"))
        wrong = client.post("/my/record/", {"last_six": "000000"})
        assert wrong.status_code == 422
        client.post("/my/record/", {"last_six": NUMBER[-6:]})
        assert "张三丰" in text(client.get("/my/record/"))


def test_auditors_see_who_looked(client, world, record, desk):
    desk.get(f"/desk/people/{record.resident.pk}/")
    client.force_login(make_staff("audit_admin", world.district))
    page = client.get("/desk/people/looks/")
    assert len(page.context["listing"].lines) == 1
    assert "白素贞" not in text(page), "the auditor sees who looked, not at whom by name"
