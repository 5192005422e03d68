"""Same matter, one handling: likeness, merging, joining, who is told, who may not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.http import Http404
from django.utils import timezone

from factories import MONDAY, make_area, make_case, make_district, make_resident
from linli.base.accounts.models import Account
from linli.base.accounts.queries import actor_of
from linli.base.messages.models import Message
from linli.kernel.flow import GuardFailed, InvalidStep, NotAllowed
from linli.kernel.ledger.models import Entry
from linli.kernel.scope import ANONYMOUS
from linli.work.cases.actions import claim_same, join_matter, look_history, take_step
from linli.work.cases.models import Case, Claim, Joiner, SubTask
from linli.work.cases.queries import similar_for_neighbours, similar_to, timeline_of
from linli.work.cases.same import rules
from linli.work.cases.same.queries import followers, likely, similar_for_staff
from linli.work.cases.tasks.follow_ups import open_follow_ups

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
PHONE = "19000012345"


@pytest.fixture
def world():
    return make_district()


def enter(client, actor):
    client.force_login(Account.objects.get(pk=actor.account_id))
    return client


def report(world, **more):
    return make_case(world, actor=actor_of(make_resident(world.community)), **more).case


def merge(case, into, actor, now=MONDAY + HOUR, **more):
    data = {"into": into.number, "note": "同一处垃圾"}
    done = take_step("merge", case.pk, actor=actor, now=now, data=data, **more)
    case.refresh_from_db()
    into.refresh_from_db()
    return done


def told(case_or_person, verb):
    account = getattr(case_or_person, "reporter_id", None) or case_or_person.pk
    rows = Message.objects.filter(account_id=account, channel="site", template__startswith=verb)
    return list(rows.values_list("body", flat=True))


class TestRules:
    def test_a_metre_is_a_metre(self):
        # One degree of a meridian is 111.195 km on a sphere of the earth's mean radius.
        assert rules.metres(119.0, 36.0, 119.0, 37.0) == pytest.approx(111_195, rel=1e-4)

    def test_place_by_distance_then_grid_then_community(self):
        here = rules.Sight("", "370705001001001", 119.1, 36.7)
        assert rules.place_score(here, here) == 1
        assert rules.place_score(here, rules.Sight("", "370705001001001", 119.2, 36.7)) == 0
        blind = rules.Sight("", "370705001001001")
        assert rules.place_score(blind, here) == 0.7
        assert rules.place_score(rules.Sight("", "370705001001"), here) == 0.4
        assert rules.place_score(rules.Sight("", "370705001002"), here) == 0
        assert rules.place_score(rules.Sight("", "370705001"), here) == 0

    def test_shared_words_count_and_common_ones_hardly(self):
        others = ["请处理三号楼下的垃圾", "请处理路灯不亮", "请处理井盖丢失", "请处理噪声扰民"]
        alike = rules.word_scores("请处理三号楼垃圾没人收", others)
        assert alike[0] > 0.3
        assert max(alike[1:]) < 0.1

    @pytest.mark.parametrize("text", ["", "，。！", "x"])
    def test_nothing_to_compare_is_like_nothing(self, text):
        assert rules.word_scores(text, ["垃圾没人收", ""]) == [0, 0]


class TestLookUp:
    def found(self, world, now=MONDAY + HOUR, **more):
        values = {
            "text": "3号楼下面垃圾好几天没人收",
            "area_code": world.grid.code,
            "category": world.category,
        } | more
        return [pk for pk, _score in likely(now=now, **values)]

    def test_the_same_in_other_words_and_nothing_else(self, world):
        same = report(world)
        report(world, title="路灯坏了", text="小区门口路灯三天不亮")
        report(world, area=make_area("370705001002001"))
        assert self.found(world) == [same.pk]

    def test_near_by_metres_over_a_border_of_communities_only_where_known(self, world):
        report(world, lon=119.105, lat=36.705)
        assert self.found(world, lon=119.1051, lat=36.7051)
        assert not self.found(world, lon=119.2, lat=36.8)

    def test_old_and_long_closed_ones_are_left_out(self, world):
        case = report(world)
        assert not self.found(world, now=MONDAY + timedelta(days=31))
        Case.objects.filter(pk=case.pk).update(state="closed", closed_at=MONDAY)
        assert self.found(world, now=MONDAY + timedelta(days=6))
        assert not self.found(world, now=MONDAY + timedelta(days=8))

    def test_no_place_or_hardly_a_word_finds_nothing(self, world):
        report(world)
        assert not self.found(world, area_code=world.subdistrict.code)
        assert not self.found(world, area_code="")
        assert not self.found(world, text="垃圾")

    def test_staff_are_shown_only_what_they_may_see(self, world):
        case = report(world)
        values = {"now": MONDAY + HOUR, "text": case.text, "area_code": case.area_code}
        shown = similar_for_staff(world.dispatcher, category=world.category, **values)
        assert [(row.case.pk, row.score > 0.9) for row in shown] == [(case.pk, True)]
        assert not similar_for_staff(world.other_dispatcher, category=world.category, **values)

    def test_neighbours_learn_kind_subdistrict_and_state_alone(self, world):
        secret = report(world, reporter_phone=PHONE, address="3号楼2单元501")
        second = report(world)
        [row] = similar_for_neighbours(**similar_to(second, now=MONDAY + HOUR))
        assert (row.category, row.place, row.state) == ("垃圾清运", "东街道", "registered")
        words = " ".join(str(value) for value in vars(row).values())
        for hidden in ("3号楼", "501", secret.number, PHONE, "没人收", world.grid.code):
            assert hidden not in words

    @pytest.mark.parametrize("field", ["nature", "line"])
    def test_informants_and_households_are_never_given_away(self, world, field):
        case, second = report(world), report(world)
        if field == "nature":
            Case.objects.update(nature="report")
        else:
            world.category.line = "police"
            world.category.save()
        assert not similar_for_neighbours(**similar_to(second, now=MONDAY + HOUR))
        assert similar_for_staff(world.dispatcher, **similar_to(case, now=MONDAY + HOUR))


class TestMerging:
    def test_one_leads_and_everybody_is_told_each_step(self, world):
        lead, second, third = report(world), report(world), report(world)
        merge(second, lead, world.dispatcher)
        assert (second.state, second.merged_into_id, second.deadline_at) == (
            "merged",
            lead.pk,
            None,
        )
        assert (lead.state, lead.people) == ("registered", 2)
        assert "合并办理" in told(second, "cases.merge")[0]
        merge(lead, third, world.dispatcher)  # a chain: both stand behind the third
        assert third.people == 3
        take_step("accept", third.pk, actor=world.dispatcher, now=MONDAY + HOUR)
        for case in (lead, second, third):
            [body] = told(case, "cases.accept")
            assert case.number in body

    def test_the_books_of_the_lead_say_who_came(self, world):
        lead, second = report(world), report(world)
        merge(second, lead, world.dispatcher)
        entry = Entry.objects.get(subject_type="case", subject_id=lead.pk, verb="take_in")
        assert entry.data["case"] == second.pk
        mine = Entry.objects.get(subject_type="case", subject_id=second.pk, verb="merge")
        assert mine.data["into"] == lead.pk
        assert mine.actor_id == world.dispatcher.account_id
        labels = [item.title for item in timeline_of(lead, public=True)]
        assert "并入他件" not in labels

    def test_one_person_with_two_reports_counts_once(self, world):
        lead = make_case(world).case
        again = make_case(world).case
        merge(again, lead, world.dispatcher)
        assert lead.people == 1
        take_step("accept", lead.pk, actor=world.dispatcher, now=MONDAY + HOUR)
        assert len(told(lead, "cases.accept")) == 1

    def test_merging_into_a_merged_one_means_its_lead(self, world):
        lead, second, third = report(world), report(world), report(world)
        merge(second, lead, world.dispatcher)
        merge(third, second, world.dispatcher)
        lead.refresh_from_db()
        assert (third.merged_into_id, lead.people) == (lead.pk, 3)

    @pytest.mark.parametrize("typed", ["", "26031699999999", "没有", "1"])
    def test_a_bad_number_is_named_at_the_field(self, world, typed):
        case = report(world)
        data = {"into": typed}
        with pytest.raises(InvalidStep) as refused:
            take_step("merge", case.pk, actor=world.dispatcher, now=MONDAY, data=data)
        assert "into" in refused.value.form.errors
        assert Case.objects.get(pk=case.pk).state == "registered"

    def test_not_into_itself_nor_its_own_follower_nor_what_has_ended(self, world):
        lead, second = report(world), report(world)
        with pytest.raises(InvalidStep) as refused:
            merge(lead, lead, world.dispatcher)
        assert "自己" in str(refused.value.form.errors["into"])
        merge(second, lead, world.dispatcher)
        with pytest.raises(InvalidStep) as refused:
            merge(lead, second, world.dispatcher)
        assert "自己" in str(refused.value.form.errors["into"])
        closed = report(world)
        Case.objects.filter(pk=closed.pk).update(state="closed", deadline_at=None)
        with pytest.raises(GuardFailed, match="已结束"):
            merge(lead, closed, world.dispatcher)

    def test_who_may_not(self, world):
        lead, second = report(world), report(world)
        for actor in (world.community_worker, world.lead, world.agent):
            with pytest.raises(NotAllowed):
                merge(second, lead, actor)
        for actor in (world.other_dispatcher, actor_of(make_resident())):
            with pytest.raises(Http404):
                merge(second, lead, actor)
        second.refresh_from_db()
        assert second.state == "registered"

    def test_another_subdistricts_case_is_not_there(self, world):
        there = report(world, area=make_area("370705002001"))
        here = report(world)
        with pytest.raises(InvalidStep) as refused:
            merge(here, there, world.dispatcher)
        assert "不在您的权限范围" in str(refused.value.form.errors["into"])
        merge(here, there, world.district_dispatcher)
        assert here.state == "merged"

    def test_taken_apart_again_with_the_limit_it_had(self, world):
        lead, case = report(world), report(world)
        take_step("accept", case.pk, actor=world.dispatcher, now=MONDAY)
        data = {"unit": world.grid_unit.pk, "urgency": "ordinary"}
        take_step("dispatch", case.pk, actor=world.dispatcher, now=MONDAY, data=data)
        case.refresh_from_db()
        due = case.due_at
        merge(case, lead, world.dispatcher)
        assert case.due_at is None
        with pytest.raises(InvalidStep):
            take_step("unmerge", case.pk, actor=world.dispatcher, now=MONDAY + HOUR, data={})
        note = {"note": "不是同一处"}
        take_step("unmerge", case.pk, actor=world.dispatcher, now=MONDAY + HOUR, data=note)
        case.refresh_from_db()
        lead.refresh_from_db()
        assert (case.state, case.due_at, case.unit_id) == ("accepted", due, None)
        assert case.deadline_at is not None
        assert lead.people == 1
        assert told(case, "cases.unmerge")

    def test_taking_apart_the_middle_of_a_chain_counts_every_link(self, world):
        top, middle, low = report(world), report(world), report(world)
        merge(low, middle, world.dispatcher)
        merge(middle, top, world.dispatcher)
        take_step(
            "unmerge", low.pk, actor=world.dispatcher, now=MONDAY + HOUR, data={"note": "不是"}
        )
        for case in (top, middle):
            case.refresh_from_db()
        assert (top.people, middle.people) == (2, 1)


class TestJoining:
    def test_counts_once_and_is_told_without_the_neighbours_words(self, world):
        case = report(world, title="李四家门口的垃圾")
        neighbour = make_resident(world.community)
        for key in ("one", "two"):
            done = join_matter(case.pk, actor=actor_of(neighbour), now=MONDAY, key=key)
        assert done.repeated
        case.refresh_from_db()
        assert (case.people, Joiner.objects.count()) == (2, 1)
        take_step("accept", case.pk, actor=world.dispatcher, now=MONDAY + HOUR)
        data = {"reason": "outside_duty", "note": "李四家自己的事"}
        bodies = told(neighbour, "cases.")
        assert len(bodies) == 2
        take_step("dispatch", case.pk, actor=world.dispatcher, now=MONDAY + HOUR,
                  data={"unit": world.grid_unit.pk})  # fmt: skip
        take_step("sign_in", case.pk, actor=world.grid_worker, now=MONDAY + HOUR)
        take_step("report_done", case.pk, actor=world.grid_worker, now=MONDAY + HOUR,
                  data={"result": "清了"})  # fmt: skip
        data = {"result": "已到李四家门口清理"}
        take_step("close", case.pk, actor=world.community_worker, now=MONDAY + HOUR, data=data)
        bodies = told(neighbour, "cases.")
        assert len(bodies) == 6
        assert not [body for body in bodies if "李四" in body]
        assert "已到李四家门口清理" in told(case, "cases.close")[0]

    def test_a_declined_matter_gives_no_reason_to_those_who_joined(self, world):
        case = report(world)
        neighbour = make_resident()
        join_matter(case.pk, actor=actor_of(neighbour), now=MONDAY, key="k")
        data = {"reason": "outside_duty", "note": "王五与邻居的私事"}
        take_step("decline", case.pk, actor=world.dispatcher, now=MONDAY + HOUR, data=data)
        assert "王五" not in "".join(told(neighbour, "cases."))
        assert "王五" in told(case, "cases.decline")[0]

    def test_by_phone_alone(self, world):
        case = report(world)
        for key in ("a", "b"):
            join_matter(case.pk, actor=ANONYMOUS, now=MONDAY, key=key, phone=PHONE)
        join_matter(case.pk, actor=ANONYMOUS, now=MONDAY, key="no phone")
        case.refresh_from_db()
        assert case.people == 3
        assert Message.objects.filter(channel="sms", template="cases.join").count() == 1

    def test_the_reporter_does_not_count_twice(self, world):
        case = make_case(world).case
        join_matter(case.pk, actor=world.resident, now=MONDAY, key="k")
        case.refresh_from_db()
        assert case.people == 1

    def test_not_what_has_ended(self, world):
        case = report(world)
        Case.objects.filter(pk=case.pk).update(state="closed")
        with pytest.raises(GuardFailed, match="已经办结"):
            join_matter(case.pk, actor=ANONYMOUS, now=MONDAY, key="k")

    def test_those_who_joined_follow_when_it_is_merged(self, world):
        lead, second, neighbour = report(world), report(world), make_resident()
        join_matter(second.pk, actor=actor_of(neighbour), now=MONDAY, key="k")
        merge(second, lead, world.dispatcher)
        assert lead.people == 3
        assert {row.person for row in followers(lead)} == {
            f"a{second.reporter_id}", f"a{neighbour.pk}",
        }  # fmt: skip


class TestClaimAndHistory:
    def test_a_claim_is_kept_once_and_merges_nothing(self, world):
        case, other, third = report(world), report(world), report(world)
        assert claim_same(case.pk, other.pk, actor=ANONYMOUS, now=MONDAY)
        assert not claim_same(case.pk, third.pk, actor=ANONYMOUS, now=MONDAY)
        assert not claim_same(third.pk, third.pk, actor=ANONYMOUS, now=MONDAY)
        assert Claim.objects.get().into_id == other.pk
        assert Case.objects.filter(state="registered").count() == 3

    def test_a_repeat_callers_history_is_recorded(self, world):
        first = report(world, reporter_phone=PHONE)
        second = report(world, reporter_phone=PHONE)
        report(world)
        rows = look_history(second.pk, actor=world.dispatcher, now=MONDAY)
        assert [row.pk for row in rows] == [first.pk]
        look = Entry.objects.get(subject_type="case.look", verb="look_history")
        assert (look.actor_id, look.data) == (world.dispatcher.account_id, {"cases": 1})

    def test_history_ends_at_ones_own_area_and_work(self, world):
        report(world, area=make_area("370705002001"), reporter_phone=PHONE)
        case = report(world, reporter_phone=PHONE)
        assert not look_history(case.pk, actor=world.dispatcher, now=MONDAY)
        with pytest.raises(NotAllowed):
            look_history(case.pk, actor=world.lead, now=MONDAY)
        with pytest.raises(Http404):
            look_history(case.pk, actor=world.other_dispatcher, now=MONDAY)


class TestDesk:
    def test_typing_shows_what_stands_and_stores_nothing(self, client, world):
        case = report(world, now=timezone.now())
        typed = {"title": "垃圾没人收", "text": "三号楼下垃圾没人收", "area_code": world.grid.code,
                 "category": world.category.pk}  # fmt: skip
        page = enter(client, world.agent).post("/desk/cases/new/hints/", typed).content.decode()
        assert case.number in page
        assert "为来电人加入这件" in page
        assert Case.objects.count() == 1

    @pytest.mark.parametrize(
        "typed",
        [{}, {"category": "x"}, {"category": "٣"}, {"area_code": "不存在"}, {"text": "垃" * 9000}],
    )
    def test_half_typed_forms_answer_quietly(self, client, world, typed):
        assert enter(client, world.agent).post("/desk/cases/new/hints/", typed).status_code == 200

    def test_only_those_who_register_ask(self, client, world):
        assert enter(client, world.handler).post("/desk/cases/new/hints/").status_code == 403

    def test_a_caller_joins_with_a_phone(self, client, world):
        case = report(world)
        enter(client, world.agent)
        address = f"/desk/cases/{case.number}/join/"
        page = client.post(address, {"reporter_phone": "12"}, follow=True).content.decode()
        assert "需要来电人的手机号" in page
        page = client.post(address, {"reporter_phone": PHONE}, follow=True).content.decode()
        assert "共2人反映" in page
        page = client.post(address, {"reporter_phone": PHONE}, follow=True).content.decode()
        assert "已在这件事的关注人中" in page

    def test_the_dispatcher_merges_from_the_panel(self, client, world):
        now = timezone.now()
        first, second = report(world, now=now), report(world, now=now)
        enter(client, world.dispatcher)
        page = client.get(f"/desk/cases/{second.number}/same/").content.decode()
        assert "并入那件" in page
        answer = client.post(f"/desk/cases/{second.number}/steps/merge/", {"into": first.number})
        assert answer.status_code == 302
        page = client.get(f"/desk/cases/{first.number}/").content.decode()
        assert "共2人反映" in page
        assert "已并入同一事项的工单" in client.get(answer.url).content.decode()

    def test_a_refused_merge_comes_back_with_what_was_typed(self, client, world):
        case, closed = report(world), report(world)
        Case.objects.filter(pk=closed.pk).update(state="closed", deadline_at=None)
        enter(client, world.dispatcher)
        answer = client.post(
            f"/desk/cases/{case.number}/steps/merge/", {"into": closed.number, "note": "备注在此"}
        )
        assert answer.status_code == 422
        assert "备注在此" in answer.content.decode()

    def test_the_history_is_one_click_and_not_everybodys(self, client, world):
        first = report(world, reporter_phone=PHONE, title="此前那件")
        second = report(world, reporter_phone=PHONE)
        enter(client, world.dispatcher)
        assert (
            f"{second.number}/history/"
            in client.get(f"/desk/cases/{second.number}/").content.decode()
        )
        page = client.post(f"/desk/cases/{second.number}/history/").content.decode()
        assert first.title in page
        assert client.get(f"/desk/cases/{second.number}/history/").status_code == 405
        assert (
            enter(client, world.lead).post(f"/desk/cases/{second.number}/history/").status_code
            == 403
        )


class TestRatingTogether:
    def closed(self, world):
        lead, own = report(world), report(world, reporter_phone=PHONE)
        merge(own, lead, world.dispatcher)
        return lead, own

    def test_whose_case_was_merged_rates_once_the_leading_case_is_closed(self, world, client):
        lead, own = self.closed(world)
        mine = actor_of(Account.objects.get(pk=own.reporter_id))
        data = {"rating": "1", "solved": "no"}
        with pytest.raises(GuardFailed, match="还没有办结"):
            take_step("rate", own.pk, actor=mine, now=MONDAY + HOUR, data=data)
        assert 'name="rating"' not in enter(client, mine).get(f"/my/cases/{own.number}/").text
        take_step(
            "settle", lead.pk, actor=world.community_worker, now=MONDAY + HOUR,
            data={"result": "清了"},
        )  # fmt: skip
        assert 'name="rating"' in client.get(f"/my/cases/{own.number}/").text
        assert any("打分" in body for body in told(own, "cases.settle"))
        texts = Message.objects.filter(channel="sms", template="cases.settle_joint")
        assert "/rate/" in texts.get().body
        answer = client.post(f"/my/cases/{own.number}/rate/", data)
        assert answer.status_code == 302
        own.refresh_from_db()
        lead.refresh_from_db()
        assert (own.state, own.rating, lead.rating) == ("merged", 1, None)

    def test_who_handled_the_leading_case_rates_neither(self, world):
        lead, own = self.closed(world)
        take_step(
            "settle", lead.pk, actor=world.community_worker, now=MONDAY + HOUR,
            data={"result": "清了"},
        )  # fmt: skip
        Case.objects.filter(pk=own.pk).update(reporter_id=world.community_worker.account_id)
        sly = replace(actor_of(make_resident()), account_id=world.community_worker.account_id)
        with pytest.raises(GuardFailed, match="经办"):
            take_step(
                "rate", own.pk, actor=sly, now=MONDAY + HOUR, data={"rating": 5, "solved": "yes"}
            )

    def test_a_low_rating_is_mended_by_the_unit_that_led(self, world):
        lead, own = self.closed(world)
        Case.objects.filter(pk=lead.pk).update(state="closed", unit=world.grid_unit)
        mine = actor_of(Account.objects.get(pk=own.reporter_id))
        data = {"rating": "2", "solved": "no"}
        take_step("rate", own.pk, actor=mine, now=MONDAY + HOUR, data=data)
        open_follow_ups(now=MONDAY + 2 * HOUR)
        task = SubTask.objects.get(kind="mend")
        assert (task.case_id, task.unit_id) == (own.pk, world.grid_unit.pk)
