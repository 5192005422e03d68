"""Draw docs/architecture.svg from the imports of the code: wings as layers, modules as boxes.

The order of the wings is that of the import contract in pyproject.toml. The drawing depends on the
sources alone, so that a test can tell whether the one kept is current.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from html import escape
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parent.parent
PICTURE = ROOT / "docs" / "architecture.svg"
CAPTIONS = {
    "site": ("总装", "settings, addresses, command line"),
    "insight": ("成效", "what it adds up to"),
    "doors": ("入口", "how people come in"),
    "life": ("社区生活", "community life"),
    "work": ("事务", "what is asked and carried through"),
    "base": ("底座", "who and where"),
    "kernel": ("内核", "mechanisms that know no domain"),
}
WIDTH, LEFT, TOP, BAND, GAP = 1200, 236, 64, 74, 46
BOX_HEIGHT, MOST_WIDE = 36, 140
STYLE = """
  .paper { fill: #ffffff } .band { fill: #f1f5f9 } .box { fill: #ffffff; stroke: #475569 }
  text { fill: #0f172a; font: 13px system-ui, "Noto Sans CJK SC", sans-serif }
  .wing { font-weight: 600; font-size: 15px } .soft { fill: #475569; font-size: 11px }
  .arrow { fill: none; stroke: #2563eb; stroke-width: 1; opacity: .28 }
  .arrow:hover { opacity: 1; stroke-width: 2 } .head { fill: #2563eb; opacity: .5 }
  .middle { text-anchor: middle }
  @media (prefers-color-scheme: dark) {
    .paper { fill: #0f172a } .band { fill: #1e293b } .box { fill: #0f172a; stroke: #94a3b8 }
    text { fill: #f1f5f9 } .soft { fill: #cbd5e1 }
    .arrow { stroke: #93c5fd; opacity: .4 } .head { fill: #93c5fd }
  }
"""


@dataclass(frozen=True)
class Box:
    """Where one module stands."""

    left: float
    top: float
    width: float

    @property
    def middle(self) -> float:
        """Return the box's middle from the left."""
        return self.left + self.width / 2

    @property
    def bottom(self) -> float:
        """Return the box's lower edge."""
        return self.top + BOX_HEIGHT


def wings() -> list[str]:
    """Return the wings from the highest down, as the import contract has them."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    return list(next(one for one in contracts if one["id"] == "wings")["layers"])


def module_of(dotted: str) -> str | None:
    """Return "wing.module" of a dotted name, "site" for all of the site, None for neither."""
    parts = dotted.split(".")
    if "migrations" in parts or len(parts) < 2 or parts[1] == "locale":
        return None
    if parts[1] == "site":
        return "site"
    return ".".join(parts[1:3]) if len(parts) > 2 else None


def read() -> tuple[dict[str, list[str]], dict[tuple[str, str], int]]:
    """Return each wing's modules, and how many files of a module import from another module."""
    graph = grimp.build_graph("linli", cache_dir=None)
    modules: dict[str, set[str]] = {wing: set() for wing in wings()}
    arrows: dict[tuple[str, str], set[str]] = {}
    for name in graph.modules:
        source = module_of(name)
        if source is None:
            continue
        modules[source.split(".")[0]].add(source)
        for imported in graph.find_modules_directly_imported_by(name):
            target = module_of(imported)
            if target is not None and target != source:
                arrows.setdefault((source, target), set()).add(name)
    return (
        {wing: sorted(found) for wing, found in modules.items()},
        {pair: len(files) for pair, files in sorted(arrows.items())},
    )


def place(modules: dict[str, list[str]]) -> dict[str, Box]:
    """Return where each module stands: one row for each wing, the boxes spread evenly."""
    boxes = {}
    room = WIDTH - LEFT - 20
    for row, found in enumerate(modules.values()):
        top = TOP + row * (BAND + GAP) + (BAND - BOX_HEIGHT) / 2
        for column, module in enumerate(found):
            share = room / len(found)
            width = room - 24 if module == "site" else min(MOST_WIDE, share - 12)
            left = LEFT + share * (column + 0.5) - width / 2
            boxes[module] = Box(round(left, 1), top, round(width, 1))
    return boxes


def arrow(source: Box, target: Box) -> str:
    """Return the path of an arrow: down to a lower wing, or in a bow below its own row."""
    if source.top == target.top:
        start, end = source.middle, target.middle
        low = source.bottom + 12 + abs(end - start) * 0.05
        return (
            f"M{start:.1f} {source.bottom:.1f} C{start:.1f} {low:.1f} {end:.1f} {low:.1f} "
            f"{end:.1f} {target.bottom + 4:.1f}"
        )
    # A wide box sends its arrows from above their targets.
    edge = source.width / 2 - 10
    start = source.middle + max(-edge, min(edge, (target.middle - source.middle) * 0.3))
    half = (target.top - source.bottom) / 2
    return (
        f"M{start:.1f} {source.bottom:.1f} C{start:.1f} {source.bottom + half:.1f} "
        f"{target.middle:.1f} {target.top - half:.1f} {target.middle:.1f} {target.top - 4:.1f}"
    )


def draw() -> str:
    """Return the whole drawing."""
    modules, arrows = read()
    boxes = place(modules)
    height = TOP + len(modules) * (BAND + GAP) - GAP + 36
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">',
        "<title>Linli 邻里: modules and what they import</title>",
        f"<style>{STYLE}</style>",
        '<defs><marker id="head" viewBox="0 0 6 6" refX="3" refY="3" markerWidth="6"'
        ' markerHeight="6" orient="auto"><path class="head" d="M0 0 6 3 0 6z"/></marker></defs>',
        f'<rect class="paper" width="{WIDTH}" height="{height}" rx="8"/>',
        '<text x="20" y="30" class="wing">Linli 邻里</text>',
        '<text x="20" y="50" class="soft">An arrow leads from a module to one it imports; a wing'
        " imports only from wings below it. 箭头从引用方指向被引用方；各层只能引用下层。</text>",
    ]
    for row, (wing, found) in enumerate(modules.items()):
        lines += _band(wing, TOP + row * (BAND + GAP), bool(found))
    for (source, target), files in arrows.items():
        way = arrow(boxes[source], boxes[target])
        lines.append(
            f'<path class="arrow" marker-end="url(#head)" d="{way}">'
            f"<title>{source} → {target} ({files})</title></path>"
        )
    for module, box in boxes.items():
        lines.append(
            f'<rect class="box" x="{box.left}" y="{box.top}" width="{box.width}"'
            f' height="{BOX_HEIGHT}" rx="5"/><text class="middle" x="{box.middle:.1f}"'
            f' y="{box.top + 23}">{escape(module.rpartition(".")[2])}</text>'
        )
    return "\n".join([*lines, "</svg>", ""])


def _band(wing: str, top: float, filled: bool) -> list[str]:
    """Return the ground of a wing with its name."""
    chinese, english = CAPTIONS[wing]
    lines = [
        f'<rect class="band" x="10" y="{top}" width="{WIDTH - 20}" height="{BAND}" rx="6"/>',
        f'<text x="20" y="{top + 32}" class="wing">{wing} {chinese}</text>',
        f'<text x="20" y="{top + 52}" class="soft">{escape(english)}</text>',
    ]
    if not filled:
        lines.append(
            f'<text x="{(LEFT + WIDTH) / 2}" y="{top + 42}" class="soft middle">'
            "no module yet 暂无模块</text>"
        )
    return lines


def main() -> None:
    """Write the drawing."""
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_text(draw(), encoding="utf-8")


if __name__ == "__main__":
    main()
