"""The pages of sheets: nothing typed is lost, and the way from draft to sums."""

from __future__ import annotations

import io
from datetime import date, timedelta

import openpyxl
import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from factories import make_area, make_district, make_staff
from linli.base.accounts.models import Account
from linli.base.accounts.queries import actor_of
from linli.base.messages.models import Message
from linli.base.people import actions as people
from linli.base.sheets.actions import hand_in_part, judge_part, take_step
from linli.base.sheets.burden import by_area, by_asker, by_month, parts_for, standing
from linli.base.sheets.cost import cost_of
from linli.base.sheets.demo import load_demo
from linli.base.sheets.models import Cell, Part, Sheet
from linli.base.sheets.progress import roll_up, summed
from linli.base.sheets.queries import columns_of
from linli.base.sheets.reminders import remind
from linli.kernel.ledger.models import Entry
from linli.kernel.scope import SYSTEM
from sheet_factories import admit_sheet, answers, make_sheet

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    cache.clear()
    return make_district()


def browser(actor) -> Client:
    client = Client()
    client.force_login(Account.objects.get(pk=actor.account_id))
    return client


def head(world, **more):
    due = timezone.localdate() + timedelta(days=9)
    return {
        "title": "充电设施摸底", "area": world.district.code, "due": f"{due}",
        "purpose": "安排更换", "basis": "消防法第十六条",
    } | more  # fmt: skip


def test_a_sheet_is_written_column_by_column_and_admitted_by_another(world):
    asker, judge = browser(world.handler), browser(world.lead)
    bad = asker.post("/desk/sheets/new/", head(world, basis="", due="2020-01-01", area="99"))
    assert bad.status_code == 422
    text = bad.content.decode()
    assert "充电设施摸底" in text
    assert "没有依据的表不能下发" in text
    assert "截止日期应在今天之后" in text
    assert asker.post("/desk/sheets/new/", head(world)).status_code == 302
    sheet = Sheet.objects.get()
    new = f"/desk/sheets/{sheet.pk}/columns/new/"
    bad = asker.post(new, {"order": 1, "title": "车棚形式", "kind": "choice", "choices": "有"})
    assert bad.status_code == 422
    assert "至少写两个选项" in bad.content.decode()
    for order, more in enumerate(
        (
            {"title": "低保人数", "kind": "integer"},
            {"title": "车棚形式", "kind": "choice", "choices": "有\n没有"},
        ),
        start=1,
    ):
        assert asker.post(new, {"order": order, "required": "on"} | more).status_code == 302
    same = asker.post(new, {"order": 3, "title": "低保人数（人）", "kind": "integer"})
    assert same.status_code == 409
    page = asker.get(f"/desk/sheets/{sheet.pk}/").content.decode()
    assert "登记册里已有“低保对象”" in page
    refused = asker.post(f"/desk/sheets/{sheet.pk}/steps/submit/")
    assert refused.status_code == 409
    assert "不能再问" in refused.content.decode()
    column = sheet.columns.get(title="低保人数")
    mend = {"order": 1, "title": "低保人数", "source": "people.tag.low_income", "required": "on"}
    assert asker.post(f"/desk/sheets/{sheet.pk}/columns/{column.pk}/", mend).status_code == 302
    assert asker.post(f"/desk/sheets/{sheet.pk}/steps/submit/").status_code == 302
    blank = judge.post(f"/desk/sheets/{sheet.pk}/steps/refuse/", {"reason": ""})
    assert blank.status_code == 422
    assert "请写明理由" in blank.content.decode()
    assert judge.post(f"/desk/sheets/{sheet.pk}/steps/admit/").status_code == 302
    assert asker.post(f"/desk/sheets/{sheet.pk}/steps/nonsense/").status_code == 404
    assert Part.objects.get().prefilled == 1


def test_the_community_fills_in_and_loses_nothing(world):
    sheet = make_sheet(world, now=timezone.now())
    part = admit_sheet(world, sheet, now=timezone.now())
    worker = browser(world.community_worker)
    assert "充电设施摸底" in worker.get("/desk/sheets/tasks/").content.decode()
    address = f"/desk/sheets/tasks/{part.pk}/"
    page = worker.get(address).content.decode()
    assert "取自登记册“实有人口”" in page
    known = sheet.columns.get(title="实有人口")
    assert f'name="{known.field}"' not in page
    bad = worker.post(address, answers(sheet, 充电桩数量="十二", 联系电话="82111234"))
    assert bad.status_code == 422
    text = bad.content.decode()
    assert 'value="十二"' in text
    assert "填对的已经保存" in text
    assert Cell.objects.filter(part=part, source="").get().value == "82111234"
    missing = worker.post(address, answers(sheet, 联系电话="82111234") | {"hand_in": "1"})
    assert missing.status_code == 422
    assert "这一栏还没有填" in missing.content.decode()
    done = worker.post(address, answers(sheet, 充电桩数量="12") | {"hand_in": "1"})
    assert done.status_code == 302
    again = worker.post(address, answers(sheet, 充电桩数量="13"))
    assert again.status_code == 409
    assert "慢了一步" in again.content.decode()


