"""Write docs/flows/NAME.md for every life cycle: a state diagram and a table of its steps.

Everything comes from the tables in the code: states, steps, permissions with their roles, what a
form asks for, and what a guard answers where it stops someone. English comes from the catalogue.
"""

from __future__ import annotations

import ast
import inspect
import os
import re
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import polib

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "flows"
CATALOGUE = ROOT / "src" / "linli" / "locale" / "en" / "LC_MESSAGES" / "django.po"
PLACE = re.compile(r"%\(\w+\)[sd]")
WORDS = {
    "zh": {
        "title": "中文",
        "head": "| 步骤 | 从 | 到 | 谁可以办 | 填写（* 必填） | 何时被拦下 |",
        "stays": "（不变）",
        "nobody": "见规则",
        "join": "、",
        "rule": "“谁可以办”以岗位为准；具体到一件事，再按 `{where}` 判定（见下方英文原文）。",
    },
    "en": {
        "title": "English",
        "head": "| step | from | to | who may | asks for (* required) | what stops it |",
        "stays": "(stays)",
        "nobody": "see the rule",
        "join": ", ",
        "rule": "Roles carry permissions; `{where}` decides on one subject:",
    },
}


def english() -> Callable[[Any], str]:
    """Return the look-up of a text's English; a text that is not in the catalogue stays."""
    known = {entry.msgid: entry.msgstr for entry in polib.pofile(str(CATALOGUE)) if entry.msgstr}
    return lambda text: known.get(str(text), str(text))


def reasons(guard: Callable[..., Any], seen: frozenset[str] = frozenset()) -> Iterator[str]:
    """Yield the texts a guard may answer with, also through functions of its own module."""
    name = f"{guard.__module__}.{guard.__qualname__}"
    if name in seen:
        return
    package = ".".join(guard.__module__.split(".")[:3])
    for node in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(guard)))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        if node.func.id == "_" and isinstance(node.args[0], ast.Constant):
            yield str(node.args[0].value)
            continue
        called = guard.__globals__.get(node.func.id)
        if inspect.isfunction(called) and called.__module__.startswith(package):
            yield from reasons(called, seen | {name})


def cell(text: str) -> str:
    """Return a text that a cell of a table can hold."""
    return PLACE.sub("…", text).replace("|", "\\|").replace("\n", " ")


def row(flow: Any, step: Any, words: dict[str, str], say: Callable[[Any], str]) -> str:
    """Return the line of one step."""
    from linli.base.accounts.policies import ROLES
    from linli.kernel.scope.registry import roles_with

    holders = roles_with(step.permission)
    who = words["join"].join(say(label) for role, label in ROLES.items() if role in holders)
    fields = step.form.base_fields.values() if step.form else ()
    asked = (f"{say(field.label)}{'*' if field.required else ''}" for field in fields)
    sources = (say(label) for name, label in flow.states.items() if name in step.sources)
    target = say(flow.states[step.target]) if step.target else words["stays"]
    stops = (cell(say(text)) for guard in step.guards for text in reasons(guard))
    cells = (
        f"{say(step.label)} `{step.name}`",
        words["join"].join(sources),
        target,
        f"{who or words['nobody']} `{step.permission}`",
        words["join"].join(asked) or "—",
        "<br>".join(dict.fromkeys(stops)) or "—",
    )
    return f"| {' | '.join(cells)} |"


def section(flow: Any, language: str, say: Callable[[Any], str]) -> list[str]:
    """Return diagram and table of a flow in one language."""
    from linli.kernel.flow import mermaid

    words = WORDS[language]
    where = f"{flow.allows.__module__}.{flow.allows.__qualname__}"
    return [
        f"## {words['title']}",
        "",
        "```mermaid",
        mermaid(flow, say).rstrip(),
        "```",
        "",
        words["head"],
        "|---|---|---|---|---|---|",
        *(row(flow, step, words, say) for step in flow.steps),
        "",
        words["rule"].format(where=where),
        "",
    ]


def page(flow: Any) -> str:
    """Return the whole page of one flow."""
    rule = [f"> {line}".rstrip() for line in (inspect.getdoc(flow.allows) or "").splitlines()]
    lines = [
        f"# `{flow.name}`",
        "",
        "Written by `make docs` from the code; do not edit. 由 `make docs` 据代码生成，请勿手改。",
        "",
        *section(flow, "zh", str),
        *section(flow, "en", english()),
        *rule,
    ]
    return "\n".join(lines) + "\n"


def pages() -> dict[str, str]:
    """Return the text of each page by its file name, in the language of the sources."""
    from django.utils import translation

    from linli.kernel.flow import all_flows

    with translation.override("zh-hans"):
        return {f"{flow.name}.md": page(flow) for flow in all_flows()}


def main() -> None:
    """Write every page and drop those of flows that are gone."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.site.settings")
    django.setup()
    written = pages()
    FOLDER.mkdir(parents=True, exist_ok=True)
    for path in FOLDER.glob("*.md"):
        if path.name not in written:
            path.unlink()
    for name, text in written.items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
