"""Photos of a report that was not yet complete: kept until it is, so nobody uploads them twice."""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path
from uuid import UUID

from django.conf import settings

from linli.work.cases.actions import Cleaned

KEEP_SECONDS = 24 * 3600


def _folder(token: UUID) -> Path:
    return Path(settings.HOME) / "drafts" / token.hex


def keep(token: UUID, files: list[Cleaned]) -> None:
    """Add files to a draft."""
    folder = _folder(token)
    folder.mkdir(parents=True, exist_ok=True)
    for cleaned in files:
        stem = folder / cleaned.sha256
        stem.with_suffix(".body").write_bytes(cleaned.body)
        if cleaned.thumbnail:
            stem.with_suffix(".thumb").write_bytes(cleaned.thumbnail)
        stem.with_suffix(".json").write_text(
            json.dumps({"name": cleaned.name, "mime": cleaned.mime}), encoding="utf-8"
        )


def kept(token: UUID) -> list[Cleaned]:
    """Return the files of a draft."""
    found = []
    for about in sorted(_folder(token).glob("*.json")):
        data = json.loads(about.read_text(encoding="utf-8"))
        thumbnail = about.with_suffix(".thumb")
        found.append(
            Cleaned(
                data["name"],
                data["mime"],
                about.with_suffix(".body").read_bytes(),
                thumbnail.read_bytes() if thumbnail.exists() else None,
            )
        )
    return found


def drop(token: UUID) -> None:
    """Forget a draft."""
    shutil.rmtree(_folder(token), ignore_errors=True)


def drop_old(now: float | None = None) -> int:
    """Forget drafts nobody finished within a day; return how many."""
    count, limit = 0, (now or time.time()) - KEEP_SECONDS
    for folder in (Path(settings.HOME) / "drafts").glob("*"):
        if folder.stat().st_mtime < limit:
            shutil.rmtree(folder, ignore_errors=True)
            count += 1
    return count
