"""Sheets for tests: a draft with columns, and one admitted, with its parts."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from factories import MONDAY
from linli.base.sheets.actions import save_column, save_sheet, take_step
from linli.base.sheets.models import Part, Sheet

COLUMNS = (
    ("实有人口", {"source": "people.residents"}),
    ("充电桩数量", {}),
    ("联系电话", {"kind": "phone", "required": False}),
)

LINES = (
    ("姓名", {"kind": "text", "source": "person.name", "required": False}),
    ("联系电话", {"kind": "phone", "source": "person.phone"}),
    ("紧急联系人", {"kind": "text"}),
    ("一键呼叫器装好了吗", {"kind": "yes_no", "by_grid": True, "required": False}),
)


def column_data(title: str, order: int = 1, **more):
    """Return what `ColumnForm` would have cleaned."""
    return {
        "order": order, "title": title, "kind": "integer", "help": "", "choices": [],
        "required": True, "source": "",
    } | more  # fmt: skip


def make_sheet(
    world, *, now=MONDAY, title="充电设施摸底", area=None, actor=None, columns=COLUMNS, **more
):
    """Return a draft of the department's, due in ten days."""
    actor = actor or world.handler
    data = {
        "title": title, "area": area or world.district, "purpose": "安排更换老旧充电桩",
        "basis": "消防法第十六条", "due": timezone.localdate(now) + timedelta(days=10),
    } | more  # fmt: skip
    sheet = save_sheet(actor=actor, now=now, data=data)
    for order, (name, more) in enumerate(columns, start=1):
        save_column(sheet.pk, actor=actor, now=now, data=column_data(name, order, **more))
    return sheet


def admit_sheet(world, sheet: Sheet, *, now=MONDAY, actor=None) -> Part:
    """Submit and admit it; return the part of the test's community."""
    take_step("submit", sheet.pk, actor=actor or world.handler, now=now)
    take_step("admit", sheet.pk, actor=world.district_dispatcher, now=now)
    sheet.refresh_from_db()
    return Part.objects.get(sheet=sheet, area_code=world.community.code)


def answers(sheet: Sheet, **by_title):
    """Return what the filling page would send, by the columns' titles."""
    return {
        column.field: by_title[column.title]
        for column in sheet.columns.all()
        if column.title in by_title
    }


def make_roster(
    world, *, now=MONDAY, title="独居老人走访", columns=LINES, rows="person", only="", **more
):
    """Return a sheet of residents under way, and the part of the test's community laid out."""
    from linli.base.sheets.rosters.preparing import prepare_part
    from linli.kernel.scope import SYSTEM

    sheet = make_sheet(world, now=now, title=title, columns=columns, rows=rows, only=only, **more)
    part = admit_sheet(world, sheet, now=now, actor=more.get("actor"))
    prepare_part(part.pk, actor=SYSTEM, now=now)
    part.refresh_from_db()
    return sheet, part


def line_answers(part: Part, row, **by_title) -> dict[str, str]:
    """Return what the page would send for one line, by the columns' titles."""
    return {"row": str(row.pk)} | {
        f"c-{row.pk}-{column.pk}": by_title[column.title]
        for column in part.sheet.columns.all()
        if column.title in by_title
    }