def test_who_may_not_open_the_pages(world):
    sheet = make_sheet(world)
    part = admit_sheet(world, sheet)
    paths = {
        "/desk/sheets/": {"handler": 200, "lead": 200, "community_worker": 403, "agent": 403},
        "/desk/sheets/new/": {"handler": 200, "lead": 403, "community_worker": 403},
        f"/desk/sheets/{sheet.pk}/": {"handler": 200, "lead": 200, "dispatcher": 404},
        f"/desk/sheets/{sheet.pk}/edit/": {"lead": 403, "dispatcher": 404, "grid_worker": 403},
        f"/desk/sheets/{sheet.pk}/progress/": {"handler": 200, "lead": 200, "dispatcher": 404},
        f"/desk/sheets/{sheet.pk}/progress/?export=xlsx": {"handler": 200, "agent": 403},
        f"/desk/sheets/parts/{part.pk}/": {
            "handler": 200, "lead": 200, "community_worker": 403, "dispatcher": 404,
        },
        f"/desk/sheets/tasks/{part.pk}/": {"community_worker": 200, "handler": 403},
        "/desk/sheets/tasks/": {"community_worker": 200, "grid_worker": 403, "lead": 403},
    }  # fmt: skip
    for path, known in paths.items():
        for who, code in known.items():
            assert browser(getattr(world, who)).get(path).status_code == code, (path, who)


def answered(world):
    """Return a sheet with three communities, two of which have answered 5 and 7."""
    codes = ("370705001002", "370705002001")
    workers = [world.community_worker]
    for code in codes:
        workers.append(actor_of(make_staff("community_worker", make_area(code))))
    sheet = make_sheet(world, now=timezone.now())
    admit_sheet(world, sheet, now=timezone.now())
    for worker, value in zip(workers, ("5", "", "7"), strict=True):
        if value:
            part = Part.objects.get(area_code=worker.grants[0].area_code)
            data = answers(sheet, 充电桩数量=value, 联系电话="19000000001")
            hand_in_part(part.pk, actor=worker, now=timezone.now(), data=data)
    return sheet


def test_sums_roll_up_from_community_to_district(world):
    sheet = answered(world)
    lines = {
        line.code: (line.level, line.done, line.parts, line.cells[1][1])
        for line in roll_up(sheet, summed(columns_of(sheet.pk)))
    }
    assert lines == {
        "370705": ("whole", 2, 3, "12"),
        "370705001": ("subdistrict", 1, 2, "5"),
        "370705001001": ("community", 1, 1, "5"),
        "370705001002": ("community", 0, 1, "—"),
        "370705002": ("subdistrict", 1, 1, "7"),
        "370705002001": ("community", 1, 1, "7"),
    }
    page = browser(world.handler).get(f"/desk/sheets/{sheet.pk}/totals/").content.decode()
    assert "东街道" in page
    assert ">12<" in page


def test_the_asker_judges_and_takes_the_answers_away(world):
    sheet = answered(world)
    asker = browser(world.handler)
    page = asker.get(f"/desk/sheets/{sheet.pk}/progress/").content.decode()
    assert "2/3" in page
    part = Part.objects.filter(state="handed_in").first()
    bad = asker.post(f"/desk/sheets/parts/{part.pk}/send_back/", {"reason": ""})
    assert bad.status_code == 422
    assert "请写明退回原因" in bad.content.decode()
    back = asker.post(f"/desk/sheets/parts/{part.pk}/send_back/", {"reason": "少了两个"})
    assert back.status_code == 302
    worker = browser(world.community_worker)
    assert "少了两个" in worker.get(f"/desk/sheets/tasks/{part.pk}/").content.decode()
    again = asker.post(f"/desk/sheets/parts/{part.pk}/accept/")
    assert again.status_code == 409
    assert asker.post(f"/desk/sheets/parts/{part.pk}/hand_in/").status_code == 404
    answer = asker.get(f"/desk/sheets/{sheet.pk}/progress/?export=xlsx")
    found = openpyxl.load_workbook(io.BytesIO(b"".join(answer)))
    cells = {str(cell.value) for row in found.active.iter_rows() for cell in row}
    assert {"充电桩数量", "7", "19000000001"} <= cells
    assert Entry.objects.filter(subject_type="sheet_parts.export").get().data == {"rows": 3}


