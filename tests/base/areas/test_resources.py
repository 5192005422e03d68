"""Resources on grids: placed by point, changed, closed, and the nearest to a point."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from area_factories import make_resource
from factories import MONDAY, make_area, make_district, make_tiles, spot
from linli.base.accounts.models import Account
from linli.base.areas import locate
from linli.base.areas.actions.following import move_resources
from linli.base.areas.models import Resource
from linli.base.areas.resources.actions import check_resource, close_resource, save_resource
from linli.base.areas.resources.demo import place_resources
from linli.base.areas.resources.queries import nearest, visible_resources
from linli.kernel.ledger.models import Entry

pytestmark = pytest.mark.django_db
EMPTY = {
    "phone": "", "address": "", "hours": "", "organisation": "", "contact": "", "note": "",
    "checked_on": None, "check_every": None,
}  # fmt: skip


@pytest.fixture
def world():
    world = make_district()
    make_tiles(world.community.code)
    locate.forget()
    return world


def entered(actor):
    client = Client()
    client.force_login(Account.objects.get(pk=actor.account_id))
    return client


def data(column, row, **more):
    lon, lat = spot(column, row)
    return {**EMPTY, "kind": "aed", "name": "门厅AED", "lon": lon, "lat": lat, **more}


def typed(column, row, **more):
    return {name: value for name, value in data(column, row, **more).items() if value is not None}


def save(world, column, row, resource=None, **more):
    return save_resource(
        actor=world.dispatcher, now=MONDAY, data=data(column, row, **more), resource=resource
    )


def test_the_point_decides_the_grid_and_each_act_is_in_the_ledger(world):
    row = save(world, 0.5, 0.5)
    assert row.area_code == f"{world.community.code}001"
    save(world, 1.5, 0.5, resource=row)
    row.refresh_from_db()
    assert row.area_code == f"{world.community.code}002"
    close_resource(actor=world.dispatcher, now=MONDAY, resource=row)
    verbs = Entry.objects.filter(subject_type="resource", subject_id=row.pk).order_by("seq")
    assert list(verbs.values_list("verb", flat=True)) == ["create", "change", "close"]
    assert not visible_resources(world.dispatcher).exists()
    with pytest.raises(ValidationError):
        save(world, 0.5, 0.5, resource=row)


def test_a_point_on_no_grid_is_refused_at_its_field_and_nothing_typed_is_lost(world):
    page = entered(world.dispatcher).post(
        "/desk/areas/resources/new/", typed(0, 0, lon=100, lat=30, name="桥头AED")
    )
    assert page.status_code == 422
    assert "不在任何网格内" in page.content.decode()
    assert "桥头AED" in page.content.decode()
    assert not Resource.objects.exists()


def test_who_may_not_place_change_or_close(world):
    row = make_resource(make_area(f"{world.community.code}001"))
    for actor in (world.grid_worker, world.agent):
        client = entered(actor)
        assert client.get(f"/desk/areas/resources/{row.pk}/").status_code == 200
        assert client.post(f"/desk/areas/resources/{row.pk}/", typed(0.5, 0.5)).status_code == 403
        assert client.post(f"/desk/areas/resources/{row.pk}/close/").status_code == 403
        with pytest.raises(PermissionDenied):
            close_resource(actor=actor, now=MONDAY, resource=row)
    row.refresh_from_db()
    assert (row.kind, row.closed_at) == ("police", None)


def test_the_nearest_of_each_kind_with_its_distance_and_none_that_is_closed(world):
    grid = make_area(f"{world.community.code}001")
    far = make_resource(grid, at=spot(1.5, 1.5), name="远处警务室")
    near = make_resource(grid, at=spot(0.6, 0.5), name="近处警务室")
    make_resource(grid, at=spot(0.5, 0.5), name="停用警务室", closed_at=MONDAY)
    make_resource(grid, kind="aed", at=(100.0, 30.0))
    lon, lat = spot(0.5, 0.5)
    (found,) = nearest(world.agent, lon, lat)
    assert found.resource == near
    assert 0 < found.metres < 5000
    text = entered(world.agent).get("/desk/door/", {"lon": lon, "lat": lat}).content.decode()
    assert "近处警务室" in text
    assert far.name not in text


def test_a_resource_follows_its_point_when_its_grid_is_replaced(world):
    old = make_area(f"{world.community.code}001")
    heirs = [make_area(f"{world.community.code}{number}") for number in ("002", "003")]
    row = make_resource(old)
    moved = move_resources(old, heirs, lambda _lon, _lat: heirs[1], MONDAY, world.dispatcher)
    row.refresh_from_db()
    assert (moved, row.area_code) == (1, heirs[1].code)


def test_the_list_is_narrowed_by_kind_and_area(world):
    make_resource(make_area(f"{world.community.code}001"), name="一号警务室")
    make_resource(make_area(f"{world.community.code}002"), kind="hydrant", name="二号消火栓")
    client = entered(world.agent)
    text = client.get("/desk/areas/resources/?kind=hydrant").content.decode()
    assert "二号消火栓" in text
    assert "一号警务室" not in text
    assert client.get("/desk/areas/resources/?area=abc").status_code == 422


def test_the_demonstration_places_every_kind_on_its_own_grid(world):
    place_resources(MONDAY)
    rows = Resource.objects.filter(area_code__startswith=world.community.code)
    assert rows.count() >= 11
    assert len(set(rows.values_list("kind", flat=True))) == 12
    assert all(locate.locate(row.lon, row.lat).code == row.area_code for row in rows[:8])
    assert Entry.objects.filter(subject_type="resource", verb="create").count() >= 11


def test_the_next_check_is_counted_from_the_last_and_a_check_moves_it(world):
    day = timezone.localdate(MONDAY)
    row = save(world, 0.5, 0.5, checked_on=day - timedelta(days=40), check_every=30)
    assert row.check_due == day - timedelta(days=10)
    check_resource(actor=world.dispatcher, now=MONDAY, resource=row)
    row.refresh_from_db()
    assert (row.checked_on, row.check_due) == (day, day + timedelta(days=30))
    assert Entry.objects.filter(subject_type="resource", subject_id=row.pk, verb="check").exists()
    never = save(world, 0.5, 0.5, name="从未检查", check_every=30)
    assert never.check_due == day
    assert save(world, 0.5, 0.5, name="不用检查").check_due is None


def test_overdue_checks_are_marked_and_listed_alone(world):
    late = save(world, 0.5, 0.5, name="逾期AED", checked_on=date(2020, 1, 1), check_every=30)
    save(world, 0.5, 0.5, name="按期AED")
    client = entered(world.dispatcher)
    text = client.get("/desk/areas/resources/?overdue=on").content.decode()
    assert "逾期AED" in text
    assert "已逾期" in text
    assert "按期AED" not in text
    page = client.post(f"/desk/areas/resources/{late.pk}/check/", follow=True)
    assert "已逾期" not in page.content.decode()
    late.refresh_from_db()
    assert late.checked_on == timezone.localdate()


def test_a_check_in_the_future_is_refused_at_its_field_and_nothing_typed_is_lost(world):
    told = typed(0.5, 0.5, contact="王示例", checked_on=date(2100, 1, 1), check_every=30)
    page = entered(world.dispatcher).post("/desk/areas/resources/new/", told)
    assert page.status_code == 422
    assert "检查日期不能晚于今天" in page.content.decode()
    assert "王示例" in page.content.decode()
    assert not Resource.objects.exists()


def test_who_may_not_record_a_check(world):
    row = make_resource(make_area(f"{world.community.code}001"), check_every=30)
    for actor in (world.grid_worker, world.agent):
        page = entered(actor).post(f"/desk/areas/resources/{row.pk}/check/")
        assert page.status_code == 403
    row.refresh_from_db()
    assert row.checked_on is None
