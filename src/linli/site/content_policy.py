"""What a page may load: our own files only, and the tiles of the map where a server is named."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

SELF, NONE = "'self'", "'none'"


def content_policy(tiles_url: str = "") -> dict[str, Any]:
    """Return django-csp's setting; no script written into a page runs, from whomever it comes.

    `tiles_url` is the address of map tiles with placeholders, blank where there are none.
    """
    # Tile addresses may begin with a placeholder for one of several hosts: https://{s}.example
    tiles = urlsplit(tiles_url.replace("{s}", "*"))
    images = [SELF, "data:", "blob:"]
    if tiles.netloc:
        images.append(f"{tiles.scheme}://{tiles.netloc}")
    return {
        "DIRECTIVES": {
            "default-src": [SELF],
            "script-src": [SELF],
            # Maps and charts set sizes and places on elements; sheets must still be our own.
            "style-src": [SELF],
            "style-src-attr": ["'unsafe-inline'"],
            "img-src": images,
            # The phone plays back a voice note that it has not sent yet.
            "media-src": [SELF, "blob:"],
            "worker-src": [SELF],
            "manifest-src": [SELF],
            "object-src": [NONE],
            "base-uri": [NONE],
            "form-action": [SELF],
            "frame-ancestors": [NONE],
        }
    }
