"""Drawn pictures that stand for photos in the demonstration, each marked as an example."""

from __future__ import annotations

import io
from random import Random

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image, ImageDraw, ImageFont

from .actions.bulk import Stored
from .attachments import clean_files

SIZE = (640, 480)
SKIES = ("#cfe3ee", "#e9e2d3", "#b9c9d9", "#f0d9c0", "#d7e6d0", "#c7cbd6")
WALLS = ("#b98a6a", "#8d99a6", "#c9b28b", "#a7b59a", "#9c8fa8", "#c08a80")


def draw(rng: Random) -> bytes:
    """Return a street scene with houses, trees and a pile, captioned as an example, as JPEG."""
    image = Image.new("RGB", SIZE, rng.choice(SKIES))
    pen = ImageDraw.Draw(image)
    left = -20
    while left < SIZE[0]:
        width, top = rng.randint(90, 170), rng.randint(60, 190)
        _house(pen, rng, left, top, width)
        left += width + rng.randint(4, 40)
    pen.rectangle((0, 330, 640, 480), fill="#8b8d8e")
    pen.rectangle((0, 330, 640, 350), fill="#b7b5ad")
    for x in range(10, 640, 90):
        pen.rectangle((x, 410, x + 45, 416), fill="#e8e4d8")
    for _ in range(rng.randint(1, 4)):
        x = rng.randint(30, 600)
        pen.rectangle((x - 4, 250, x + 4, 335), fill="#6d5741")
        pen.ellipse((x - 38, 180, x + 38, 270), fill=rng.choice(("#5f8a56", "#7d9c4f", "#4d7a5e")))
    for _ in range(rng.randint(5, 14)):
        x, y = rng.randint(180, 430), rng.randint(345, 395)
        colour = rng.choice(("#3f4a52", "#6b4f3a", "#c8c2b4", "#37604b"))
        pen.ellipse((x, y, x + rng.randint(20, 50), y + rng.randint(14, 34)), fill=colour)
    pen.rectangle((0, 444, 640, 480), fill="#1d2b36")
    pen.text((14, 450), _caption(), fill="#ffffff", font=_font())
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()


def _house(pen: ImageDraw.ImageDraw, rng: Random, left: int, top: int, width: int) -> None:
    pen.rectangle((left, top, left + width, 335), fill=rng.choice(WALLS))
    for x in range(left + 12, left + width - 18, 30):
        for y in range(top + 14, 315, 36):
            pen.rectangle(
                (x, y, x + 16, y + 20), fill=rng.choice(("#f4e9c6", "#53616b", "#6f7f8a"))
            )


FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
)


def _chinese() -> str | None:
    for path in FONTS:
        try:
            ImageFont.truetype(path, 22)
        except OSError:
            continue
        return path
    return None


def _font() -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    path = _chinese()
    return ImageFont.truetype(path, 22) if path else ImageFont.load_default(size=22)


def _caption() -> str:
    return "示例照片 · 非实景" if _chinese() else "SAMPLE PICTURE"


def store_photos(count: int = 8, seed: int = 11) -> list[Stored]:
    """Draw and store the pictures once, and return them; the same ones every time."""
    rng = Random(seed)  # noqa: S311 - drawing, no secret
    found = []
    for number in range(1, count + 1):
        cleaned = clean_files([ContentFile(draw(rng), name=f"示例照片{number}.jpg")])[0]
        names = (f"cases/demo/{number}.jpg", f"cases/demo/{number}-s.jpg")
        for name, body in zip(names, (cleaned.body, cleaned.thumbnail or b""), strict=True):
            if default_storage.exists(name):
                default_storage.delete(name)
            default_storage.save(name, ContentFile(body))
        found.append(Stored(*names, cleaned))
    return found
