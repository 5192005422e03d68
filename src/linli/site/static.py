"""Collect static files, only where something changed."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from . import env


def collect() -> bool:
    """Collect and compress static files unless the last stamp still fits; return whether it did."""
    from django.conf import settings
    from django.core.management import call_command

    target = Path(settings.STATIC_ROOT)
    stamp, now = target / ".stamp", _fingerprint()
    if stamp.exists() and stamp.read_text() == now:
        return False
    target.mkdir(parents=True, exist_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(now)
    return True


def _fingerprint() -> str:
    hasher = hashlib.sha256()
    lock = env.ROOT / "package-lock.json"
    hasher.update(lock.read_bytes() if lock.exists() else b"")
    for folder, _, names in sorted(os.walk(env.ROOT / "src")):
        if "/static" not in folder:
            continue
        for name in sorted(names):
            path = Path(folder) / name
            hasher.update(f"{path}:{path.stat().st_mtime_ns}:{path.stat().st_size};".encode())
    return hasher.hexdigest()
