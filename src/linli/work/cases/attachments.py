"""Check and clean what people attach: sniffed type, size limit, no EXIF, a thumbnail."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

import puremagic
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from . import voice as voice_notes

PHOTO_FORMATS = {"JPEG", "PNG", "WEBP"}
LONGEST_EDGE, THUMB_EDGE = 2048, 320
MOST_PIXELS = 60_000_000
SUFFIXES = {"application/pdf": ".pdf", **voice_notes.KINDS}


@dataclass(frozen=True)
class Cleaned:
    """A file that may be stored: photos are re-encoded as JPEG without any metadata."""

    name: str
    mime: str
    body: bytes
    thumbnail: bytes | None

    @property
    def suffix(self) -> str:
        """Return the ending of the stored file's name, with its dot."""
        return SUFFIXES.get(self.mime, ".jpg")

    @property
    def sha256(self) -> str:
        """Return the hash of the stored bytes."""
        return hashlib.sha256(self.body).hexdigest()


def clean_files(files: Iterable[Any], *, voice: bool = False) -> list[Cleaned]:
    """Return the uploads ready to store; raises ValidationError with one message per bad file.

    `voice` lets spoken notes through as well, as staff in the field record them.
    """
    uploads = list(files)
    if len(uploads) > settings.UPLOAD_MAX_FILES:
        raise ValidationError(
            _("一次最多上传%(most)d个文件，您选了%(n)d个。")
            % {"most": settings.UPLOAD_MAX_FILES, "n": len(uploads)}
        )
    cleaned: list[Cleaned] = []
    faults: list[str] = []
    for upload in uploads:
        try:
            cleaned.append(_clean_one(upload, voice))
        except ValidationError as error:
            faults += [f"{upload.name}{_('：')}{message}" for message in error.messages]
    if faults:
        raise ValidationError(faults)
    return cleaned


def _clean_one(upload: Any, voice: bool) -> Cleaned:
    if upload.size > settings.UPLOAD_MAX_BYTES:
        raise ValidationError(
            _("文件太大，不能超过%(mb)d MB。") % {"mb": settings.UPLOAD_MAX_BYTES // 1024 // 1024}
        )
    body = upload.read()
    if not body:
        raise ValidationError(_("文件是空的。"))
    stem = PurePath(upload.name).stem[:80] or "file"
    if body.startswith(b"%PDF-"):
        return Cleaned(f"{stem}.pdf", "application/pdf", body, None)
    if voice and (mime := voice_notes.kind_of(body)):
        if len(body) > voice_notes.MOST_BYTES:
            raise ValidationError(_("语音太长，请分几段录。"))
        return Cleaned(f"{stem}{voice_notes.KINDS[mime]}", mime, body, None)
    return _clean_photo(stem, body)


def _clean_photo(stem: str, body: bytes) -> Cleaned:
    try:
        with Image.open(io.BytesIO(body)) as image:
            if image.format not in PHOTO_FORMATS:
                raise ValidationError(_wrong_type(body))
            if image.width * image.height > MOST_PIXELS:
                raise ValidationError(_("照片的像素太多，请缩小后再传。"))
            image.draft("RGB", (LONGEST_EDGE, LONGEST_EDGE))
            upright = ImageOps.exif_transpose(image).convert("RGB")
    except ValidationError:
        raise
    except Exception as error:  # Pillow raises many kinds on damaged files
        raise ValidationError(_wrong_type(body)) from error
    upright.thumbnail((LONGEST_EDGE, LONGEST_EDGE))
    full = _jpeg(upright, 85)
    upright.thumbnail((THUMB_EDGE, THUMB_EDGE))
    return Cleaned(f"{stem}.jpg", "image/jpeg", full, _jpeg(upright, 78))


def _jpeg(image: Image.Image, quality: int) -> bytes:
    bare = Image.new("RGB", image.size)
    bare.paste(image)
    out = io.BytesIO()
    bare.save(out, "JPEG", quality=quality)
    return out.getvalue()


def _wrong_type(body: bytes) -> str:
    try:
        seen = puremagic.from_string(body).lstrip(".") or "?"
    except (puremagic.PureError, ValueError):
        seen = "?"
    return _("只能上传照片（JPG、PNG、WEBP）或PDF；这个文件的实际类型是“%(seen)s”，或已损坏。") % {
        "seen": seen
    }
