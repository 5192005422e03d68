"""What every template knows: the face it is drawn for and the display settings."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def face(request: HttpRequest) -> dict[str, Any]:
    """Return site name, demo flag, display choices and the actor for templates."""
    theme = request.COOKIES.get("linli_theme", "auto")
    theme = theme if theme in {"light", "dark"} else "auto"
    large = request.COOKIES.get("linli_large", "")
    return {
        "site_name": settings.SITE_NAME,
        "is_demo": settings.DEMO,
        "second_factor": settings.STAFF_SECOND_FACTOR,
        "large_type": large if large in {"1", "2", "3"} else "",
        "theme": "light" if theme == "auto" else theme,
        "theme_choice": theme,
        "actor": getattr(request, "actor", None),
        "map_tiles_url": settings.MAP_TILES_URL,
        "map_tiles_credit": settings.MAP_TILES_CREDIT,
    }
