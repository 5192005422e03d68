"""The demonstration district: the real tree of 奎文区, with generated boundaries."""

from __future__ import annotations

import csv
import json
import random
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, StdDev
from shapely.geometry import mapping, shape

from linli.kernel.scope import SYSTEM

from .actions import ask_for_layout, load_areas, touch_boundaries
from .coordinates import convert
from .generate import Layout, layout, points_inside
from .layout.rules import Wish
from .models import Area, GridKind, Level
from .pinyin import keywords_for
from .resources.demo import place_resources

FOLDER = Path(__file__).parent / "demo_data"
GRIDS, SEED = 1020, 370705
SINCE = date(2026, 1, 1)
ROADS = (
    "东风街", "胜利街", "民生街", "健康街", "福寿街", "北宫街", "樱前街", "卧龙街", "玉清街",
    "新华路", "文化路", "四平路", "和平路", "潍州路", "鸢飞路", "虞河路", "北海路", "金马路",
)  # fmt: skip
ESTATES = ("苑", "花园", "家园", "新村", "小区", "公寓", "里", "雅居")
SPECIAL = ("综合市场", "商业街区", "职业学院校区", "河滨公园", "产业园区", "汽车站片区")


def read_tree() -> list[dict[str, str]]:
    """Return the rows of the division file."""
    with (FOLDER / "kuiwen_divisions.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def read_outline() -> Any:
    """Return the district's outline in WGS 84."""
    text = (FOLDER / "kuiwen_boundary.geojson").read_text(encoding="utf-8")
    outline: Any = shape(convert(json.loads(text)))
    return outline.geoms[0] if len(outline.geoms) == 1 else outline


def plan(rows: list[dict[str, str]], cells: int = GRIDS) -> Layout:
    """Return the generated map for the rows of a division file."""
    subdistricts = [row["code"] for row in rows if row["level"] == "subdistrict"]
    counts = [
        sum(row["level"] == "community" and row["code"][:9] == code for row in rows)
        for code in subdistricts
    ]
    return layout(read_outline(), counts, cells)


@transaction.atomic
def load_demo(now: datetime) -> None:
    """Load district, subdistricts, communities, grids and building groups; the same every time."""
    rows = read_tree()
    made = plan(rows)
    by_level = {level: [r for r in rows if r["level"] == level] for level in Level.values}
    cells = [[number for part in group for number in part] for group in made.subdistricts]
    communities = [part for group in made.subdistricts for part in group]
    top = _load(by_level["district"], [[n for part in cells for n in part]], made, {}, now)
    subs = _load(by_level["subdistrict"], cells, made, top, now)
    below = _load(by_level["community"], communities, made, subs, now)
    _load_grids(by_level["community"], communities, made, below, now)
    touch_boundaries()
    place_resources(now)
    _propose_one(now)


def _propose_one(now: datetime) -> None:
    """Leave one proposed layout waiting: of the community whose grids are the least even."""
    grids = Area.objects.filter(level=Level.GRID, valid_to=None, grid_kind=GridKind.ORDINARY)
    uneven = (
        grids.values("parent")
        .annotate(odds=StdDev("households"), grids=Count("pk"))
        .filter(grids__gte=6, grids__lte=12)
        .order_by("-odds", "parent")
    )
    for row in uneven[:5]:
        community = Area.objects.get(pk=row["parent"] or 0)
        try:
            ask_for_layout(actor=SYSTEM, now=now, community=community, wish=Wish(300, 520))
        except ValidationError:
            continue
        return


def _area(level: str, code: str, name: str, parent: Area | None, **more: Any) -> Area:
    return Area(
        level=level,
        code=code,
        name=name,
        parent=parent,
        keywords=keywords_for(name),
        valid_from=SINCE,
        **more,
    )


def _bounded(polygon: Any) -> dict[str, Any]:
    inside = polygon.representative_point()
    return {
        "boundary": json.loads(json.dumps(mapping(polygon))),
        "boundary_generated": True,
        "lon": inside.x,
        "lat": inside.y,
    }


def _load(
    rows: list[dict[str, str]],
    parts: list[list[int]],
    made: Layout,
    parents: dict[str, Area],
    now: datetime,
) -> dict[str, Area]:
    areas = [
        _area(
            row["level"], row["code"], row["name"], parents.get(row["code"][:-3]),
            **_bounded(made.union(part)),
        )
        for row, part in zip(rows, parts, strict=True)
    ]  # fmt: skip
    return {area.code: area for area in load_areas(areas, actor=SYSTEM, now=now)}


def _load_grids(
    rows: list[dict[str, str]],
    parts: list[list[int]],
    made: Layout,
    communities: dict[str, Area],
    now: datetime,
) -> None:
    rng = random.Random(SEED)  # noqa: S311 - a map for show, no secret
    grids, cells = [], []
    for row, part in zip(rows, parts, strict=True):
        for number, cell in enumerate(part, start=1):
            special = rng.random() < 0.012
            name = f"{rng.choice(SPECIAL)}专属网格" if special else f"第{number}网格"
            grids.append(
                _area(
                    Level.GRID, f"{row['code']}{number:03d}", name, communities[row["code"]],
                    grid_kind=GridKind.SPECIAL if special else GridKind.ORDINARY,
                    households=rng.randint(300, 500), **_bounded(made.cells[cell]),
                )
            )  # fmt: skip
            cells.append(made.cells[cell])
    loaded = load_areas(grids, actor=SYSTEM, now=now)
    buildings = [
        building
        for grid, cell in zip(loaded, cells, strict=True)
        for building in _buildings(grid, cell, rng)
    ]
    load_areas(buildings, actor=SYSTEM, now=now)


def _buildings(grid: Area, cell: Any, rng: random.Random) -> list[Area]:
    road, estate = rng.choice(ROADS), rng.choice(ESTATES)
    gate = rng.randint(1, 399)
    count = rng.randint(3, 8)
    made = []
    for number, point in enumerate(points_inside(cell, count, rng), start=1):
        name = f"{road}{gate}号{estate}{number}号楼"
        made.append(
            _area(
                Level.BUILDING, f"{grid.code}{number:03d}", name, grid,
                address=f"{road}{gate}号", lon=round(point.x, 7), lat=round(point.y, 7),
                households=(grid.households or 300) // count,
            )
        )  # fmt: skip
    return made
