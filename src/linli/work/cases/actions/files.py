"""Store what was attached to a step."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.core.files.base import ContentFile

from ..attachments import Cleaned
from ..models import Attachment, Case


def store_files(case: Case, seq: int, files: Sequence[Cleaned], now: datetime) -> None:
    """Write the files and their rows; a rollback of the caller's transaction leaves no row."""
    for number, cleaned in enumerate(files, start=1):
        row = Attachment(
            case=case,
            seq=seq,
            name=name_of(cleaned, case, seq, number),
            mime=cleaned.mime,
            size=len(cleaned.body),
            sha256=cleaned.sha256,
            added_at=now,
        )
        stem = f"{case.pk}-{seq}-{cleaned.sha256[:12]}"
        row.file.save(stem + cleaned.suffix, ContentFile(cleaned.body), save=False)
        if cleaned.thumbnail:
            row.thumbnail.save(f"{stem}-s.jpg", ContentFile(cleaned.thumbnail), save=False)
        row.save()


def name_of(cleaned: Cleaned, case: Case, seq: int, number: int) -> str:
    """Return what a file is called on pages: what an informant called it may say who they are."""
    if not case.protected:
        return cleaned.name
    return f"{seq}-{number}{cleaned.suffix}"
