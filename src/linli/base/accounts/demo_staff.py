"""Draw up the demonstration's units and staff from the areas that stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random

from ..areas.models import Area
from .demo_logins import DEMO_LOGINS, DemoLogin
from .demo_names import invented_name
from .models import Account, AccountKind, GrantRow, Unit, UnitKind

SINCE = date(2025, 1, 1)
DEPARTMENTS = (
    ("urban", "城市管理局"), ("utilities", "公用事业服务中心"), ("housing", "住房和城乡建设局"),
    ("planning", "自然资源和规划局"), ("environment", "生态环境分局"), ("justice", "司法局"),
    ("labour", "人力资源和社会保障局"), ("market", "市场监督管理局"), ("police", "公安分局"),
    ("fire", "消防救援大队"), ("civil", "民政局"), ("disabled", "残疾人联合会"),
    ("health", "卫生健康局"), ("medical", "医疗保障局"), ("education", "教育和体育局"),
    ("culture", "文化和旅游局"), ("traffic", "交通警察大队"), ("roads", "市政道路服务中心"),
)  # fmt: skip
KINDS = {
    "subdistrict": (UnitKind.SUBDISTRICT, "办事处"),
    "community": (UnitKind.COMMUNITY, "社区服务中心"),
    "grid": (UnitKind.GRID, ""),
}


@dataclass
class Post:
    """Someone to be taken on: role, area, unit; `login` for the named ones."""

    role: str
    area: Area
    unit: Unit
    title: str
    lines: list[str] = field(default_factory=list)
    login: DemoLogin | None = None


def short_name(name: str) -> str:
    """Return a community's name without its committee: 一社区居民委员会 as 一."""
    for ending in ("居民委员会", "村民委员会", "居委会", "村委会", "社区"):
        name = name.removesuffix(ending)
    return name


def draw_units(areas: list[Area]) -> list[Unit]:
    """Return the centre, the departments and one unit for each area, parents first."""
    district = next(area for area in areas if area.level == "district")
    centre = Unit(kind=UnitKind.DISTRICT, code=f"ZX{district.code}", area=district,
                  name=f"{district.name}社区治理服务中心", area_code=district.code)  # fmt: skip
    units, by_area = [centre], {district.pk: centre}
    for line, name in DEPARTMENTS:
        units.append(
            Unit(
                kind=UnitKind.DEPARTMENT,
                code=f"BM{district.code}-{line}",
                name=name,
                line=line,
                area=district,
                area_code=district.code,
                parent=centre,
            )
        )
    for area in areas:
        if area.level not in KINDS:
            continue
        kind, ending = KINDS[area.level]
        name = short_name(area.name) if kind == UnitKind.COMMUNITY else area.name
        parent = by_area.get(area.parent_id or 0)
        if kind == UnitKind.GRID and parent is not None:
            short = parent.name.removesuffix("服务中心")  # 一社区服务中心 gives 一社区第1网格
            name = name if name.startswith(short) else f"{short}{name}"
        unit = Unit(kind=kind, code=f"{kind.upper()[:2]}{area.code}", name=f"{name}{ending}"[:80],
                    area=area, area_code=area.code, parent=parent)  # fmt: skip
        units.append(unit)
        by_area[area.pk] = unit
    return units


def draw_posts(units: list[Unit], target: int = 2000) -> list[Post]:
    """Return some `target` posts; the first of each role in the first places is a named log-in."""
    by_kind: dict[str, list[Unit]] = {kind: [] for kind in UnitKind.values}
    for unit in units:
        by_kind[unit.kind].append(unit)
    posts = [*_district_posts(by_kind), *_local_posts(by_kind)]
    grids, n = by_kind[UnitKind.GRID], 0
    while len(posts) < target and n < len(grids):  # helpers on the busiest grids
        posts.append(_post("grid_worker", grids[n], "协助网格员"))
        n += 3
    named = {login.role: login for login in DEMO_LOGINS}
    for post in posts:
        post.login = named.pop(post.role, None)
    return posts


def _post(role: str, unit: Unit, title: str, lines: list[str] | None = None) -> Post:
    return Post(role, unit.area, unit, title, lines or [])


def _district_posts(by_kind: dict[str, list[Unit]]) -> Iterator[Post]:
    centre = by_kind[UnitKind.DISTRICT][0]
    for role, title, count in (
        ("district_lead", "区领导", 5), ("district_dispatcher", "区中心派遣员", 6),
        ("hotline_agent", "热线话务员", 30), ("system_admin", "系统管理员", 1),
        ("security_admin", "安全管理员", 1), ("audit_admin", "审计管理员", 1),
        ("privacy_officer", "个人信息保护负责人", 1),
    ):  # fmt: skip
        for _ in range(count):
            yield _post(role, centre, title)
    for unit in by_kind[UnitKind.DEPARTMENT]:
        for _ in range(6):
            yield _post("department_handler", unit, f"{unit.name}经办人"[:40], [unit.line])


def _local_posts(by_kind: dict[str, list[Unit]]) -> Iterator[Post]:
    for unit in by_kind[UnitKind.SUBDISTRICT]:
        for _ in range(3):
            yield _post("subdistrict_dispatcher", unit, "街道派遣员")
        yield _post("window_clerk", unit, "街道窗口人员")
    for unit in by_kind[UnitKind.COMMUNITY]:
        for _ in range(3):
            yield _post("community_worker", unit, "社区工作者")
        yield _post("window_clerk", unit, "社区窗口人员")
    for unit in by_kind[UnitKind.GRID]:
        yield _post("grid_worker", unit, "网格员")


def hire(
    posts: list[Post], rng: Random, password: str, now: datetime
) -> tuple[list[Account], list[GrantRow]]:
    """Return an account and a grant for each post; work numbers run in the order of posts."""
    accounts, grants = [], []
    for number, post in enumerate(posts, start=1):
        name = invented_name(rng)
        account = Account(
            kind=AccountKind.STAFF,
            username=post.login.username if post.login else f"L{number:05d}",
            name=post.login.person if post.login else name,
            title=post.login.title if post.login else post.title,
            unit=post.unit,
            area=post.area,
            password=password,
            password_set_at=now,
        )
        accounts.append(account)
        grants.append(
            GrantRow(
                role=post.role,
                area=post.area,
                area_code=post.area.code,
                lines=post.lines,
                valid_from=SINCE,
            )
        )
    return accounts, grants
