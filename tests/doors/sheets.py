"""The addresses of sheets, for the tests that visit every address."""

from __future__ import annotations

from typing import Any

from factories import MONDAY
from linli.base.people.actions import add_resident
from linli.base.sheets.models import Part, Sheet
from linli.kernel.scope import SYSTEM
from sheet_factories import COLUMNS, admit_sheet, make_roster, make_sheet

TITLE = "独角兽夜里鸣叫"


def draft(inside: Any) -> dict[str, Any]:
    """Return a sheet of the inside subdistrict's own."""
    world = inside.world
    found = Sheet.objects.filter(state="draft").first() or make_sheet(
        world, title=TITLE, actor=world.dispatcher, area=world.subdistrict
    )
    return {"sheet_id": found.pk}


def column(inside: Any) -> dict[str, Any]:
    args = draft(inside)
    return args | {"column_id": Sheet.objects.get(pk=args["sheet_id"]).columns.last().pk}


def part(inside: Any) -> dict[str, Any]:
    """Return the inside community's part of a sheet in force."""
    world, found = inside.world, Part.objects.first()
    if found is None:
        sheet = make_sheet(world, title=TITLE, actor=world.dispatcher, area=world.subdistrict)
        found = admit_sheet(world, sheet, actor=world.dispatcher)
    return {"part_id": found.pk}


def in_force(inside: Any) -> dict[str, Any]:
    return {"sheet_id": Part.objects.get(pk=part(inside)["part_id"]).sheet_id}


def roster(inside: Any) -> dict[str, Any]:
    """Return the inside community's part of a sheet with a line for each resident."""
    world, found = inside.world, Part.objects.filter(sheet__rows="person").first()
    if found is None:
        add_someone(world, TITLE)
        _sheet, found = make_roster(
            world, title=f"{TITLE}逐人", actor=world.dispatcher, area=world.subdistrict
        )
    return {"part_id": found.pk}


def add_someone(world: Any, name: str, now: Any = MONDAY) -> Any:
    return add_resident(
        actor=SYSTEM, now=now, area=world.grid, source="入户登记", values={"name": name}
    )


def grid_worker(inside: Any) -> Any:
    return inside.world.grid_worker


def asker(inside: Any) -> Any:
    return inside.world.dispatcher


def worker(inside: Any) -> Any:
    return inside.world.community_worker


# name -> (arguments, whose account may open it, what is posted)
SHEETS: dict[str, tuple[Any, Any, dict[str, str]]] = {
    "sheets:sheet": (draft, asker, {}),
    "sheets:edit": (draft, asker, {}),
    "sheets:column_new": (draft, asker, {}),
    "sheets:column": (column, asker, {}),
    "sheets:drop_column": (column, asker, {}),
    "sheets:step": (lambda i: draft(i) | {"name": "submit"}, asker, {}),
    "sheets:fill": (part, worker, {}),
    "sheets:template": (draft, asker, {}),
    "sheets:starter": (draft, asker, {}),
    "sheets:drop_template": (draft, asker, {}),
    "sheets:filled": (in_force, asker, {}),
    "sheets:filled_part": (part, worker, {}),
    "sheets:progress": (in_force, asker, {}),
    "sheets:totals": (in_force, asker, {}),
    "sheets:part": (part, asker, {}),
    "sheets:judge": (lambda i: part(i) | {"name": "accept"}, asker, {}),
    "sheets:read_again": (roster, worker, {}),
    "field:sheet": (roster, grid_worker, {}),
}

# (name, address, whose browser, what must stand there)
SHEET_PAGES = [
    ("sheets:sheets", "/desk/sheets/", "handler", "第29张表"),
    ("sheets:new", "/desk/sheets/new/", "handler", "一社区"),
    ("sheets:sheet", "/desk/sheets/{sheet}/", "handler", "充电桩"),
    ("sheets:sheet", "/desk/sheets/{sheet_in_force}/", "handler", "充电桩"),
    ("sheets:edit", "/desk/sheets/{sheet}/edit/", "handler", "第29张表"),
    ("sheets:column_new", "/desk/sheets/{sheet}/columns/new/", "handler", ""),
    ("sheets:column", "/desk/sheets/{sheet}/columns/{column}/", "handler", ""),
    ("sheets:progress", "/desk/sheets/{sheet_in_force}/progress/", "handler", "12社区"),
    ("sheets:progress", "/desk/sheets/{sheet_in_force}/progress/?state=open", "handler", "12社区"),
    ("sheets:template", "/desk/sheets/{sheet_in_force}/template/", "handler", "可以写的名称"),
    ("sheets:totals", "/desk/sheets/{sheet_in_force}/totals/", "handler", "12社区"),
    ("sheets:burden", "/desk/sheets/burden/", "handler", "城市管理局"),
    ("sheets:burden", "/desk/sheets/burden/", "worker", "一社区"),
    ("sheets:part", "/desk/sheets/parts/{part}/", "handler", "实有人口"),
    ("sheets:tasks", "/desk/sheets/tasks/", "worker", "第19张在收"),
    ("sheets:fill", "/desk/sheets/tasks/{part}/", "worker", "取自登记册"),
    ("sheets:fill", "/desk/sheets/tasks/{roster}/", "worker", "逐人表"),
    ("sheets:part", "/desk/sheets/parts/{roster}/", "handler", "逐人表"),
    ("field:sheets", "/field/sheets/", "grid", "逐人表"),
    ("field:sheet", "/field/sheets/{roster}/", "grid", "逐人表"),
]
NO_SHEET_PAGE = {
    "sheets:starter",
    "sheets:filled",
    "sheets:filled_part",
    "sheets:drop_template",
    "sheets:drop_column",
    "sheets:judge",
    "sheets:read_again",
    "sheets:step",
}


def load_sheets(world: Any, now: Any) -> dict[str, Any]:
    """Make many sheets; return what the addresses above need."""
    columns = (*COLUMNS, *((f"第{n}栏", {"kind": "area"}) for n in range(12)))
    for n in range(30):
        sheet = make_sheet(world, now=now, title=f"第{n}张表", columns=columns)
    for n in range(20):
        own = (COLUMNS[0], (f"只问一次{n}", {}), (f"楼{n}", {"kind": "area"}))
        asked = make_sheet(world, now=now, title=f"第{n}张在收", columns=(*own, ("充电桩", {}))
                           if n == 0 else own)  # fmt: skip
        part = admit_sheet(world, asked, now=now)
    for n in range(20):
        add_someone(world, f"第{n}位", now)
    _asked, roster_part = make_roster(world, now=now, title="逐人表")
    return {
        "roster": roster_part.pk,
        "sheet": sheet.pk, "column": sheet.columns.last().pk, "part": part.pk,
        "sheet_in_force": Sheet.objects.get(title="第0张在收").pk,
    }  # fmt: skip
