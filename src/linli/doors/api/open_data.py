"""The open data of a month's cases: what stands in each row, and what is left out.

A row tells of a matter's kind, community, way and end, by day. It holds no number, text, address,
point, name or phone, and leaves protected matters, reports and disputes out whole.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.base.areas.queries import place_names
from linli.work.cases.models import Case, Channel, Nature, State
from linli.work.cases.queries import open_to_systems

COLUMNS: dict[str, Any] = {
    "reported_on": _("登记日期"), "closed_on": _("办结日期"), "state": _("状态"),
    "nature": _("性质"), "group": _("大类"), "category": _("类别"), "channel": _("渠道"),
    "subdistrict": _("街道"), "community": _("社区"), "community_code": _("社区编码"),
    "on_time": _("按期"), "rating": _("评价"),
}  # fmt: skip
FIELDS = (
    "created_at", "closed_at", "state", "nature", "category__parent__name", "category__name",
    "channel", "area_code", "done_at", "due_at", "rating",
)  # fmt: skip


def first_moment(year: int, month: int) -> datetime:
    """Return when a month begins here."""
    return datetime.combine(date(year, month, 1), time.min, timezone.get_current_timezone())


def months(now: datetime, most: int = 12) -> list[tuple[int, int]]:
    """Return the last ended months in which something was reported, newest first."""
    first = Case.objects.order_by("created_at").values_list("created_at", flat=True).first()
    today = timezone.localdate(now)
    if first is None:
        return []
    found: list[tuple[int, int]] = []
    begin = timezone.localdate(first)
    year, month = today.year, today.month
    while len(found) < most and (year, month) > (begin.year, begin.month):
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
        found.append((year, month))
    return found


def rows_of(year: int, month: int) -> Iterator[dict[str, Any]]:
    """Yield the open rows of a month's cases, by day and place."""
    after = first_moment(year + month // 12, month % 12 + 1)
    rows = open_to_systems().filter(created_at__gte=first_moment(year, month), created_at__lt=after)
    found = list(rows.order_by("created_at").values_list(*FIELDS))
    names = place_names({row[7][:n] for row in found for n in (9, 12)})
    for row in found:
        yield _row(dict(zip(FIELDS, row, strict=True)), names)


def _row(case: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    code, closed, done, due = (case[n] for n in ("area_code", "closed_at", "done_at", "due_at"))
    on_time = "" if not done or not due else ("1" if done <= due else "0")
    return {
        "reported_on": timezone.localdate(case["created_at"]).isoformat(),
        "closed_on": timezone.localdate(closed).isoformat() if closed else "",
        "state": str(State(case["state"]).label),
        "nature": str(Nature(case["nature"]).label),
        "group": case["category__parent__name"] or "",
        "category": case["category__name"],
        "channel": str(Channel(case["channel"]).label),
        "subdistrict": names.get(code[:9], ""),
        "community": names.get(code[:12], "") if len(code) >= 12 else "",
        "community_code": code[:12] if len(code) >= 12 else "",
        "on_time": on_time,
        "rating": case["rating"] if case["rating"] is not None else "",
    }


def as_csv(rows: Iterator[dict[str, Any]]) -> bytes:
    """Return rows as CSV in UTF-8 with a mark, as office programs expect it."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS)
    writer.writerow({name: str(label) for name, label in COLUMNS.items()})
    writer.writerows(rows)
    return out.getvalue().encode("utf-8-sig")
