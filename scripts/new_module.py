"""Make an empty but valid module: `make new-module WING=life NAME=activities`.

It has the files that DESIGN asks of every module, a place in the settings and a first test. Says
why and changes nothing where the name or the wing will not do.
"""

from __future__ import annotations

import argparse
import keyword
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# The wings whose modules stand beside each other, and where the settings list them. A module of
# base or kernel needs a place in the order of the import contracts, which is a person's to choose.
WINGS = {
    "work": "WORK_APPS",
    "life": "LIFE_APPS",
    "doors": "DOOR_APPS",
    "insight": "INSIGHT_APPS",
}
ORDERED = ("base", "kernel", "site")
# Drawers for odds and ends; tests/architecture refuses them too.
FORBIDDEN = {"utils", "util", "helpers", "helper", "common", "managers", "misc", "signals"}
LONGEST_LINE = 100  # as ruff has it in pyproject.toml
NAME = re.compile(r"[a-z][a-z0-9_]{1,29}")

FUTURE = "from __future__ import annotations\n"
FILES = {
    "__init__.py": "",
    "apps.py": '''from django.apps import AppConfig


class {camel}Config(AppConfig):
    name = "linli.{wing}.{name}"
    label = "{name}"
    verbose_name = "{name}"

    def ready(self) -> None:
        """Plug what this module adds into the registries of those below."""
        from linli.kernel.scope import register_permissions

        from .policies import POLICIES

        register_permissions(POLICIES)
''',
    "models.py": '"""Tables of {name}, named {name}_…, with their constraints."""\n\n' + FUTURE,
    "actions.py": '"""Writes to the tables of {name}, each an entry in the ledger."""\n\n' + FUTURE,
    "queries.py": '"""Read {name}: `visible_…` and `get_…` fetch and authorise."""\n\n' + FUTURE,
    "policies.py": '"""Permissions of {name}, and the roles that carry them."""\n\n'
    + FUTURE
    + "\nPOLICIES: dict[str, tuple[str, ...]] = {{}}\n",
    "urls.py": '''"""Addresses of {name}."""

from django.urls import URLPattern

app_name = "{name}"
urlpatterns: list[URLPattern] = []
''',
    "migrations/__init__.py": "",
    "templates/{name}/.gitkeep": "",
}
TEST = '''"""The module {name} is plugged in, and its permissions belong to known roles."""

from __future__ import annotations

from django.apps import apps

{imports}


def test_the_module_is_plugged_in_with_known_roles():
    assert apps.get_app_config("{name}").name == "linli.{wing}.{name}"
    for permission, roles in POLICIES.items():
        assert permission.startswith("{name}.")
        assert all_permissions()[permission] == set(roles) <= set(ROLES)
'''


IMPORTS = (
    "from linli.base.accounts.policies import ROLES",
    "from linli.kernel.scope.registry import all_permissions",
)


class Refused(Exception):
    """The module is not made; `str()` says why."""


def settings_of(root: Path) -> Path:
    """Return the file that lists the modules."""
    return root / "src" / "linli" / "site" / "settings.py"


def taken(root: Path) -> dict[str, str]:
    """Return the names that cannot be used again, each with who has it."""
    found = {
        path.stem: f"linli.{path.parent.name}.{path.stem}"
        for path in (root / "src" / "linli").glob("*/*")
        if path.name != "__init__.py" and (path.is_dir() or path.suffix == ".py")
    }
    block = settings_of(root).read_text("utf-8").partition("INSTALLED_APPS = [")[2]
    for dotted in re.findall(r'^    "([\w.]+)",$', block.partition("\n]")[0], re.M):
        found.setdefault(dotted.rpartition(".")[2], dotted)
    return found


def check(root: Path, wing: str, name: str) -> None:
    """Raise Refused where no module of this name can be made in this wing."""
    if wing in ORDERED:
        raise Refused(
            f"A module of {wing} needs a place in the order of its import contract in"
            " pyproject.toml: make it by hand."
        )
    if wing not in WINGS:
        raise Refused(f"There is no wing {wing!r}. The wings are: {', '.join(WINGS)}.")
    if not NAME.fullmatch(name) or keyword.iskeyword(name):
        raise Refused(
            f"{name!r} is no name for a module: 2 to 30 lower-case letters, digits and"
            " underscores, a letter first, no word of Python's own."
        )
    if name in FORBIDDEN:
        raise Refused(f"{name!r} says nothing: name the module after what it is about.")
    if name in taken(root):
        raise Refused(f"The name {name!r} is taken by {taken(root)[name]}.")
    if (root / "tests" / wing / name).exists():
        raise Refused(f"tests/{wing}/{name} exists already.")


def make(root: Path, wing: str, name: str) -> list[Path]:
    """Make the module with its first test, list it in the settings, return the files written."""
    check(root, wing, name)
    own = f"from linli.{wing}.{name}.policies import POLICIES"
    words = {"wing": wing, "name": name, "camel": "".join(p.title() for p in name.split("_"))}
    module = root / "src" / "linli" / wing / name
    texts = {module / path.format(**words): text.format(**words) for path, text in FILES.items()}
    texts[root / "tests" / wing / name / f"test_{name}.py"] = TEST.format(
        imports="\n".join(sorted([*IMPORTS, own])), **words
    )
    texts[settings_of(root)] = listed(settings_of(root).read_text("utf-8"), WINGS[wing], name)
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return list(texts)


def listed(settings: str, constant: str, name: str) -> str:
    """Return the settings with the module added to its wing's list."""
    line = re.search(rf"^{constant}(: list\[str\])? = \[(.*?)\]$", settings, re.M | re.S)
    if line is None:
        raise Refused(f"settings.py has no line `{constant} = [...]`.")
    names = [*re.findall(r'"(\w+)"', line[2]), name]
    quoted = [f'"{one}"' for one in names]
    new = f"{constant} = [{', '.join(quoted)}]"
    if len(new) > LONGEST_LINE:
        new = "\n    ".join([f"{constant} = [", *(f"{one}," for one in quoted)]) + "\n]"
    return settings.replace(line[0], new)


def main(argv: list[str] | None = None) -> int:
    """Make the module named on the command line; return 2 where it is refused."""
    parser = argparse.ArgumentParser(
        prog="make new-module", usage="make new-module WING=life NAME=activities"
    )
    parser.add_argument("wing", help=f"one of {', '.join(WINGS)}")
    parser.add_argument("name", help="lower-case letters, digits, underscores")
    given = parser.parse_args(argv)
    try:
        written = make(ROOT, given.wing, given.name)
    except Refused as why:
        print(why, file=sys.stderr)
        return 2
    for path in written:
        print(f"  {path.relative_to(ROOT)}")
    print("Next: write models and actions, `linli manage makemigrations`, then `make docs`.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
