"""The demonstration's stories: of the district, the focus subdistrict and the focus community."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from linli.base.accounts.models import Account, GrantRow
from linli.base.accounts.queries import actor_of
from linli.base.areas.models import Area
from linli.base.people.models import Building
from linli.kernel.scope import Actor, within

from .actions import take_step, write_story
from .cleaning import clean_html
from .models import Section, Story

TABLE = Path(__file__).parent / "data" / "stories.json"
WRITERS = {
    "district": "department_handler", "subdistrict": "subdistrict_dispatcher",
    "community": "community_worker",
}  # fmt: skip
DIGITS = {"district": 6, "subdistrict": 9, "community": 12}


def load_demo(*, now: datetime, focus: tuple[str, ...] = (), resident: str = "") -> dict[str, int]:  # noqa: ARG001
    """Publish the samples around the community of the named worker, once; one waits for review."""
    if Story.objects.exists():
        return {}
    workers = GrantRow.objects.filter(role="community_worker", valid_to=None)
    mine = workers.filter(account__username__in=focus).order_by("area_code").first()
    if mine is None:
        return {}
    sections = {row.code: row for row in Section.objects.all()}
    last = None
    for row in json.loads(TABLE.read_text(encoding="utf-8")):
        area = Area.objects.get(code=mine.area_code[: DIGITS[row["level"]]], valid_to=None)
        writer, judge = _holder(WRITERS[row["level"]], area, focus), _judge(area)
        if writer is None or judge is None:
            continue
        at = now - timedelta(days=row["days"])
        data = _data(row, area, sections, at)
        made = write_story(actor=writer, now=at, data=data)
        take_step("submit", made.pk, actor=writer, now=at + timedelta(hours=1))
        take_step("publish", made.pk, actor=judge, now=at + timedelta(hours=2))
        last = (writer, data)
    if last:
        _waiting(*last, now)
    return {"stories": Story.objects.count()}


def _data(
    row: dict[str, Any], area: Area, sections: dict[str, Section], at: datetime
) -> dict[str, Any]:
    near = Building.objects.filter(within([area.code]), closed_on=None).order_by("pk")
    return {
        "area": area, "section": sections[row["section"]], "title": row["title"], "summary": "",
        "body": clean_html(row["body"]), "pinned": row.get("pinned", False), "shown_from": None,
        "shown_until": at + timedelta(days=row["until"]) if "until" in row else None,
        "buildings": list(near[:2]) if row.get("buildings") else [],
    }  # fmt: skip


def _waiting(writer: Actor, data: dict[str, Any], now: datetime) -> None:
    """Leave one for the reviewer to look at."""
    more = {
        "title": "下周一停水四小时",
        "body": clean_html("下周一9:00到13:00检修水管，请提前储水。"),
    }
    made = write_story(actor=writer, now=now, data=data | more | {"pinned": True})
    take_step("submit", made.pk, actor=writer, now=now)


def _holder(role: str, area: Area, focus: tuple[str, ...]) -> Actor | None:
    rows = GrantRow.objects.filter(role=role, area_code=area.code, valid_to=None)
    rows = rows.filter(account__is_active=True, account__unit__isnull=False).order_by("pk")
    row = rows.filter(account__username__in=focus).first() or rows.first()
    return actor_of(row.account) if row else None


def _judge(area: Area) -> Actor | None:
    """Return who approves there and wrote none of them."""
    for role, code in (
        ("subdistrict_dispatcher", area.code[:9]), ("district_lead", area.code[:6]),
        ("district_dispatcher", area.code[:6]),
    ):  # fmt: skip
        if role == "subdistrict_dispatcher" and len(area.code) < DIGITS["community"]:
            continue
        rows = Account.objects.filter(
            grants__role=role, grants__area_code=code, grants__valid_to=None, is_active=True
        )
        found = rows.order_by("pk").first()
        if found:
            return actor_of(found)
    return None
