"""The tables of the house: keys point downwards, and only a module's own code writes its tables."""

from __future__ import annotations

import ast
import re
from dataclasses import replace

import pytest
from django.apps import apps
from django.core.management import call_command

from architecture.house import ROOT, WINGS, Source, module_of, sources, wing_of

MODELS = [
    model
    for model in apps.get_models(include_auto_created=True)
    if model.__module__.startswith("linli.")
]
TABLES = {model._meta.db_table: module_of(model.__module__) for model in MODELS}
BASE_ORDER = ("areas", "accounts", "people", "messages", "sheets", "indicators")

MANAGER_WRITES = {
    "create", "acreate", "bulk_create", "bulk_update", "update", "delete", "get_or_create",
    "update_or_create", "raw",
}  # fmt: skip
ROW_WRITES = {"save", "delete", "asave", "adelete"}
SQL_WRITE = re.compile(
    r"\b(?:insert\s+into|update|delete\s+from|truncate(?:\s+table)?|copy)\s+\"?([a-z_]+)\"?", re.I
)


def keys():
    """Return each foreign key between two models of the house."""
    for model in MODELS:
        for field in model._meta.get_fields():
            if field.is_relation and field.concrete and field.related_model in MODELS:
                yield pytest.param(model, field, id=f"{model._meta.label}.{field.name}")


def points_down(source: str, target: str) -> bool:
    """Tell whether a model of module `source` may point at one of module `target`."""
    if source == target:
        return True
    mine, theirs = wing_of(source), wing_of(target)
    if mine != theirs:
        return WINGS.index(theirs) < WINGS.index(mine)
    names = [module.split(".")[2] for module in (source, target)]
    if mine == "base":
        return BASE_ORDER.index(names[1]) < BASE_ORDER.index(names[0])
    return mine == "kernel"  # its own order of layers is import-linter's to check


@pytest.mark.parametrize(("model", "field"), list(keys()))
def test_keys_point_downwards_and_leave_no_name_above(model, field):
    source, target = (module_of(m.__module__) for m in (model, field.related_model))
    assert points_down(source, target), f"{model._meta.label}.{field.name} points up to {target}"
    if source != target:
        assert field.remote_field.related_name == "+", "a key into another module leaves no name"


def test_the_order_of_keys_bites():
    assert points_down("linli.work.cases", "linli.base.areas")
    assert not points_down("linli.base.areas", "linli.work.cases")
    assert not points_down("linli.base.areas", "linli.base.accounts")
    assert not points_down("linli.work.cases", "linli.work.services")


def test_every_table_is_named_after_its_module():
    wrong = [
        table
        for table, module in TABLES.items()
        if not table.startswith(module.rpartition(".")[2] + "_")
    ]
    assert not wrong


class Writes(ast.NodeVisitor):
    """Collect writes of one file to models of other modules, as far as names tell.

    A name holds rows of a foreign model where it is annotated with it, made by calling it, or
    assigned from an expression that starts at it (`Model.objects…`).
    """

    def __init__(self, source: Source) -> None:
        self.found: list[str] = []
        self.name = source.name
        self.module = module_of(source.name)
        self.models = {
            here: dotted
            for dotted, here, _line in source.imports
            if dotted.startswith("linli.")
            and ".models." in dotted
            and module_of(dotted) != self.module
        }
        self.rows: dict[str, str] = {}

    def root(self, node: ast.AST) -> str | None:
        """Return the foreign model an expression starts at, directly or through a known name."""
        while isinstance(node, ast.Attribute | ast.Call | ast.Subscript | ast.Await):
            node = node.value if not isinstance(node, ast.Call) else node.func
        if isinstance(node, ast.Name):
            return self.models.get(node.id) or self.rows.get(node.id)
        return None

    def annotated(self, node: ast.AST | None) -> str | None:
        names = [n.id for n in ast.walk(node) if isinstance(n, ast.Name)] if node else []
        return next((self.models[name] for name in names if name in self.models), None)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        before = self.rows
        given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        named = {arg.arg: self.annotated(arg.annotation) for arg in given}
        self.rows = before | {name: model for name, model in named.items() if model}
        self.generic_visit(node)
        self.rows = before

    def visit_Assign(self, node: ast.Assign) -> None:
        self.generic_visit(node)
        model = self.root(node.value)
        for target in node.targets:
            if isinstance(target, ast.Name):
                self.rows.pop(target.id, None)
                if model:
                    self.rows[target.id] = model

    def visit_For(self, node: ast.For) -> None:
        if isinstance(node.target, ast.Name) and (model := self.root(node.iter)):
            self.rows[node.target.id] = model
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        self.generic_visit(node)
        func = node.func
        name = func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")
        model = None
        if isinstance(func, ast.Attribute) and name in MANAGER_WRITES | ROW_WRITES:
            model = self.root(func.value)
        elif name in {"copy_rows", "take_ids"} and node.args:
            model = self.root(node.args[0])
        if model:
            self.found.append(f"{self.name}:{node.lineno} {name} on {model}")

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str):
            for table in SQL_WRITE.findall(node.value):
                if TABLES.get(table.lower(), self.module) != self.module:
                    self.found.append(f"{self.name}:{node.lineno} SQL on {table}")


def foreign_writes(source: Source) -> list[str]:
    """Return the writes of a file to tables of other modules."""
    visitor = Writes(source)
    visitor.visit(source.tree)
    return visitor.found


@pytest.mark.parametrize("source", [pytest.param(s, id=s.name) for s in sources()])
def test_only_a_modules_own_code_writes_its_tables(source):
    assert not foreign_writes(source)


BREACHES = {
    "manager": "Area.objects.create(code='1')",
    "query": "Area.objects.filter(pk=1).update(name='x')",
    "query, step by step": "rows = Area.objects.all()\nrows.delete()",
    "row made": "Area(code='1').save()",
    "row fetched": "def act():\n    area = Area.objects.get(pk=1)\n    area.save()",
    "row given": "def act(*, area: Area | None):\n    area.delete()",
    "rows in a loop": "for row in Area.objects.all():\n    row.save()",
    "copy": "from linli.kernel.bulk import copy_rows\ncopy_rows(Area, [])",
    "sql": "query = 'UPDATE areas_area SET name = 1'",
}


@pytest.mark.parametrize("code", [pytest.param(code, id=name) for name, code in BREACHES.items()])
def test_the_check_of_writes_bites(code):
    planted = Source(
        "linli.work.cases.planted", f"from linli.base.areas.models import Area\n{code}"
    )
    assert foreign_writes(planted)
    assert not foreign_writes(replace(planted, name="linli.base.areas.planted"))


def test_reading_is_not_writing():
    code = """
from linli.base.areas.models import Area
names = {}
names.update({a.pk: a.name for a in Area.objects.all()})
list(Area.objects.select_for_update())
"""
    assert not foreign_writes(Source("linli.work.cases.planted", code))


@pytest.mark.django_db
def test_migrations_are_current():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_migrations_depend_only_downwards():
    wrong = []
    for path in (ROOT / "src/linli").glob("*/*/migrations/0*.py"):
        wing, module = path.relative_to(ROOT / "src/linli").parts[:2]
        own = f"linli.{wing}.{module}"
        labels = {config.label: config.name for config in apps.get_app_configs()}
        for label in re.findall(r"^\s+\(['\"](\w+)['\"], ['\"]\d{4}", path.read_text(), re.M):
            target = labels.get(label, "")
            if target.startswith("linli.") and not points_down(own, module_of(target)):
                wrong.append(f"{own}/{path.name} waits for {label}")
    assert not wrong
