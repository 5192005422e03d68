"""Icons, inlined from the icon set that npm brings."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


class UnknownIcon(LookupError):
    """The icon set has no such icon: a slip in a template."""


@lru_cache(maxsize=256)
def icon_svg(name: str) -> SafeString:
    """Return an icon as decorative inline SVG; raises UnknownIcon."""
    folder = Path(settings.NODE_MODULES) / "@tabler" / "icons" / "icons" / "outline"
    path = folder / f"{name}.svg"
    if not re.fullmatch(r"[a-z0-9-]+", name) or not path.is_file():
        raise UnknownIcon(name)
    svg = COMMENT.sub("", path.read_text(encoding="utf-8")).strip()
    svg = re.sub(r"\sclass=\"[^\"]*\"", "", svg)
    svg = re.sub(r"\s+", " ", svg)
    marked = svg.replace("<svg", '<svg class="icon" aria-hidden="true" focusable="false"', 1)
    return mark_safe(marked)  # noqa: S308 - a file of the pinned package
