"""Each benchmark runs at a tiny size, so that none rots."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_every_benchmark_prints_its_table(tmp_path):
    env = {
        name: value
        for name, value in os.environ.items()
        if name not in {"LINLI_TESTING", "DATABASE_URL", "LINLI_EMBEDDED"}
    }
    done = subprocess.run(
        [sys.executable, "-m", "bench", "--smoke", "--home", str(tmp_path / "home")],
        check=False,
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.returncode in {0, 1}, done.stderr[-3000:]  # 1: too slow by the rule on growth
    for word in (
        "Machine:",
        "Point to grid",
        "Anonymous intake",
        "raw / HTTP",
        "cockpit",
        "Hot spots at",
        "Duplicates and suggestions",
        "Accuracy",
    ):
        assert word in done.stdout, done.stdout + done.stderr[-2000:]
