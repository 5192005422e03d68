"""A tiny district for tests: areas, units, people with roles, categories and rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from linli.base.accounts.models import Account, GrantRow, Unit
from linli.base.accounts.queries import actor_of
from linli.base.areas.models import Area
from linli.kernel.scope import Actor
from linli.work.cases import setup
from linli.work.cases.models import Category, DispatchRule

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 3, 16, 9, 0, tzinfo=SHANGHAI)
START = date(2026, 1, 1)
_numbers = count(1)

LEVEL = {6: "district", 9: "subdistrict", 12: "community", 15: "grid", 18: "building"}


def make_area(code: str, name: str = "") -> Area:
    """Return the area with this code, made with its parents where they are missing."""
    found = Area.objects.filter(code=code, valid_to=None).first()
    if found:
        return found
    parent = make_area(code[:-3]) if len(code) > 6 else None
    return Area.objects.create(
        level=LEVEL[len(code)],
        code=code,
        name=name or f"区域{code[-3:]}",
        parent=parent,
        valid_from=START,
    )


def make_unit(kind: str, area: Area, line: str = "", name: str = "") -> Unit:
    """Return a new unit at an area."""
    number = next(_numbers)
    return Unit.objects.create(
        kind=kind,
        code=f"{kind}-{area.code}-{number}",
        name=name or f"{area.name}{kind}",
        area=area,
        area_code=area.code,
        line=line,
    )


def make_staff(role: str, area: Area, unit: Unit | None = None, name: str = "") -> Account:
    """Return a new member of staff with one grant."""
    number = next(_numbers)
    account = Account.objects.create(
        kind="staff", username=f"staff{number}", name=name or f"测试{number}", unit=unit, area=area
    )
    GrantRow.objects.create(
        account=account, role=role, area=area, area_code=area.code, valid_from=START
    )
    return account


def make_resident(area: Area | None = None, phone: str = "") -> Account:
    """Return a new resident account."""
    from linli.kernel.secrets.index import blind_index

    number = next(_numbers)
    phone = phone or f"1900000{number:04d}"
    return Account.objects.create(
        kind="resident",
        username=f"r{number}",
        name=f"居民{number}",
        phone=phone,
        phone_index=blind_index(phone),
        area=area,
    )


@dataclass
class District:
    """Everything a case needs, on two subdistricts."""

    district: Area
    subdistrict: Area
    other_subdistrict: Area
    community: Area
    grid: Area
    category: Category
    urban: Category
    grid_unit: Unit
    community_unit: Unit
    subdistrict_unit: Unit
    department: Unit
    dispatcher: Actor
    other_dispatcher: Actor
    district_dispatcher: Actor
    community_worker: Actor
    grid_worker: Actor
    handler: Actor
    agent: Actor
    lead: Actor
    resident: Actor


def make_district() -> District:
    """Build the tiny district."""
    setup.forget()
    district = make_area("370705", "测试区")
    sub, other = make_area("370705001", "东街道"), make_area("370705002", "西街道")
    community, grid = make_area("370705001001", "一社区"), make_area("370705001001001", "第1网格")
    top = Category.objects.create(code="01", name="市容环境", line="urban", valid_from=START)
    category = Category.objects.create(
        code="0101", name="垃圾清运", parent=top, on_community_list=True, valid_from=START
    )
    urban = Category.objects.create(
        code="0102", name="违法建设", parent=top, line="urban", valid_from=START
    )
    grid_unit = make_unit("grid", grid, name="一社区第1网格")
    community_unit = make_unit("community", community, name="一社区服务中心")
    subdistrict_unit = make_unit("subdistrict", sub, name="东街道办事处")
    department = make_unit("department", district, line="urban", name="城市管理局")
    centre = make_unit("district", district, name="区治理服务中心")
    DispatchRule.objects.create(area=district, target="grid", category=category, valid_from=START)
    DispatchRule.objects.create(area=district, target="department", valid_from=START)

    def staff(role: str, area: Area, unit: Unit) -> Actor:
        return actor_of(make_staff(role, area, unit))

    return District(
        district=district,
        subdistrict=sub,
        other_subdistrict=other,
        community=community,
        grid=grid,
        category=category,
        urban=urban,
        grid_unit=grid_unit,
        community_unit=community_unit,
        subdistrict_unit=subdistrict_unit,
        department=department,
        dispatcher=staff("subdistrict_dispatcher", sub, subdistrict_unit),
        other_dispatcher=staff("subdistrict_dispatcher", other, make_unit("subdistrict", other)),
        district_dispatcher=staff("district_dispatcher", district, centre),
        community_worker=staff("community_worker", community, community_unit),
        grid_worker=staff("grid_worker", grid, grid_unit),
        handler=staff("department_handler", district, department),
        agent=staff("hotline_agent", district, centre),
        lead=staff("district_lead", district, centre),
        resident=actor_of(make_resident(community)),
    )


def make_case(world: District, *, actor: Actor | None = None, now: datetime = MONDAY, **more):
    """Register a case through the action and return what it returns."""
    from linli.work.cases.actions import register_case

    values = {
        "intake_key": f"test-{next(_numbers)}",
        "channel": "website",
        "title": "垃圾没人收",
        "text": "三号楼下的垃圾两天没人收了",
        "category": world.category,
        "area": world.grid,
    } | more
    return register_case(actor=actor or world.resident, now=now, **values)


DEMO_NOW = datetime(2026, 3, 18, 14, 20, tzinfo=SHANGHAI)
DEMO_LOGINS = (
    "grid_worker-demo",
    "community_worker-demo",
    "subdistrict_dispatcher-demo",
    "department_handler-demo",
)


def make_town(*, subdistricts: int = 2, communities: int = 2, grids: int = 2) -> Area:
    """Build a town with the whole catalogue, units and people on every level; return its district.

    The first of each role logs in as "ROLE-demo".
    """
    from linli.work.cases.catalogue import load_catalogue, rows

    district = make_area("370705", "测试区")
    load_catalogue(district=district, valid_from=date(2025, 1, 1))
    centre = make_unit("district", district, name="区治理服务中心")
    people = [
        make_staff("district_dispatcher", district, centre),
        make_staff("hotline_agent", district, centre),
        make_staff("hotline_agent", district, centre),
    ]
    for line in sorted({row["line"] for row in rows()} - {"medical"}):
        people.append(
            make_staff("department_handler", district, make_unit("department", district, line=line))
        )
    for a in range(1, subdistricts + 1):
        sub = make_area(f"370705{a:03d}", f"第{a}街道")
        office = make_unit("subdistrict", sub)
        people += [make_staff("subdistrict_dispatcher", sub, office) for _ in range(2)]
        for b in range(1, communities + 1):
            community = make_area(f"{sub.code}{b:03d}", f"{a}{b}社区")
            worker_unit = make_unit("community", community)
            people += [make_staff("community_worker", community, worker_unit) for _ in range(2)]
            for _ in range(3):
                make_resident(community)
            for c in range(1, grids + 1):
                grid = make_area(f"{community.code}{c:03d}", f"第{c}网格")
                people.append(make_staff("grid_worker", grid, make_unit("grid", grid)))
    seen: set[str] = set()
    for account in people:
        role = account.grants.get().role
        if role not in seen:
            seen.add(role)
            account.username = f"{role}-demo"
            account.save()
    setup.forget()
    return district


def make_emergency(world: District, *, now: datetime = MONDAY):
    """Raise an emergency in the grid, with its plan, its response, a report and a shift on duty."""
    from linli.work.emergencies import actions as act

    head = {"name": "燃气", "kind": "accident", "area_code": world.subdistrict, "active": True}
    plan = act.save_plan(
        actor=world.dispatcher, now=now, head=head,
        measures=[{"text": "疏散", "unit_kind": "grid", "minutes": 10}],
    )  # fmt: skip
    who = make_staff("community_worker", world.community, world.community_unit)
    shift = {"unit": world.community_unit, "account": who, "role": "on_duty",
             "starts_at": now, "ends_at": now + timedelta(hours=12)}  # fmt: skip
    duty = act.save_shift(actor=world.dispatcher, now=now, data=shift)
    data = {"kind": "accident", "level": 4, "title": "燃气味", "text": "独角兽夜里鸣叫",
            "happened_at": now}  # fmt: skip
    made = act.raise_emergency(
        actor=world.grid_worker, now=now, key=f"test-{next(_numbers)}", area=world.grid, data=data
    )
    act.take_step(
        "start", made.pk, actor=world.dispatcher, now=now, data={"level": 4, "plan": plan.pk}
    )
    told = {"told": "街道", "losses": "暂无"}
    act.take_step("phone_report", made.pk, actor=world.dispatcher, now=now, data=told)
    return made, plan, duty


def make_disputes() -> Category:
    """Return the category of disputes among neighbours."""
    top, _new = Category.objects.get_or_create(
        code="06", defaults={"name": "矛盾纠纷", "nature": "dispute", "valid_from": START}
    )
    found, _new = Category.objects.get_or_create(
        code="0601",
        defaults={"name": "邻里纠纷", "parent": top, "nature": "dispute", "line": "justice",
                  "on_community_list": True, "valid_from": START},
    )  # fmt: skip
    return found


def make_mediation(world: District, *, now: datetime = MONDAY, key: str = "", **more):
    """Open a mediation of two persons in the grid, by the community's worker."""
    from linli.work.cases.mediation.actions import open_mediation

    make_disputes()
    data = {
        "kind": "neighbours", "origin": "applied", "facts": "独角兽夜里鸣叫", "title": "夜间噪声",
        "channel": "window", "area": world.grid, "address": "1号楼",
    } | more  # fmt: skip
    parties = [
        {"name": "张三丰", "phone": "19000001111", "id_number": "370705199001011234",
         "applicant": True},
        {"name": "李四", "address": "2号楼"},
    ]  # fmt: skip
    return open_mediation(
        actor=world.community_worker, now=now, key=key or f"test-{next(_numbers)}", data=data,
        parties=parties,
    )  # fmt: skip


