"""The registers: typed once, changed with what stood before, read in scope, each look recorded."""

from __future__ import annotations

import threading
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.http import Http404

from factories import MONDAY, make_area, make_resident, make_staff
from linli.base.accounts.queries import actor_of
from linli.base.areas.actions import recode_area
from linli.base.people import actions, queries
from linli.base.people.changes.recording import Overtaken
from linli.base.people.identity import id_check
from linli.base.people.models import (
    CareTag,
    Change,
    ChangeRequest,
    Household,
    Member,
    RecordLook,
    Resident,
    Tenure,
)
from linli.kernel.bulk import one_of
from linli.kernel.flow import GuardFailed, NotAllowed
from linli.kernel.ledger.models import Entry
from linli.kernel.scope import ANONYMOUS, SYSTEM
from linli.kernel.secrets import words

pytestmark = pytest.mark.django_db
TODAY = MONDAY.date()


def number(born: str = "19480312", sequence: str = "000") -> str:
    body = f"370705{born}{sequence}"
    return body + id_check(body)


@pytest.fixture
def grid():
    return make_area("370705001001001", "第1网格")


@pytest.fixture
def worker(grid):
    return actor_of(make_staff("community_worker", grid.parent))


@pytest.fixture
def outsider():
    return actor_of(make_staff("community_worker", make_area("370705002001")))


def add(worker, grid, name="张三丰", **values):
    return actions.add_resident(
        actor=worker, now=MONDAY, area=grid, source="入户登记", values={"name": name, **values}
    )


def home(worker, grid, room="301", address="福苑小区3号楼"):
    found = queries.visible_buildings(SYSTEM).filter(name=address).first()
    building = found or actions.add_building(
        actor=worker, now=MONDAY, area=grid, source="入户登记",
        values={"name": address, "address": address, "kind": "home"},
    )  # fmt: skip
    return actions.add_dwelling(
        building.pk, actor=worker, now=MONDAY, source="入户登记",
        values={"unit": "2", "room": room, "use": "own"},
    )  # fmt: skip


def stored(row):
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM people_resident WHERE id = %s", [row.pk])
        return " ".join(
            str(bytes(v) if isinstance(v, memoryview) else v) for v in cursor.fetchone()
        )


