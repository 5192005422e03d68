"""The category tree to start with, the dispatch rules and the time limits that go with it."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.db import transaction

from linli.base.areas.models import Area

from .models import Category, DispatchRule, TimeLimit
from .setup import forget

TABLE = Path(__file__).parent / "data" / "catalogue.csv"

# (what, working minutes, working days, the rule it follows)
LIMITS: tuple[tuple[str, int | None, int | None, str], ...] = (
    ("accept", 30, None, "惯例：服务时间内30分钟受理"),
    ("dispatch", 30, None, "惯例：受理后30分钟内派遣"),
    ("contact", None, 1, "惯例：派遣后1个工作日内联系反映人"),
    ("check", None, 1, "惯例：报告办结后1个工作日内核查"),
    ("emergency", 120, None, "惯例：突发事项立即处置，2个工作小时内到场并反馈"),
    ("urgent", None, 1, "惯例：紧急事项1个工作日"),
    ("ordinary", None, 5, "山东省政务服务热线管理办法（2020）：5个工作日内办结并答复"),
    ("complex", None, 15, "惯例：复杂事项15个工作日；延期不超过10个工作日"),
)


@lru_cache(maxsize=1)
def rows() -> tuple[dict[str, str], ...]:
    """Return the rows of the table as they stand in the file.

    `route` is "grid" or "community" for what stands on the communities' list of duties (a star:
    dispatched without a dispatcher); blank goes to the department of the line.
    """
    with TABLE.open(encoding="utf-8", newline="") as source:
        return tuple(csv.DictReader(source))


@transaction.atomic
def load_catalogue(*, district: Area, valid_from: date) -> int:
    """Load categories, dispatch rules and time limits, in force from a day; return the categories.

    What is there already (a category by its code, a rule by category and area, a limit by name)
    stays as the district has set it, so loading again changes nothing.
    """
    known = {row.code: row for row in Category.objects.all()}
    for parent_length in (2, 4):
        fresh = [
            _category(row, known, valid_from)
            for row in rows()
            if len(row["code"]) == parent_length and row["code"] not in known
        ]
        known |= {row.code: row for row in Category.objects.bulk_create(fresh)}
    _load_rules(district, known, valid_from)
    have = set(TimeLimit.objects.filter(category=None).values_list("what", flat=True))
    TimeLimit.objects.bulk_create(
        TimeLimit(
            what=what, working_minutes=minutes, working_days=days, valid_from=valid_from, source=by
        )
        for what, minutes, days, by in LIMITS
        if what not in have
    )
    forget()
    return len(known)


def _category(row: dict[str, str], known: dict[str, Category], valid_from: date) -> Category:
    return Category(
        code=row["code"],
        name=row["name"],
        parent=known[row["code"][:2]] if len(row["code"]) > 2 else None,
        nature=row["nature"],
        urgency=row["urgency"],
        line=row["line"],
        on_community_list=bool(row["route"]),
        needs_photo=row["photo"] == "1",
        keywords=row["keywords"],
        valid_from=valid_from,
    )


def _load_rules(district: Area, known: dict[str, Category], valid_from: date) -> None:
    have = set(DispatchRule.objects.filter(area=district).values_list("category_id", flat=True))
    wanted = [
        (None if category is None else known[category], values)
        for category, values in _routes()
        if category is None or category in known
    ]
    DispatchRule.objects.bulk_create(
        DispatchRule(category=category, area=district, valid_from=valid_from, **values)
        for category, values in wanted
        if (category.pk if category else None) not in have
    )


def _routes() -> Iterator[tuple[str | None, dict[str, Any]]]:
    """Yield a rule for each leaf by its route, and the fallback: the subdistrict's office."""
    yield None, {"target": "subdistrict"}
    for row in rows():
        if len(row["code"]) < 4:
            continue
        target = row["route"].rstrip("*") or "department"
        yield row["code"], {"target": target, "automatic": row["route"].endswith("*")}
