"""Ledgers as people keep them: read, checked by cell, taken over once, undone."""

from __future__ import annotations

import io
from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from factories import MONDAY, make_area, make_staff
from linli.base.accounts.queries import actor_of
from linli.base.people import actions, queries
from linli.base.people.actions.taking_over import check_file, take_over
from linli.base.people.identity import id_check
from linli.base.people.ledgers import cleaning
from linli.base.people.ledgers.columns import find_head, guess
from linli.base.people.ledgers.reading import Unreadable, open_book
from linli.base.people.models import (
    Building,
    CareTag,
    Change,
    Household,
    ImportFault,
    LedgerImport,
    LikelySame,
    Resident,
)
from linli.base.people.retention.running import let_all_go
from linli.kernel.flow import GuardFailed, NotAllowed
from linli.kernel.ledger.models import Entry

TODAY = MONDAY.date()


def number(born="19480312", place="370705"):
    body = f"{place}{born}000"
    return body + id_check(body)


def book(*rows, name="Sheet1", merged=()):
    out, made = io.BytesIO(), Workbook()
    sheet = made.active
    sheet.title = name
    for row in rows:
        sheet.append(row)
    for cells in merged:
        sheet.merge_cells(cells)
    made.save(out)
    return out.getvalue()


def told(read, expected):
    """Return what the expected exception says, None where there is none; others go through."""
    try:
        read()
    except expected as error:
        return str(error)
    return None