class TestResidents:
    def test_nothing_personal_is_stored_in_the_clear(self, worker, grid):
        row = add(worker, grid, phone="19000000001", id_number=number())
        kept = stored(row)
        for secret in ("张三", "三丰", "zhang", "19000000001", number(), number()[6:]):
            assert secret not in kept
        entry = Entry.objects.get(subject_type="resident", subject_id=row.pk)
        assert "张" not in str(entry.data)

    def test_an_identity_number_fills_birth_date_and_sex(self, worker, grid):
        row = add(worker, grid, id_number=number("19480312", "010"))
        assert (row.born_on, row.gender) == (date(1948, 3, 12), "2")

    def test_a_number_is_registered_once_anywhere(self, worker, grid, outsider):
        add(worker, grid, id_number=number())
        with pytest.raises(ValidationError) as caught:
            add(outsider, make_area("370705002001001"), name="李四", id_number=number())
        assert list(caught.value.error_dict) == ["id_number"]
        assert "张三丰" not in str(caught.value), "nobody learns who it is outside their area"

    @pytest.mark.parametrize("field", ["phone", "id", "twin"])
    def test_exact_values_are_found_by_their_index(self, field):
        """The indexes leave blanks out: a query must say so in a way the planner understands."""
        column = f"{field}_index"
        name = f"people_resident_{'number' if field == 'id' else field}"
        many = Resident.objects.filter(one_of(column, [str(n) for n in range(500)]))
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            assert name in Resident.objects.filter(**{column: "ab"}).explain()
            assert name in many.exclude(**{column: ""}).explain()

    def test_a_hash_that_looks_like_a_number_is_still_found(self, worker, grid, monkeypatch):
        """Read by the parser of texts, `3e3of2h6` is a number and a word, and finds nobody."""
        monkeypatch.setattr(words, "_hash", lambda piece, key: f"3e3of2h{len(piece)}")
        words._hashed.cache_clear()
        try:
            row = add(worker, grid, name="于雨博")
            assert queries.find_by_name(worker, "雨博").get() == row
        finally:
            words._hashed.cache_clear()

    def test_a_correction_keeps_what_stood_there(self, worker, grid):
        row = add(worker, grid, phone="19000000001")
        changed = actions.edit_resident(
            row.pk, actor=worker, now=MONDAY, values={"name": "张三峰", "phone": "19000000002"},
            source="本人告知", expected=1,
        )  # fmt: skip
        assert sorted(changed) == ["name", "phone"]
        kept = {one.field: (one.old, one.new) for one in Change.objects.all()}
        assert kept == {"name": ("张三丰", "张三峰"), "phone": ("19000000001", "19000000002")}
        row.refresh_from_db()
        assert row.sources == {
            "name": ["本人告知", "2026-03-16"], "phone": ["本人告知", "2026-03-16"]
        }  # fmt: skip
        assert queries.find_by_phone(worker, "19000000002").get() == row
        assert not queries.find_by_phone(worker, "19000000001").exists()
        assert queries.find_by_name(worker, "三峰").get() == row
        assert not queries.find_by_name(worker, "三丰").exists()
        last = Entry.objects.filter(subject_type="resident", subject_id=row.pk).latest("seq")
        assert (last.verb, last.seq, last.data) == ("edit", 2, {"fields": ["name", "phone"]})

    def test_nothing_differs_nothing_is_written(self, worker, grid):
        row = add(worker, grid)
        args = {"actor": worker, "now": MONDAY, "source": "x"}
        assert actions.edit_resident(row.pk, values={"name": "张三丰"}, **args) == []
        assert not Change.objects.exists()
        assert Entry.objects.filter(subject_type="resident").count() == 1

    def test_who_comes_second_is_told_and_overwrites_nothing(self, worker, grid):
        row = add(worker, grid)
        args = {"actor": worker, "now": MONDAY, "source": "x", "expected": 1}
        actions.edit_resident(row.pk, values={"name": "甲乙"}, **args)
        with pytest.raises(Overtaken) as caught:
            actions.edit_resident(row.pk, values={"name": "丙丁"}, **args)
        assert worker.name in str(caught.value)
        row.refresh_from_db()
        assert row.name == "甲乙"

    def test_outsiders_find_and_change_nothing(self, worker, grid, outsider):
        row = add(worker, grid, phone="19000000001", id_number=number())
        for actor in (outsider, ANONYMOUS, actor_of(make_resident())):
            for text in ("张三丰", "zsf", "19000000001", number()):
                assert not queries.search(actor, text).exists()
            with pytest.raises(Http404):
                actions.edit_resident(
                    row.pk, actor=actor, now=MONDAY, values={"name": "x"}, source="x"
                )
        with pytest.raises(NotAllowed):
            add(outsider, grid, name="王五")
        clerk = actor_of(make_staff("window_clerk", grid.parent))
        with pytest.raises(NotAllowed):
            actions.edit_resident(row.pk, actor=clerk, now=MONDAY, values={"name": "x"}, source="x")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("张三丰", True), ("三丰", True), ("张三", True), ("zsf", True), ("zs", True),
        ("ZHANGSAN", True), ("zhang", True), ("sanfeng", True), ("张", False), ("z", False),
        ("李四", False), ("张丰", False), ("三丰张", False), ("", False), ("張三豐", False),
    ],
)  # fmt: skip
def test_names_are_found_by_pieces_pinyin_and_initials(worker, grid, typed, found):
    row = add(worker, grid)
    assert list(queries.search(worker, typed)) == ([row] if found else [])


def test_rare_readings_of_surnames_are_known(worker, grid):
    for name, typed in (("单田芳", "shan"), ("曾小贤", "zengxiaoxian"), ("仇英", "qy")):
        row = add(worker, grid, name=name)
        assert queries.search(worker, typed).get() == row


