"""Each benchmark runs at a tiny size, so that none rots."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from bench.__main__ import PARTS

ROOT = Path(__file__).resolve().parents[2]
WORDS = {
    "intake": ("Machine:", "Anonymous intake", "raw / HTTP"),
    "reads": ("cockpit",),
    "grids": ("Point to grid",),
    "hotspots": ("Hot spots at",),
    "layout": ("Layout for 250 dwellings",),
    "matters": ("Duplicates and suggestions",),
    "ledgers": ("Ledger taken over", "Search among"),
    "accuracy": ("Accuracy",),
}


@pytest.mark.parametrize("part", PARTS)
def test_every_benchmark_prints_its_table(part, tmp_path):
    env = {
        name: value
        for name, value in os.environ.items()
        if name not in {"LINLI_TESTING", "DATABASE_URL", "LINLI_EMBEDDED"}
    }
    home = str(tmp_path / "home")
    done = subprocess.run(
        [sys.executable, "-m", "bench", "--smoke", "--only", part, "--home", home],
        check=False,
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        timeout=280,
    )
    assert done.returncode in {0, 1}, done.stderr[-3000:]  # 1: too slow by the rule on growth
    for word in WORDS[part]:
        assert word in done.stdout, done.stdout + done.stderr[-2000:]