def agree_mediation(world: District, mediation, *, day=None, oral: bool = False):
    """Bring a mediation to an agreement on `day` with one obligation due ten days later."""
    from linli.work.cases.mediation.actions import take_mediation_step

    day = day or MONDAY.date()

    def step(name, **data):
        take_mediation_step(name, mediation.pk, actor=world.community_worker, now=MONDAY, data=data)

    a, b = mediation.parties.all()
    for party in (a, b):
        step("consent", party=party.pk, on=day)
    step("accept", mediator=world.community_worker.account_id)
    step(
        "hold", held_at="2026-03-16T10:00", place="调解室", present=[a.pk, b.pk], record="双方到场"
    )
    step("draft", form="oral" if oral else "written", matter="夜间噪声<争议>", terms="关窗\n&道歉")
    step("oblige", debtor=b.pk, what="赔偿300元", due_on=day + timedelta(days=10))
    if not oral:
        for party in (a, b):
            step("sign", party=party.pk, on=day)
    step("conclude", on=day)
    mediation.refresh_from_db()
    return mediation


WEST, SOUTH, STEP = 119.1, 36.7, 0.004  # degrees: a tile is some 360 m by 440 m


def tile(column: float, row: float, columns: float = 1, rows: float = 1):
    """Return a rectangle on the tests' map, counted in tiles from the south-west corner."""
    from shapely.geometry import box

    return box(*spot(column, row), *spot(column + columns, row + rows))