def test_the_cost_counts_cells_to_type(world, settings):
    settings.SHEET_SECONDS_PER_CELL = 60
    sheet = make_sheet(world)
    cost = cost_of(sheet, columns_of(sheet.pk), 90, date(2026, 3, 16))
    assert (cost.cells, cost.typed, cost.all_typed, cost.hours) == (270, 2, 180, 3.0)
    assert cost.share == 33
    take_step("submit", sheet.pk, actor=world.handler, now=timezone.now() - timedelta(days=9999))
    page = browser(world.lead).get(f"/desk/sheets/{sheet.pk}/").content.decode()
    assert "给社区的负担" in page
    assert "每格按60秒计" in page


def test_reminders_go_out_once_before_and_after_the_day(world):
    now = timezone.now()
    sheet = make_sheet(world, now=now)
    part = admit_sheet(world, sheet, now=now)
    assert remind(now=now) == 0
    for days, words in ((7, "请在"), (13, "已逾期")):
        for _ in range(2):
            assert remind(now=now + timedelta(days=days)) == 1
        told = Message.objects.filter(account_id=world.community_worker.account_id)
        assert words in told.latest("id").body
    assert Message.objects.filter(template__startswith="sheets.").count() == 2
    hand_in_part(
        part.pk, actor=world.community_worker, now=now, data=answers(sheet, 充电桩数量="1")
    )
    judge_part("accept", part.pk, actor=world.handler, now=now)
    assert remind(now=now + timedelta(days=17)) == 0


def test_the_burden_board_counts_by_month_asker_and_area(world):
    sheet = answered(world)
    now = timezone.now()
    lead = parts_for(world.lead, now)
    [month] = by_month(lead)
    assert (month.name, month.sheets, month.parts) == (f"{timezone.localtime(now):%Y-%m}", 1, 3)
    assert (month.prefilled, month.typed, month.share) == (3, 4, 42)
    assert [(row.name, row.typed) for row in by_asker(lead)] == [("城市管理局", 4)]
    assert [(row.name, row.parts, row.typed) for row in by_area(lead, ["370705"])] == [
        ("东街道", 2, 2), ("西街道", 1, 2),
    ]  # fmt: skip
    worker = world.community_worker
    own = parts_for(worker, now)
    assert [(row.name, row.typed) for row in by_area(own, ["370705001001"])] == [("一社区", 2)]
    today = timezone.localdate(now)
    assert standing(world.lead, today) == {"sheets": 1, "owed": 1, "late": 0, "blank": 2}
    assert standing(worker, today + timedelta(days=60))["late"] == 0
    assert parts_for(world.resident, now).count() == 0
    take_step("close", sheet.pk, actor=world.handler, now=now)
    assert standing(world.lead, today)["sheets"] == 0
    assert browser(world.lead).get("/desk/sheets/burden/").status_code == 200
    assert browser(world.grid_worker).get("/desk/sheets/burden/").status_code == 403


def test_the_demonstration_shows_a_sheet_of_each_sort(world):
    focus = tuple(
        Account.objects.values_list("username", flat=True).filter(
            pk__in=[who.account_id for who in (world.community_worker, world.handler)]
        )
    )
    for code in ("370705001002", "370705001003", "370705002001"):
        make_staff("community_worker", make_area(code))
    now = timezone.now()
    for name in ("陈阿婆", "李大爷"):
        who = people.add_resident(actor=SYSTEM, now=now, area=world.grid, source="入户登记",
                                  values={"name": name, "phone": "13900001111"})  # fmt: skip
        people.set_tag(who.pk, actor=SYSTEM, now=now, kind="alone", source="名册")
    assert load_demo(now=now, focus=focus) == {"sheets": 5, "parts": 13}
    assert load_demo(now=now, focus=focus) == {}
    states = sorted(Sheet.objects.values_list("state", flat=True))
    assert states == ["admitted", "admitted", "admitted", "closed", "refused"]
    closed = Sheet.objects.get(state="closed")
    whole = roll_up(closed, summed(columns_of(closed.pk)))[0]
    assert whole.done == whole.parts == 3
    mine = Part.objects.filter(area_code=world.community.code, sheet__state="admitted")
    assert set(mine.values_list("state", "typed")) == {("open", 0), ("open", 1), ("open", 2)}
