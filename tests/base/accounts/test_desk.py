"""The administrators' pages: scope, separation, errors at their fields, few queries."""

from __future__ import annotations

import pytest
from django.urls import reverse

from factories import make_area, make_staff, make_unit
from linli.base.accounts.models import Account, Unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    class World:
        district, east = make_area("370705"), make_area("370705001", "东街道")
        community = make_area("370705001001", "一社区")
        unit = make_unit("community", community, name="一社区服务中心")
        worker = make_staff("community_worker", community, unit, name="张三")
        stranger = make_staff("community_worker", make_area("370705002001"), name="李四")
        system = make_staff("system_admin", district)
        security = make_staff("security_admin", district)
        audit = make_staff("audit_admin", district)
        east_security = make_staff("security_admin", east)

    return World


def url(name, account, *more):
    return reverse(f"accounts:{name}", args=[account.pk, *more])


def test_outsiders_get_nothing(client, world):
    for path in ("/desk/accounts/", "/desk/units/", "/desk/accounts/new/"):
        assert client.get(path).url.startswith("/staff/login/")
    client.force_login(world.worker)
    for path in ("/desk/accounts/", "/desk/units/", "/desk/accounts/new/"):
        assert client.get(path).status_code == 403


def test_accounts_outside_ones_scope_do_not_exist(client, world):
    client.force_login(world.east_security)
    page = client.get("/desk/accounts/").content.decode()
    assert "张三" in page
    assert "李四" not in page
    assert client.get(url("account", world.worker)).status_code == 200
    assert client.get(url("account", world.stranger)).status_code == 404
    assert client.post(url("switch", world.stranger, "lock")).status_code == 404
    foreign = world.stranger.grants.get()
    assert client.post(url("end_grant", world.stranger, foreign.pk)).status_code == 404
    assert client.post(url("end_grant", world.worker, foreign.pk)).status_code == 404


def test_the_list_is_filtered_paged_and_cheap(client, world, django_assert_max_num_queries):
    for _ in range(60):
        make_staff("grid_worker", make_area("370705001001001"))
    client.force_login(world.audit)
    with django_assert_max_num_queries(12):
        first = client.get("/desk/accounts/?role=grid_worker&area=370705001001001")
    listing = first.context["listing"]
    assert len(listing.lines) == 50
    rest = client.get(f"/desk/accounts/?{listing.page.params}&page={listing.page.next}")
    assert len(rest.context["listing"].lines) == 10
    named = client.get("/desk/accounts/?q=张三").context["listing"]
    assert [line.row.name for line in named.lines] == ["张三"]
    assert "没有找到这个区域" in client.get("/desk/accounts/?area=999").content.decode()


def test_a_role_is_granted_and_ended_and_stands_in_the_history(
    client, world, django_assert_max_num_queries
):
    client.force_login(world.security)
    data = {"role": "window_clerk", "area": "370705001"}
    assert client.post(url("grant", world.worker), data).status_code == 302
    again = client.post(url("grant", world.worker), data)
    assert again.status_code == 422
    assert "已授予" in again.content.decode()
    grant = world.worker.grants.get(role="window_clerk")
    assert client.post(url("end_grant", world.worker, grant.pk)).status_code == 302
    with django_assert_max_num_queries(12):
        page = client.get(url("account", world.worker)).content.decode()
    assert "授权：窗口人员（370705001）" in page
    assert "终止授权：窗口人员（370705001）" in page
    assert world.security.name in page


def test_an_unclear_area_lists_what_it_may_mean(client, world):
    make_area("370705001002", "一社区东")
    client.force_login(world.security)
    answer = client.post(url("grant", world.worker), {"role": "window_clerk", "area": "社区"})
    assert "找到多个区域" in answer.content.decode()
    assert "370705001002" in answer.content.decode()
    assert 'value="社区"' in answer.content.decode()


def test_the_three_administrators_see_only_their_own_buttons(client, world):
    seen = {}
    for name in ("system", "security", "audit"):
        client.force_login(getattr(world, name))
        page = client.get(url("account", world.worker)).content.decode()
        seen[name] = ("新增授权" in page, "重设密码" in page, "停用</button>" in page)
    assert seen == {
        "system": (False, True, False),
        "security": (True, False, True),
        "audit": (False, False, False),
    }
    assert client.post(url("grant", world.worker), {"role": "window_clerk", "area": "370705"}
                       ).status_code == 403  # fmt: skip
    assert client.post(url("switch", world.worker, "lock")).status_code == 403


def test_an_account_is_made_and_its_faults_named_at_their_fields(client, world):
    client.force_login(world.system)
    data = {"username": "new1", "name": "王五", "unit": "一社区服务中心", "password": "short"}
    answer = client.post("/desk/accounts/new/", data)
    assert answer.status_code == 422
    assert "至少8位" in answer.content.decode()
    assert 'value="王五"' in answer.content.decode()
    assert not Account.objects.filter(username="new1").exists()
    answer = client.post("/desk/accounts/new/", data | {"password": "Good-Pass-12"})
    made = Account.objects.get(username="new1")
    assert answer.url == url("account", made)
    assert (made.unit, made.area) == (world.unit, world.community)
    twice = client.post("/desk/accounts/new/", data | {"password": "Good-Pass-12"})
    assert "已存在" in twice.content.decode()


def test_someone_moves_and_gets_a_new_password(client, world):
    other = make_unit("community", make_area("370705001002"), name="二社区服务中心")
    client.force_login(world.system)
    client.post(url("move", world.worker), {"unit": "二社区服务中心", "title": "主任"})
    client.post(url("password", world.worker), {"password": "Other-Pass-1"})
    account = Account.objects.get(pk=world.worker.pk)
    assert (account.unit, account.title) == (other, "主任")
    assert account.check_password("Other-Pass-1")
    assert client.post(url("move", world.worker), {"unit": "没有"}).status_code == 422


def test_closing_an_account_from_the_page(client, world):
    client.force_login(world.security)
    client.post(url("switch", world.worker, "lock"))
    assert "已停用" in client.get(url("account", world.worker)).content.decode()
    client.post(url("switch", world.worker, "unlock"))
    assert Account.objects.get(pk=world.worker.pk).is_active
    assert client.post(url("switch", world.worker, "other")).status_code == 404


def test_units_are_listed_and_made(client, world):
    client.force_login(world.system)
    data = {"kind": "department", "code": "BM-x", "name": "新部门", "area": "370705", "line": "x"}
    assert client.post("/desk/units/", data).status_code == 302
    assert Unit.objects.get(code="BM-x").area == world.district
    assert "已存在" in client.post("/desk/units/", data).content.decode()
    assert "新部门" in client.get("/desk/units/?kind=department").content.decode()
    assert "新部门" not in client.get("/desk/units/?kind=grid").content.decode()
    client.force_login(world.audit)
    assert client.post("/desk/units/", data | {"code": "y"}).status_code == 403
