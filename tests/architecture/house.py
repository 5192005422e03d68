"""What the laws of the house are checked against: the tree of sources, read once."""

from __future__ import annotations

import ast
import subprocess
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WINGS = ("kernel", "base", "work", "life", "doors", "insight", "site")  # from the lowest up


def wing_of(dotted: str) -> str:
    """Return the wing of "linli.WING.…"."""
    return dotted.split(".")[1]


def module_of(dotted: str) -> str:
    """Return "linli.WING.MODULE" of a dotted name; the site is one module."""
    parts = dotted.split(".")
    return ".".join(parts[:2]) if parts[1] == "site" else ".".join(parts[:3])


@dataclass(frozen=True)
class Source:
    """One file of Python under src, by its dotted name."""

    name: str
    text: str
    is_package: bool = False

    @cached_property
    def tree(self) -> ast.Module:
        """Return the file's syntax."""
        return ast.parse(self.text)

    @cached_property
    def imports(self) -> list[tuple[str, str, int]]:
        """Return each imported name: dotted name, the name it has here, line."""
        package = self.name if self.is_package else self.name.rpartition(".")[0]
        found = []
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    here = alias.asname or alias.name.split(".")[0]
                    found.append((alias.name, here, node.lineno))
            elif isinstance(node, ast.ImportFrom):
                base = package.split(".")
                base = base[: len(base) - node.level + 1] if node.level else []
                whence = ".".join([*base, *([node.module] if node.module else [])])
                for alias in node.names:
                    here = alias.asname or alias.name
                    found.append((f"{whence}.{alias.name}", here, node.lineno))
        return found


@cache
def sources() -> tuple[Source, ...]:
    """Return every file of Python under src/linli, without migrations."""
    found = []
    for path in sorted((ROOT / "src/linli").rglob("*.py")):
        parts = path.relative_to(ROOT / "src").with_suffix("").parts
        if "migrations" in parts or len(parts) < 3:
            continue
        is_package = parts[-1] == "__init__"
        name = ".".join(parts[:-1] if is_package else parts)
        found.append(Source(name, path.read_text(), is_package))
    return tuple(found)


@cache
def tracked() -> tuple[Path, ...]:
    """Return the files that git keeps, as paths from the root; outside a clone, none."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    names = [name for name in listed.stdout.split("\0") if name]
    return tuple(Path(name) for name in names if (ROOT / name).is_file())


def text_of(path: Path) -> str | None:
    """Return a file's text, or None for one that is not text."""
    try:
        return (ROOT / path).read_text()
    except UnicodeDecodeError:
        return None