def spot(column: float, row: float) -> tuple[float, float]:
    """Return (lon, lat) of a point on the tests' map, counted in tiles."""
    return (round(WEST + column * STEP, 9), round(SOUTH + row * STEP, 9))


def draw_on(area: Area, shape) -> Area:
    """Give an area a boundary and a point inside it."""
    from shapely.geometry import mapping

    inside = shape.representative_point()
    area.boundary, area.lon, area.lat = mapping(shape), inside.x, inside.y
    area.save()
    return area


def make_tiles(code: str = "370705001001", columns: int = 2, rows: int = 2, west: int = 0) -> Area:
    """Make a community of columns x rows drawn grids with a building group in the middle of each.

    Grid 001 lies in the south-west, 002 east of it; each has 400 households in its one building.
    """
    from linli.base.areas.actions import touch_boundaries

    community = draw_on(make_area(code), tile(west, 0, columns, rows))
    for number in range(columns * rows):
        row, column = divmod(number, columns)
        grid = make_area(f"{code}{number + 1:03d}", f"第{number + 1}网格")
        grid.households = 400
        draw_on(grid, tile(west + column, row))
        building = make_area(f"{grid.code}001", f"幸福路{number + 1}号楼")
        building.lon, building.lat = spot(west + column + 0.5, row + 0.5)
        building.households, building.address = 400, f"幸福路{number + 1}号"
        building.save()
    touch_boundaries()
    return community


