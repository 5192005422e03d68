"""Duties: filling, handing over and ending posts, vacancies, and who answers instead."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from factories import MONDAY, make_area, make_district, make_staff, make_tiles
from linli.base.accounts.models import Account
from linli.base.areas.demo_duties import load_demo
from linli.base.areas.duties.actions import assign, end_duty, hand_over
from linli.base.areas.duties.queries import board, gaps, grids_with_posts, holders_at
from linli.base.areas.models import Area, Duty, DutyPost
from linli.base.areas.queries import path_codes
from linli.kernel.ledger.models import Entry

pytestmark = pytest.mark.django_db
DAY = MONDAY.date()


@pytest.fixture
def world():
    cache.clear()
    world = make_district()
    make_tiles(world.community.code)
    return world


def entered(actor):
    client = Client()
    client.force_login(Account.objects.get(pk=actor.account_id))
    return client


def someone(post="grid_lead", **more):
    told = {"post": post, "account_id": None, "name": "赵建国", "phone": "19000000001"}
    return told | {"valid_from": DAY, "note": ""} | more


def post(world, area=None, actor=None, **more):
    return assign(
        actor=actor or world.dispatcher, now=MONDAY, area=area or world.grid, data=someone(**more)
    )


def successor(**more):
    told = {"account_id": None, "name": "钱秀兰", "phone": "19000000002", "reason": "transfer"}
    return told | {"valid_from": DAY + timedelta(days=3), "note": ""} | more


def fault(call):
    with pytest.raises(ValidationError) as caught:
        call()
    return list(caught.value.message_dict)


def test_a_post_is_filled_handed_over_and_ended_and_each_act_is_in_the_ledger(world):
    first = post(world)
    second = hand_over(actor=world.dispatcher, now=MONDAY, duty=first, data=successor())
    first.refresh_from_db()
    assert first.valid_to == second.valid_from == DAY + timedelta(days=3)
    assert first.end_reason == "transfer"
    names = [one.name for one in holders_at([world.grid.code], DAY) if one.post == "grid_lead"]
    assert names == ["赵建国"]  # until the day of the handing over
    later = holders_at([world.grid.code], second.valid_from)
    assert [one.name for one in later if one.post == "grid_lead"] == ["钱秀兰"]
    end_duty(actor=world.dispatcher, now=MONDAY, duty=second, on=second.valid_from, reason="term")
    told = Entry.objects.filter(subject_type="duty").order_by("id")
    verbs = [(entry.subject_id, entry.verb) for entry in told]
    assert verbs == [
        (first.pk, "assign"), (first.pk, "end"), (second.pk, "hand_over"), (second.pk, "end"),
    ]  # fmt: skip
    assert all("赵" not in str(entry.data) for entry in told)


def test_one_holder_at_a_time_but_any_number_assist(world):
    post(world)
    assert fault(lambda: post(world, name="孙文")) == ["post"]
    for name in ("甲某", "乙某"):
        post(world, post="part_time", name=name)
    assert Duty.objects.filter(post="part_time").count() == 2
    assert fault(lambda: post(world, valid_from=DAY - timedelta(days=90))) == ["post"]


def test_what_cannot_be(world):
    assert fault(lambda: post(world, post="community_lead")) == ["post"]
    assert fault(lambda: post(world, name=" ")) == ["name"]
    assert fault(lambda: post(world, phone="")) == ["phone"]
    assert fault(lambda: post(world, valid_from=date(1026, 3, 1))) == ["valid_from"]
    assert fault(lambda: post(world, account_id=10**9)) == ["account"]
    duty = post(world)
    early = DAY - timedelta(days=1)

    def end(**more):
        told = {"on": DAY, "reason": "term"} | more
        end_duty(actor=world.dispatcher, now=MONDAY, duty=duty, **told)

    assert fault(lambda: end(on=early)) == ["on"]
    assert fault(lambda: end(reason="other")) == ["note"]
    end()
    with pytest.raises(ValidationError, match="已经卸任"):
        end()
    Area.objects.filter(pk=world.grid.pk).update(valid_to=DAY)
    with pytest.raises(ValidationError, match="已经撤销"):
        post(world)


def test_who_may_not(world):
    duty = post(world)
    for actor in (world.grid_worker, world.other_dispatcher, world.agent):
        with pytest.raises(PermissionDenied):
            post(world, actor=actor, post="part_time")
        with pytest.raises(PermissionDenied):
            end_duty(actor=actor, now=MONDAY, duty=duty, on=DAY, reason="term")
        with pytest.raises(PermissionDenied):
            hand_over(actor=actor, now=MONDAY, duty=duty, data=successor())
    lead = {"area": world.community, "post": "community_lead"}
    with pytest.raises(PermissionDenied):  # nobody appoints their own head
        post(world, actor=world.community_worker, **lead)
    assert post(world, **lead).pk
    client = entered(world.other_dispatcher)
    code = world.grid.code
    assert client.get(f"/desk/areas/{code}/duties/new/").status_code == 404
    assert client.post(f"/desk/areas/duties/{duty.pk}/end/", {}).status_code == 404
    assert entered(world.agent).get(f"/desk/areas/{code}/duties/new/").status_code == 403
    auditor = make_staff("audit_admin", world.district)
    guest = Client()
    guest.force_login(auditor)
    for path in ("/desk/areas/duties/", "/desk/areas/duties/vacant/"):
        assert guest.get(path).status_code == 403


def test_what_the_account_knows_is_not_typed_again(world):
    account = Account.objects.get(pk=world.grid_worker.account_id)
    account.name, account.phone = "王网格", "19000000123"
    account.save()
    known = holders_at([world.grid.code], DAY)
    assert [(one.post, one.name, one.duty) for one in known] == [("grid_staff", "王网格", None)]
    page = entered(world.dispatcher).get(
        f"/desk/areas/{world.grid.code}/duties/new/", {"post": "grid_staff"}
    )
    assert page.context["form"].initial["account"] == account.pk
    told = {"post": "grid_staff", "account_id": account.pk, "name": ""}
    assert fault(lambda: post(world, **told)) == ["phone"]  # another number than the account's
    duty = post(world, **told, phone="")
    assert (duty.name, duty.phone) == ("", "")
    Account.objects.filter(pk=account.pk).update(name="王改名")
    assert holders_at([world.grid.code], DAY)[0].name == "王改名"
    end_duty(actor=world.dispatcher, now=MONDAY, duty=duty, on=DAY, reason="transfer")
    assert holders_at([world.grid.code], DAY) == []  # the roster goes before the role


def test_a_vacant_post_names_who_answers_instead_also_on_the_door_board(world):
    post(world, post="subdistrict_lead", area=world.subdistrict, actor=world.district_dispatcher)
    lines = board(path_codes(world.grid.code), DAY)[world.grid.code]
    lead = next(line for line in lines if line.post == "grid_lead")
    assert not lead.holders
    assert lead.instead.post == "subdistrict_lead"
    post(world, post="community_lead", area=world.community, name="李书记", phone="05368123456")
    Duty.objects.update(valid_from=date(2026, 1, 1))
    for path in (f"/desk/door/?place={world.grid.code}", f"/desk/areas/{world.grid.code}/"):
        text = entered(world.dispatcher).get(path).content.decode()
        assert "网格长空缺" in text
        assert "请找社区负责人李书记" in text
        assert "tel:05368123456" in text
    record, fill = f"/desk/areas/{world.grid.code}/duties/", "new/?post=grid_lead"
    assert fill in entered(world.dispatcher).get(record).content.decode()
    assert fill not in entered(world.other_dispatcher).get(record).content.decode()
    text = entered(world.handler).get(f"/desk/areas/{world.grid.code}/duties/").content.decode()
    assert "李书记" in text
    assert "05368123456" not in text


def test_vacancies_are_counted_by_community_and_a_closed_account_leaves_one(world):
    holder = make_staff("community_worker", world.community, world.community_unit)
    post(world, account_id=holder.pk, name="")
    rows = grids_with_posts(world.dispatcher, DAY)
    whole = gaps(rows)[0]
    assert (whole.grids, whole.no_lead, whole.no_staff) == (4, 3, 3)
    assert whole.lead_share == "75.0%"
    Account.objects.filter(pk=holder.pk).update(is_active=False)
    assert gaps(rows.all())[0].no_lead == 4
    make_area("370705001002001")
    client = entered(world.dispatcher)
    page = client.get("/desk/areas/duties/vacant/", {"area": world.community.code})
    assert page.context["counts"]["total"] == 4
    lead_only = client.get("/desk/areas/duties/vacant/", {"missing": "staff"})
    assert all(not line.row.has_staff for line in lead_only.context["listing"].lines)
    assert client.get("/desk/areas/duties/vacant/", {"area": "x"}).status_code == 422


def test_the_list_finds_holders_by_post_area_name_and_state(world):
    account = Account.objects.get(pk=world.community_worker.account_id)
    Account.objects.filter(pk=account.pk).update(name="周社工")
    now = timezone.localdate()
    post(world, account_id=account.pk, name="", valid_from=now - timedelta(days=9))
    gone = post(world, post="part_time", name="吴志强", valid_from=now - timedelta(days=9))
    Duty.objects.filter(pk=gone.pk).update(valid_to=now)
    client = entered(world.dispatcher)

    def names(**asked):
        page = client.get("/desk/areas/duties/", asked)
        return [str(line.cells[0].value) for line in page.context["listing"].lines]

    assert names() == ["周社工"]
    assert names(q="周社") == ["周社工"]
    assert names(state="past") == ["吴志强"]
    assert names(post="grid_staff") == []
    assert names(area=world.other_subdistrict.code) == []
    assert names(area="一社区") == ["周社工"]
    assert client.get("/desk/areas/duties/", {"export": "xlsx"}).status_code == 200
    masked = entered(world.handler).get("/desk/areas/duties/", {"state": "past"})
    assert "19000000001" not in masked.content.decode()


def test_the_pages_answer_at_the_field_and_lose_nothing(world):
    client = entered(world.dispatcher)
    path = f"/desk/areas/{world.grid.code}/duties/new/"
    told = {"post": "grid_lead", "name": "郑丽华", "phone": "123", "valid_from": "2026-03-02"}
    page = client.post(path, told)
    assert page.status_code == 422
    assert "phone" in page.context["form"].errors
    assert "郑丽华" in page.content.decode()
    page = client.post(path, told | {"phone": "+86 190 0000 0009"})
    assert page.status_code == 302
    duty = Duty.objects.get()
    assert duty.phone == "19000000009"
    assert client.post(path, told | {"phone": "19000000008"}).status_code == 422
    over = f"/desk/areas/duties/{duty.pk}/hand-over/"
    both = {"account": world.community_worker.account_id, "name": "又一人", "reason": "term"}
    page = client.post(over, both | {"valid_from": "2026-03-05"})
    assert "name" in page.context["form"].errors
    told = {"name": "冯海燕", "phone": "19000000007", "valid_from": "2026-03-05", "reason": "term"}
    assert client.post(over, told).status_code == 302
    made = Duty.objects.get(valid_to=None)
    record = client.get(f"/desk/areas/{world.grid.code}/duties/").content.decode()
    assert record.index("冯海燕") < record.index("换届")
    end = f"/desk/areas/duties/{made.pk}/end/"
    assert "on" in client.post(end, {"on": "", "reason": "term"}).context["form"].errors
    assert client.post(end, {"on": "2026-03-09", "reason": "retired"}).status_code == 302
    assert not Duty.objects.filter(valid_to=None).exists()
    page = client.post(end, {"on": "2026-03-09", "reason": "retired"})
    assert "已经卸任" in page.content.decode()


def test_the_demonstration_fills_most_posts(world):
    load_demo(MONDAY)
    lines = board(path_codes(world.grid.code), DAY)[world.grid.code]
    assert {line.post for line in lines if line.holders} >= {"grid_lead", "grid_staff"}
    assert Duty.objects.filter(area=world.community).count() == 5
    assert not Duty.objects.filter(post=DutyPost.GRID_STAFF).exclude(name="").exists()
