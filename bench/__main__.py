"""`python -m bench`: build a district in a database of its own, measure, print tables."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PARTS = ("intake", "reads", "grids", "hotspots", "layout", "matters", "ledgers", "accuracy")


@dataclass(frozen=True)
class Scale:
    """How much is measured."""

    sizes: Sequence[int]
    visits: int
    seconds: float
    repeats: int
    grids: int
    points: int
    days: int
    simulated: int
    dwellings: int
    residents: int


FULL = Scale((10_000, 100_000, 1_000_000), 60, 8, 5, 3000, 200_000, 30, 200, 5000, 1_000_000)
QUICK = Scale((2_000, 10_000, 20_000), 20, 2, 2, 3000, 20_000, 5, 20, 1000, 50_000)
SMOKE = Scale((300, 600), 2, 0.5, 1, 60, 200, 2, 2, 250, 400)


def main() -> int:
    """Run what was asked for; the exit code is 1 where a rule on growth is broken."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--only", choices=PARTS, action="append", help="one part; may be repeated")
    parser.add_argument("--quick", action="store_true", help="small sizes and few repeats")
    parser.add_argument("--smoke", action="store_true", help="only see that everything runs")
    parser.add_argument("--sizes", help="numbers of cases, as 10000,100000,1000000")
    parser.add_argument(
        "--texts",
        type=Path,
        default=ROOT.parent / "shared" / "data" / "complaints_zh.csv",
        help="complaints with title, text and category, to measure suggestions with",
    )
    parser.add_argument("--home", type=Path, default=ROOT / ".linli" / "bench", help="data folder")
    options = parser.parse_args()
    parts = options.only or PARTS
    if len(parts) > 1:  # each in a process and a database of its own
        rest = [word for word in sys.argv[1:] if word not in {"--only", *PARTS}]
        return max(
            subprocess.run(
                [sys.executable, "-m", "bench", "--only", part, *rest], check=False, cwd=ROOT
            ).returncode
            for part in parts
        )
    if parts[0] == "accuracy":
        from . import accuracy

        accuracy.run(options.texts)
        return 0
    home = options.home.resolve()
    from linli.site import postgres

    try:
        return _run(parts[0], options, home)
    finally:
        postgres.stop(home / "pg")
        shutil.rmtree(home, ignore_errors=True)


def prepare(home: Path) -> None:
    """Start a fresh embedded database under `home` and build the district in it."""
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    os.environ |= {
        "LINLI_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "linli.site.settings",
        "LINLI_DEMO": "1",
        "LINLI_LOG_LEVEL": "ERROR",
    }
    os.environ.pop("DATABASE_URL", None)
    from linli.site import databases

    databases.prepare()
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from . import world

    world.build()


def _run(part: str, options: argparse.Namespace, home: Path) -> int:
    from . import table

    scale = SMOKE if options.smoke else QUICK if options.quick else FULL
    sizes = [int(n) for n in options.sizes.split(",")] if options.sizes else scale.sizes
    print(f"Machine: {table.machine()}", flush=True)
    prepare(home)
    kept = True
    if part == "grids":
        from . import grids

        grids.run(grids=scale.grids, points=scale.points, repeats=scale.repeats)
    elif part == "intake":
        from . import intake

        intake.run(home, seconds=scale.seconds, repeats=scale.repeats)
    elif part == "hotspots":
        from . import hotspots

        hotspots.run(sizes[-1], days=scale.days, simulated=scale.simulated)
    elif part == "matters":
        from . import matters

        kept = matters.run(sizes, times=scale.visits)
    elif part == "ledgers":
        from . import ledgers

        kept = ledgers.run(sizes[-1] if options.sizes else scale.residents)
    elif part == "layout":
        from . import layouts

        kept = layouts.run(dwellings=scale.dwellings)
    else:
        from . import reads

        kept = reads.run(sizes, times=scale.visits)
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
