"""Changing areas on the desk: choose, fill in, see what will happen, confirm; and find old codes."""

from __future__ import annotations

import pytest
from django.test import Client

from factories import draw_on, make_area, make_case, make_district, make_staff, make_tiles, tile
from linli.base.accounts.models import Account
from linli.base.areas.models import Area, Succession
from linli.kernel.ledger.models import Entry
from linli.work.cases.models import Case

pytestmark = pytest.mark.django_db
HOME = "/desk/areas/370705001001/change"


@pytest.fixture
def world():
    world = make_district()
    make_tiles(world.community.code)
    world.community.refresh_from_db()
    return world


def login(actor):
    client = Client()
    client.force_login(Account.objects.get(pk=actor.account_id))
    return client


@pytest.fixture
def client(world):
    return login(world.district_dispatcher)


def words(answer):
    return answer.content.decode()


def split_data(world, **more):
    grids = list(world.community.children.filter(valid_to=None).order_by("code"))
    data = {"name1": "南社区", "name2": "北社区", "note": "区政府批复〔2026〕5号"}
    data |= {f"grid{grid.pk}": "1" if n < 2 else "2" for n, grid in enumerate(grids)}
    return data | more


def test_a_split_is_seen_first_then_done_and_found_by_its_old_code(client, world):
    case = make_case(world).case
    assert "第4网格" in words(client.get(f"{HOME}/split/"))
    seen = words(client.post(f"{HOME}/split/", split_data(world)))
    assert "停用 5 个区域，启用 6 个区域" in seen
    assert "未办结工单" in seen
    assert "授权" in seen
    assert not Succession.objects.exists()
    assert not Entry.objects.filter(verb="move_along").exists()
    assert Case.objects.get(pk=case.pk).area_code == case.area_code
    answer = client.post(f"{HOME}/split/", split_data(world, confirm="1"), follow=True)
    text = words(answer)
    assert "区域变更已生效" in text
    assert "区政府批复〔2026〕5号" in text
    assert "未办结工单" in text
    assert Case.objects.get(pk=case.pk).area.parent.name == "南社区"
    former = words(client.get("/desk/areas/370705001001/"))
    assert "已不再使用" in former
    assert "南社区" in former
    assert "北社区" in former
    for text in ("370705001001", "一社区"):
        found = words(client.get("/desk/areas/", {"q": text}))
        assert "曾用名称或编码" in found
        assert "南社区" in found
    listed = words(client.get("/desk/areas/changes/", {"q": "一社区"}))
    assert "区政府批复〔2026〕5号" in listed
    assert ">370705001001<" in listed  # the community's row stands for the act, not a grid's
    assert client.get("/desk/areas/changes/?export=xlsx").status_code == 200
    heir = Area.objects.get(name="南社区", valid_to=None)
    assert "一社区" in words(client.get(f"/desk/areas/{heir.code}/"))  # its ancestors


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"name2": ""}, "请填写新名称。"),
        ({"name2": "南社区"}, "“南社区”已有了"),
        ({"code1": "370705001300"}, "末三位应在001至199之间"),
        ({"code1": "370705001001"}, "用过了"),
        ({"code1": "37070500109"}, "编码长度为11位"),
        ({"code1": "370705001077", "code2": "370705001077"}, "这个编码填了两次"),
        ({"name3": "东社区"}, "还没有网格分到这一部分"),
        ({"note": ""}, "请写明依据和原因。"),
    ],
)
def test_bad_input_is_said_at_its_field_and_kept(client, world, more, said):
    answer = client.post(f"{HOME}/split/", split_data(world, **more))
    assert answer.status_code == 422
    assert said in words(answer)
    assert "南社区" in words(answer)
    assert not Succession.objects.exists()


def test_the_way_back_from_the_preview_keeps_what_was_typed(client, world):
    answer = client.post(f"{HOME}/rename/", {"name": "新名社区", "note": "批复", "back": "1"})
    assert 'value="新名社区"' in words(answer)
    assert not Succession.objects.exists()


def test_rename_recode_merge_and_a_village(client, world):
    other = make_tiles("370705001002", west=2)
    village = make_tiles("370705001201", west=4)
    Area.objects.filter(pk=village.pk).update(name="东风村")
    said = {"note": "批复", "confirm": "1"}
    client.post(f"{HOME}/rename/", {"name": "新名社区", **said})
    client.post(f"{HOME}/recode/", {"code": "370705001088", **said})
    merged = {"others": [other.pk], "name": "联合社区", **said}
    text = words(client.post("/desk/areas/370705001088/change/merge/", merged, follow=True))
    assert "联合社区" in text
    urban = {"name": "东风社区", "code": "370705001009", **said}
    client.post("/desk/areas/370705001201/change/urban/", urban)
    names = set(
        Area.objects.filter(level="community", valid_to=None).values_list("name", flat=True)
    )
    assert names == {"联合社区", "东风社区"}
    assert "现为" in words(client.get("/desk/areas/", {"q": "东风村"}))
    assert "联合社区" in words(client.get("/desk/areas/370705001001/"))


def test_only_neighbours_can_be_chosen(client, world):
    make_tiles("370705001002", west=2)
    far = draw_on(make_area("370705001003", "远社区"), tile(9, 9))
    assert "远社区" not in words(client.get(f"{HOME}/merge/"))
    answer = client.post(f"{HOME}/merge/", {"others": [far.pk], "name": "x", "note": "y"})
    assert answer.status_code == 422


def test_who_may_not_change_is_kept_out(world):
    for actor, status in ((world.dispatcher, 404), (world.community_worker, 403)):
        assert login(actor).get(f"{HOME}/rename/").status_code == status
    grid = "/desk/areas/370705001001001/change/rename/"
    assert login(world.dispatcher).get(grid).status_code == 200
    assert login(world.other_dispatcher).get(grid).status_code == 404
    assert login(world.community_worker).get("/desk/areas/changes/").status_code == 200
    assert login(world.community_worker).get("/desk/areas/changes/new/").status_code == 403
    clerk = Client()
    clerk.force_login(make_staff("audit_admin", world.district))
    assert clerk.get("/desk/areas/changes/").status_code == 403
    assert login(world.district_dispatcher).get(f"{HOME}/urban/").status_code == 404  # no village


def test_a_fault_on_the_way_leaves_nothing_half_done(client, world, monkeypatch):
    from linli.base.areas import moving

    def fails(*_args):
        raise RuntimeError("fault")

    monkeypatch.setitem(moving._MOVERS, "grants", fails)
    data = {"code": "370705001088", "note": "批复", "confirm": "1"}
    with pytest.raises(RuntimeError):
        client.post(f"{HOME}/recode/", data)
    assert not Succession.objects.exists()
    assert Area.objects.get(pk=world.community.pk).valid_to is None