class TestHomes:
    def test_an_address_is_one_place_however_it_is_written(self, worker, grid):
        home(worker, grid)
        for again in ("福苑小区３号楼", "福苑小区三号楼", " 福苑小区 3栋"):
            with pytest.raises(ValidationError) as caught:
                actions.add_building(
                    actor=worker, now=MONDAY, area=grid, source="x",
                    values={"name": "x", "address": again, "kind": "home"},
                )  # fmt: skip
            assert list(caught.value.error_dict) == ["address"]

    def test_people_are_found_by_address(self, worker, grid):
        row, place, other = add(worker, grid), home(worker, grid), home(worker, grid, "302")
        actions.move_in(
            row.pk, place.pk, actor=worker, now=MONDAY, on=TODAY, relation="01", source="x"
        )
        for typed in (
            "福苑小区3号楼2单元301",
            "福苑小区3号楼2-301",
            "福苑小区三号楼",
            "福苑小区3号楼2单元301室",
        ):
            assert list(queries.search(worker, typed)) == [row], typed
        assert not queries.search(worker, "福苑小区3号楼2单元302").exists()
        assert list(queries.find_homes(worker, "福苑小区3号楼2单元302")) == [other]

    def test_moving_keeps_where_someone_lived(self, worker, grid):
        row, first, second = add(worker, grid), home(worker, grid), home(worker, grid, "502")
        args = {"actor": worker, "now": MONDAY, "relation": "01", "source": "入户登记"}
        actions.move_in(row.pk, first.pk, on=TODAY - timedelta(days=400), **args)
        actions.move_in(row.pk, second.pk, on=TODAY, **args)
        stays = [(s.household.dwelling.key, s.to_on) for s in queries.stays_of(row)]
        assert stays == [("2-502", None), ("2-301", TODAY)]
        assert Household.objects.get(dwelling=first).closed_on == TODAY, "nobody is left there"
        row.refresh_from_db()
        assert row.dwelling_id == second.pk

    def test_a_household_has_one_head(self, worker, grid):
        place, head, second = home(worker, grid), add(worker, grid), add(worker, grid, "李四")
        args = {"actor": worker, "now": MONDAY, "on": TODAY, "source": "x"}
        member = actions.move_in(head.pk, place.pk, relation="01", **args)
        with pytest.raises(ValidationError) as caught:
            actions.move_in(
                second.pk, place.pk, relation="01", household_id=member.household_id, **args
            )
        assert list(caught.value.error_dict) == ["relation"]
        actions.move_in(
            second.pk, place.pk, relation="10", household_id=member.household_id, **args
        )
        mates = [(mate.resident.name, mate.relation) for mate in queries.housemates(second)]
        assert mates == [("张三丰", "01"), ("李四", "10")]
        actions.set_relation(second.pk, relation="01", actor=worker, now=MONDAY)
        assert Member.objects.filter(relation="01", to_on=None).get().resident == second

    @pytest.mark.parametrize(("days", "words"), [(1, "不能晚于今天"), (-500, "不能早于入住日期")])
    def test_days_that_cannot_be_are_refused(self, worker, grid, days, words):
        row, place = add(worker, grid), home(worker, grid)
        args = {"actor": worker, "now": MONDAY, "source": "x"}
        actions.move_in(row.pk, place.pk, on=TODAY - timedelta(days=400), relation="01", **args)
        with pytest.raises(ValidationError, match=words):
            actions.move_out(row.pk, on=TODAY + timedelta(days=days), **args)
        assert Member.objects.get().to_on is None

    def test_a_death_keeps_the_record_and_ends_what_ends(self, worker, grid):
        row, place = add(worker, grid), home(worker, grid)
        args = {"actor": worker, "now": MONDAY}
        actions.move_in(row.pk, place.pk, on=TODAY, relation="01", source="x", **args)
        actions.set_tag(row.pk, kind="alone", source="社区名册", **args)
        actions.set_tenure(place.pk, kind="owner", on=TODAY, resident=row, **args)
        actions.record_death(row.pk, on=TODAY, source="家属告知", **args)
        row.refresh_from_db()
        assert (row.state, row.dwelling_id) == ("dead", None)
        assert CareTag.objects.get().ended_on == TODAY
        assert Tenure.objects.get().to_on is None, "what they owned is settled elsewhere"
        assert Member.objects.get().ended_as == "dead"
        with pytest.raises(ValidationError, match="去世"):
            actions.move_in(row.pk, place.pk, on=TODAY, relation="01", source="x", **args)

    def test_what_stands_moves_along_when_a_code_changes(self, worker, grid):
        row, place = add(worker, grid), home(worker, grid)
        args = {"actor": worker, "now": MONDAY}
        actions.move_in(row.pk, place.pk, on=TODAY, relation="01", source="x", **args)
        actions.set_tag(row.pk, kind="alone", source="社区名册", **args)
        recode_area(actor=SYSTEM, now=MONDAY, area=grid, code="370705001001009", note="调整")
        row.refresh_from_db()
        place.refresh_from_db()
        codes = {row.area_code, place.area_code, place.building.area_code}
        codes |= {CareTag.objects.get().area_code, Household.objects.get().area_code}
        assert codes == {"370705001001009"}


