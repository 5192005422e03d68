"""How the official names of areas are shortened."""

from __future__ import annotations

COMMITTEE = "居民委员会"


def short_name(name: str) -> str:
    """Return a community's name as people say it: 中学街社区 for 中学街社区居民委员会."""
    return name.removesuffix(COMMITTEE) or name