class TestReading:
    def test_text_in_gbk_and_utf8_with_any_delimiter(self):
        for encoding in ("utf-8", "utf-8-sig", "gb18030", "utf-16"):
            for mark in ",\t;":
                body = f"姓名{mark}性别\n张三{mark}男\n".encode(encoding)
                assert list(open_book(body).rows()) == [["姓名", "性别"], ["张三", "男"]]

    def test_merged_cells_stand_for_all_they_cover(self):
        body = book(["地址", "姓名"], ["1号楼", "张三"], [None, "李四"], merged=["A2:A3"])
        assert [row[0] for row in open_book(body).rows()] == ["地址", "1号楼", "1号楼"]

    @pytest.mark.parametrize(
        ("body", "words"),
        [
            (b"", "空"), (b"  \n", "空"), (b"PK\x03\x04rubbish", "损坏"),
            (b"\xd0\xcf\x11\xe0" + b"x" * 600, "损坏"), (b"\x00\x01\x02\xff" * 9, "编码"),
            (book(["姓名"])[:-200], "损坏"), (b'a,"b\nc' + b"d" * 200_000, "引号"),
        ],
    )  # fmt: skip
    def test_what_cannot_be_read_says_so(self, body, words):
        with pytest.raises(Unreadable, match=words):
            list(open_book(body).rows())

    @settings(max_examples=150, deadline=None)
    @given(st.binary(max_size=400), st.sampled_from([b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"]))
    def test_no_file_makes_more_than_a_message(self, body, start):
        said = told(lambda: list(open_book(start + body).rows()), Unreadable)
        assert said is None or said

    @settings(max_examples=60, deadline=None)
    @given(st.integers(0, 6000), st.integers(0, 255))
    def test_a_damaged_workbook_makes_no_more_than_a_message(self, at, value):
        body = bytearray(book(["姓名", "身份证号"], ["张三", number()]))
        body[at % len(body)] = value
        said = told(lambda: list(open_book(bytes(body)).rows()), Unreadable)
        assert said is None or said


class TestColumns:
    def test_odd_heads_are_known(self):
        head = [
            "序号",
            " 姓 名*",
            "公民身份号码（18位）",
            "联系电话/手机",
            "与户主关系",
            "现居住地址",
            "备注",
        ]
        assert guess(head) == {
            "name": 1, "id_number": 2, "phone": 3, "relation": 4, "address": 5
        }  # fmt: skip

    def test_the_head_is_found_below_a_title(self):
        rows = [["某某社区居民台账"], ["填表人：", "李", "日期："], ["姓名", "性别", "手机号码"]]
        assert find_head(rows) == 2


class TestCleaning:
    @pytest.mark.parametrize(
        "cell",
        [
            "1948-3-12", "1948/03/12", "1948.3.12", "19480312", "1948年3月12日", datetime(1948, 3, 12),
            date(1948, 3, 12), 17604.0, "1948-03-12 00:00:00", "１９４８－３－１２",
        ],
    )  # fmt: skip
    def test_days_in_every_writing(self, cell):
        assert cleaning.day(cell, TODAY) == date(1948, 3, 12)

    @pytest.mark.parametrize("cell", ["二月", "1948-13-01", "2999-01-01", "1700-01-01", 1e9, "x"])
    def test_what_is_no_day(self, cell):
        with pytest.raises(cleaning.Bad):
            cleaning.day(cell, TODAY)

    def test_a_number_that_a_spreadsheet_spoiled_is_named_as_such(self):
        for cell in (3.70705194803120e17, "3.70705E+17"):
            with pytest.raises(cleaning.Bad, match="后几位已丢失"):
                cleaning.id_number(cell, TODAY)
        assert cleaning.id_number(f"'{number()}", TODAY) == number()
        assert cleaning.id_number(370705480312000.0, TODAY) == number(), "15 digits are exact"

    def test_phones_and_names_as_people_type_them(self):
        for cell in (
            19000000001.0,
            "190 0000 0001",
            "+86-19000000001",
            "0536-8000000、19000000001",
        ):
            assert cleaning.phone(cell) == "19000000001"
        assert cleaning.name("张　三") == "张三"
        assert cleaning.name("买买提·艾力") == "买买提·艾力"

    @pytest.mark.parametrize(
        ("cell", "code"),
        [
            ("户主", "01"), ("长子", "20"), ("儿媳", "80"), ("女婿", "80"), ("外孙女", "40"),
            ("岳母", "50"), ("配偶", "10"), ("次女", "30"), ("奶奶", ""), ("保姆", "97"), ("20", "20"),
        ],
    )  # fmt: skip
    def test_relations(self, cell, code):
        if not code:
            with pytest.raises(cleaning.Bad):
                cleaning.relation(cell)
        else:
            assert cleaning.relation(cell) == code

    def test_tags(self):
        assert cleaning.tags("低保边缘、残疾，无") == ["low_edge", "disabled"]
        with pytest.raises(cleaning.Bad, match="网红"):
            cleaning.tags("网红")

    @settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(
        st.one_of(st.text(max_size=40), st.floats(), st.none(), st.booleans(), st.dates()),
        st.sampled_from(["name", "phone", "gender", "kind", "relation", "tags"]),
    )
    def test_no_cell_makes_more_than_a_reason(self, cell, field):
        for clean in (getattr(cleaning, field), lambda one: cleaning.day(one, TODAY),
                      lambda one: cleaning.id_number(one, TODAY)):  # fmt: skip
            said = told(lambda clean=clean: clean(cell), cleaning.Bad)
            assert said is None or said


@pytest.fixture
def grid(db):
    make_area("370705001001002", "第2网格")
    return make_area("370705001001001", "第1网格")


@pytest.fixture
def worker(grid):
    return actor_of(make_staff("community_worker", grid.parent))


HEAD = ["序号", "姓名", "身份证号", "手机号", "出生日期", "网格", "地址", "单元", "房号", "标签"]


def line(name, id_number="", phone="", born="", grid="", address="", unit="", room="", tags=""):
    return ["1", name, id_number, phone, born, grid, address, unit, room, tags]


def checked(worker, grid, *rows, now=MONDAY):
    row = actions.upload_ledger(
        actor=worker, now=now, area=grid.parent, file_name="台账.xlsx", source="入户登记2026",
        body=book(["一社区居民台账"], HEAD, *rows),
    )  # fmt: skip
    LedgerImport.objects.filter(pk=row.pk).update(state="checking")
    check_file(row.pk, now=now)
    return LedgerImport.objects.get(pk=row.pk)


def imported(row, worker, now=MONDAY):
    LedgerImport.objects.filter(pk=row.pk, state="checked").update(state="importing")
    take_over(row.pk, now=now)
    return LedgerImport.objects.get(pk=row.pk)


FAMILY = (
    line("张三丰", number(), "19000000001", "", "第1网格", "福苑小区3号楼", "2", "301", "独居"),
    line("李四", "", "", "1950-01-02", "", "福苑小区三号楼", "2单元", "301室"),
    line("王五", number("19600101"), "", "", "第2网格"),
)


class TestTakingOver:
    def test_good_rows_come_in_with_homes_and_tags(self, worker, grid):
        row = imported(checked(worker, grid, *FAMILY), worker)
        assert (row.state, row.counts["new"], bytes(row.body)) == ("done", 3, b"")
        first, second, third = Resident.objects.order_by("pk")
        assert (first.name, first.id_number, first.phone) == ("张三丰", number(), "19000000001")
        assert first.born_on == date(1948, 3, 12)
        assert first.dwelling == second.dwelling
        assert first.dwelling.address == "福苑小区3号楼2单元301"
        assert Building.objects.count() == 1
        assert first.area_code == "370705001001001"
        assert third.area_code == "370705001001002"
        assert CareTag.objects.get().kind == "alone"
        assert queries.search(worker, "zsf").get() == first
        assert queries.find_by_id_number(worker, number()).get() == first
        verbs = Entry.objects.filter(subject_type="people.import").values_list("verb", flat=True)
        assert list(verbs) == ["upload", "checked", "done"]

    def test_twice_the_same_file_changes_nothing(self, worker, grid):
        imported(checked(worker, grid, *FAMILY), worker)
        again = imported(checked(worker, grid, *FAMILY), worker)
        assert Resident.objects.count() == 3
        assert (again.counts["same"], again.counts.get("new", 0)) == (3, 0)
        assert not Change.objects.exists()

    def test_a_better_ledger_corrects_and_blanks_take_nothing_away(self, worker, grid):
        imported(checked(worker, grid, *FAMILY), worker)
        row = imported(checked(worker, grid, line("张三丰", number(), "19000000009")), worker)
        assert row.counts["changed"] == 1
        person = queries.find_by_id_number(worker, number()).get()
        assert person.phone == "19000000009"
        assert person.dwelling is not None, "the new ledger says nothing of the home"
        assert Change.objects.get().old == "19000000001"
        assert queries.find_by_phone(worker, "19000000009").get() == person

    def test_relations_make_households_and_a_second_head_a_second_one(self, worker, grid):
        head = [*HEAD, "与户主关系"]
        rows = [
            [*line(name, "", "", born, "", "福苑小区3号楼", "2", "301"), relation]
            for name, born, relation in (
                ("张三", "1950-01-01", "户主"), ("李四", "1951-01-01", "配偶"),
                ("王五", "1980-01-01", "户主"), ("赵六", "2010-01-01", "子"),
            )
        ]  # fmt: skip
        row = actions.upload_ledger(
            actor=worker, now=MONDAY, area=grid.parent, file_name="户.xlsx", source="入户",
            body=book(head, *rows),
        )  # fmt: skip
        LedgerImport.objects.filter(pk=row.pk).update(state="checking")
        check_file(row.pk, now=MONDAY)
        done = imported(row, worker)
        houses = [
            [(m.resident.name, m.relation) for m in one.members.order_by("pk")]
            for one in Household.objects.order_by("pk")
        ]
        assert houses == [[("张三", "01"), ("李四", "10")], [("王五", "01"), ("赵六", "20")]]
        actions.undo_import(done.pk, actor=worker, now=MONDAY)
        assert not Household.objects.exists()
        assert not Resident.objects.exists()

    def test_bad_cells_are_named_and_only_their_rows_stay_out(self, worker, grid):
        row = checked(
            worker, grid, FAMILY[0],
            line("", number("19500101")), line("赵六", "123"), line("钱七", "", "12345"),
            line("孙八", number("19700101"), "", "1970-01-02"), line("周九", number()),
            line("吴十", "", "", "", "第9网格"), line("郑一", "", "", "", "", "", "", "301"),
        )  # fmt: skip
        faults = {(f.line, f.column): f.reason for f in ImportFault.objects.all()}
        assert {key: words[:6] for key, words in faults.items()} == {
            (4, 1): "没有姓名", (5, 2): "身份证号是1", (6, 3): "手机号是以1",
            (7, 4): "与身份证号中", (8, 2): "与第3行的身", (9, 5): "本区域没有这", (10, 8): "有房号，没有",
        }  # fmt: skip
        assert row.counts == {"total": 8, "bad": 7, "new": 1, "good": 1, "faults": 7}
        imported(row, worker)
        assert Resident.objects.count() == 1

    def test_likely_the_same_waits_for_a_decision(self, worker, grid):
        imported(checked(worker, grid, line("李四", "", "19000000001", "1950-01-02")), worker)
        second = line("李四", number("19500102"))
        row = checked(worker, grid, second)
        [likely] = LikelySame.objects.all()
        assert row.counts["likely"] == 1
        left = imported(row, worker)
        assert (left.counts["left"], Resident.objects.count()) == (1, 1)
        for same, people in ((True, 1), (False, 1)):
            row = checked(worker, grid, second)
            if row.counts.get("likely"):
                [likely] = row.likely.all()
                actions.decide_likely(row.pk, likely.pk, same=same, actor=worker, now=MONDAY)
            imported(row, worker)
            assert Resident.objects.count() == people
        assert Resident.objects.get().id_number == number("19500102")
        assert Resident.objects.get().phone == "19000000001"

    def test_someone_of_another_community_is_not_moved_by_a_file(self, worker, grid):
        other = make_area("370705002001001")
        elsewhere = actor_of(make_staff("community_worker", other.parent))
        imported(checked(elsewhere, other, line("张三丰", number())), elsewhere)
        row = checked(worker, grid, line("张三丰", number()))
        assert row.counts["bad"] == 1
        assert "其他区域" in ImportFault.objects.get(ledger=row).reason
        assert "张三丰" not in ImportFault.objects.get(ledger=row).reason

    def test_an_import_is_undone_where_nobody_touched_it_since(self, worker, grid):
        row = imported(checked(worker, grid, *FAMILY), worker)
        person = queries.find_by_id_number(worker, number()).get()
        actions.edit_resident(
            person.pk, actor=worker, now=MONDAY, values={"name": "张三峰"}, source="x"
        )
        assert actions.undo_import(row.pk, actor=worker, now=MONDAY) == {"undone": 2, "kept": 1}
        assert Resident.objects.get() == person
        with pytest.raises(GuardFailed):
            actions.undo_import(row.pk, actor=worker, now=MONDAY)

    def test_something_breaking_half_way_leaves_nothing(self, worker, grid, monkeypatch):
        row = checked(worker, grid, *FAMILY)
        monkeypatch.setattr(
            "linli.base.people.actions.taking_over._tag", lambda *_a: 1 / 0, raising=True
        )
        with pytest.raises(ZeroDivisionError):
            imported(row, worker)
        row.refresh_from_db()
        assert row.state == "failed"
        assert "一行也没有写入" in row.fault
        assert not Resident.objects.exists()
        assert not Building.objects.exists()

    def test_who_may_not(self, worker, grid):
        row = checked(worker, grid, *FAMILY)
        outsider = actor_of(make_staff("community_worker", make_area("370705002001")))
        from django.http import Http404

        with pytest.raises(Http404):
            actions.start_take_over(row.pk, actor=outsider, now=MONDAY)
        clerk = actor_of(make_staff("window_clerk", grid.parent))
        with pytest.raises(NotAllowed):
            actions.upload_ledger(
                actor=clerk, now=MONDAY, area=grid.parent, file_name="x", source="x", body=b"a,b"
            )

    def test_the_file_is_kept_sealed_and_not_for_long(self, worker, grid):
        row = checked(worker, grid, *FAMILY)
        assert b"PK" not in bytes(row.body)[:8]
        assert "people.files" not in let_all_go(now=MONDAY + timedelta(days=6)).counts
        assert let_all_go(now=MONDAY + timedelta(days=8)).counts["people.files"] == 1
        row.refresh_from_db()
        assert bytes(row.body) == b""

    def test_columns_are_remembered(self, worker, grid):
        body = book(["大名", "号头"], ["张三", number()])
        first = actions.upload_ledger(
            actor=worker, now=MONDAY, area=grid.parent, file_name="x", source="x", body=body
        )
        assert "name" not in first.mapping
        actions.set_columns(
            first.pk, actor=worker, now=MONDAY, sheet="Sheet1", head_row=0,
            mapping={"name": 0, "id_number": 1},
        )  # fmt: skip
        second = actions.upload_ledger(
            actor=worker, now=MONDAY, area=grid.parent, file_name="y", source="x", body=body
        )
        assert second.mapping == {"name": 0, "id_number": 1}