class TestTags:
    def test_a_tag_says_its_source_and_ends_by_itself(self, worker, grid):
        row = add(worker, grid)
        args = {"actor": worker, "now": MONDAY, "kind": "low_income"}
        with pytest.raises(ValidationError, match="依据"):
            actions.set_tag(row.pk, source=" ", **args)
        with pytest.raises(ValidationError, match="过去"):
            actions.set_tag(row.pk, source="x", expires_on=TODAY - timedelta(days=1), **args)
        last = TODAY + timedelta(days=30)
        actions.set_tag(row.pk, source="区民政局2026年3月名册", expires_on=last, **args)
        assert actions.expire_tags(now=MONDAY + timedelta(days=30)) == 0, "the day itself holds"
        assert actions.expire_tags(now=MONDAY + timedelta(days=31)) == 1
        assert actions.expire_tags(now=MONDAY + timedelta(days=31)) == 0
        assert CareTag.objects.get().ended_on == last
        assert Entry.objects.get(verb="expire_tag").actor_kind == "system"

    def test_renewing_is_no_second_tag(self, worker, grid):
        row = add(worker, grid)
        for year in ("2025", "2026"):
            actions.set_tag(row.pk, actor=worker, now=MONDAY, kind="disabled", source=year)
        assert CareTag.objects.get().source == "2026"


class TestLooks:
    def test_each_look_is_recorded_and_a_number_needs_a_reason(self, worker, grid):
        row = add(worker, grid, phone="19000000001")
        for _again in range(2):
            actions.open_record(row, actor=worker, now=MONDAY)
        assert RecordLook.objects.count() == 1, "reading on within half an hour is one look"
        for reason in ("", "  ", "查"):
            with pytest.raises(GuardFailed):
                actions.reveal(row.pk, "phone", actor=worker, now=MONDAY, reason=reason)
        shown = actions.reveal(row.pk, "phone", actor=worker, now=MONDAY, reason="通知体检")
        assert shown == "19000000001"
        look = queries.looks_at(row)[0]
        assert (look.fields, look.reason, look.actor_id) == (
            ["phone"], "通知体检", worker.account_id
        )  # fmt: skip
        entry = Entry.objects.filter(subject_type="resident.look").latest("id")
        assert entry.data == {"fields": ["phone"]}, "no reason in the ledger: it may name people"

    def test_who_may_not(self, worker, grid, outsider):
        row = add(worker, grid, phone="19000000001")
        lead = actor_of(make_staff("subdistrict_dispatcher", grid.parent.parent))
        with pytest.raises(NotAllowed):
            actions.reveal(row.pk, "phone", actor=lead, now=MONDAY, reason="想看看号码")
        with pytest.raises(Http404):
            actions.reveal(row.pk, "phone", actor=outsider, now=MONDAY, reason="想看看号码")
        assert not RecordLook.objects.exists()
        audit = actor_of(make_staff("audit_admin", make_area("370705")))
        actions.open_record(row, actor=worker, now=MONDAY)
        assert queries.visible_looks(audit).count() == 1
        assert not queries.visible_looks(worker).exists()


@pytest.fixture
def owner(worker, grid):
    account = make_resident(grid.parent, phone="19000000077")
    row = add(worker, grid, phone="19000000077", id_number=number())
    return actor_of(account), row