ARTICLE = {
    "title": "高龄津贴怎么申请",
    "questions": "80岁老人补贴\n高龄补贴需要什么材料",
    "answer": "带身份证到社区服务中心办理，当场收件。",
    "source": "样例",
    "category": None,
    "valid_from": MONDAY.date() - timedelta(days=30),
    "expires_on": MONDAY.date() + timedelta(days=3000),
}


def make_article(world: District, *, area: Area | None = None, publish: bool = True, **more):
    """Write an article by a community worker of the place (or a handler), and publish it."""
    from linli.life.knowledge import actions

    area = area or world.district
    author = world.handler if area == world.district else world.community_worker
    data = ARTICLE | {"area_code": area} | more
    made = actions.write_article(actor=author, now=MONDAY, data=data)
    if publish:
        actions.take_step("submit", made.pk, actor=author, now=MONDAY)
        boss = world.district_dispatcher
        made = actions.take_step("publish", made.pk, actor=boss, now=MONDAY).subject
    return made


def make_hot_spot(world: District, note: str):
    """Find a hot spot on the first grid, looked into with a note."""
    from linli.insight.hotspots.models import HotSpot, HotSpotDay

    day = MONDAY.date()
    spot = HotSpot.objects.create(
        category=world.category, area=world.grid, area_code=world.grid.code, first_day=day,
        last_day=day, note=note,
    )  # fmt: skip
    HotSpotDay.objects.create(
        spot=spot, day=day, window_days=7, count=9, expected=0.5, p=1e-9, q=1e-6, history=[1]
    )
    return spot


POINTS = [
    {"name": "东门", "lon": 119.105, "lat": 36.705, "category": "0101",
     "items": ["消防通道畅通", "灭火器在位"]},
    {"name": "配电房", "lon": None, "lat": None, "category": "", "items": ["门锁完好"]},
]  # fmt: skip


def make_route(world: District, *, now: datetime = MONDAY, name: str = "晨巡", **more):
    """Plan a daily route of the grid, whose first round is due at once; return (route, round)."""
    from linli.work.patrols.actions import save_route
    from linli.work.patrols.models import Round

    head = {"name": name, "area": world.grid, "rhythm": "daily", "active": True} | more
    route = save_route(actor=world.community_worker, now=now, head=head, points=POINTS)
    return route, Round.objects.filter(route=route).first()


def round_answers(result: str = "ok", **more) -> dict[str, str]:
    """Return what a phone sends of a round of `make_route`."""
    found = {f"r-{point}": result for point in ("0-0", "0-1", "1-0")}
    return found | {key.replace("_", "-"): value for key, value in more.items()}