class TestOwnRecord:
    def test_a_phone_alone_opens_no_record(self, owner):
        actor, row = owner
        assert queries.own_record(actor) is None
        for wrong in ("", "12345", "000000", "1234567"):
            with pytest.raises(GuardFailed):
                actions.claim_record(actor=actor, now=MONDAY, last_six=wrong)
        assert queries.own_record(actor) is None
        actions.claim_record(actor=actor, now=MONDAY, last_six=number()[-6:].lower())
        assert queries.own_record(actor) == row

    def test_guessing_ends_after_five(self, owner):
        actor, _row = owner
        for _ in range(5):
            with pytest.raises(GuardFailed, match="没有找到"):
                actions.claim_record(actor=actor, now=MONDAY, last_six="000000")
        with pytest.raises(GuardFailed, match="次数太多"):
            actions.claim_record(actor=actor, now=MONDAY, last_six=number()[-6:])
        later = MONDAY + timedelta(hours=2)
        actions.claim_record(actor=actor, now=later, last_six=number()[-6:])

    def test_another_s_record_is_not_taken_over(self, owner, grid):
        actor, _row = owner
        actions.claim_record(actor=actor, now=MONDAY, last_six=number()[-6:])
        Resident.objects.update(account=make_resident(grid.parent))
        with pytest.raises(GuardFailed, match="另一个账户"):
            actions.claim_record(actor=actor, now=MONDAY, last_six=number()[-6:])


class TestRequests:
    def ask(self, actor, **values):
        return actions.ask_for_change(actor=actor, now=MONDAY, values=values, reason="换了号码")

    def claimed(self, owner):
        actor, row = owner
        actions.claim_record(actor=actor, now=MONDAY, last_six=number()[-6:])
        return actor, row

    def test_approved_it_is_in_the_register_with_its_source(self, owner, worker):
        actor, row = self.claimed(owner)
        asked = self.ask(actor, phone="19000000078", name="张三丰")
        assert asked.fields == ["phone"], "what does not differ is not asked for"
        actions.take_request_step("approve", asked.pk, actor=worker, now=MONDAY)
        row.refresh_from_db()
        assert row.phone == "19000000078"
        assert row.sources["phone"][0] == "本人申请"
        asked.refresh_from_db()
        assert (asked.state, asked.wanted) == ("approved", "")

    def test_declined_it_changes_nothing_and_says_why(self, owner, worker):
        actor, row = self.claimed(owner)
        asked = self.ask(actor, name="李四")
        actions.take_request_step(
            "decline", asked.pk, actor=worker, now=MONDAY, data={"answer": "请带户口簿核对"}
        )
        row.refresh_from_db()
        asked.refresh_from_db()
        assert (row.name, asked.answer) == ("张三丰", "请带户口簿核对")

    def test_only_the_community_decides_and_only_the_resident_withdraws(
        self, owner, worker, outsider, grid
    ):
        actor, _row = self.claimed(owner)
        asked = self.ask(actor, name="李四")
        with pytest.raises(Http404):
            actions.take_request_step("approve", asked.pk, actor=outsider, now=MONDAY)
        stranger = actor_of(make_resident(grid.parent))
        with pytest.raises(Http404):
            actions.take_request_step("withdraw", asked.pk, actor=stranger, now=MONDAY)
        with pytest.raises(NotAllowed):
            actions.take_request_step("approve", asked.pk, actor=actor, now=MONDAY)
        with pytest.raises(NotAllowed):
            actions.take_request_step("withdraw", asked.pk, actor=worker, now=MONDAY)
        actions.take_request_step("withdraw", asked.pk, actor=actor, now=MONDAY)
        assert ChangeRequest.objects.get().state == "withdrawn"

    def test_one_waits_at_a_time_and_nothing_different_is_no_request(self, owner):
        actor, _row = self.claimed(owner)
        with pytest.raises(ValidationError, match="没有需要更正"):
            self.ask(actor, name="张三丰")
        self.ask(actor, name="李四")
        with pytest.raises(ValidationError, match="已有一份"):
            self.ask(actor, name="王五")


@pytest.mark.django_db(transaction=True)
def test_two_who_register_the_same_number_at_once_make_one_resident(grid, worker):
    outcomes: list[str] = []
    gate = threading.Barrier(2)

    def register(name):
        gate.wait()
        try:
            add(worker, grid, name=name, id_number=number())
            outcomes.append("added")
        except ValidationError:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=register, args=(name,)) for name in ("甲乙", "丙丁")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["added", "refused"]
    assert Resident.objects.count() == 1
