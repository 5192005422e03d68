"""How the official names of areas are shortened."""

from __future__ import annotations

COMMITTEE = "居民委员会"


def short_name(name: str) -> str:
    """Return a community's name as people say it: 中学街社区 for 中学街社区居民委员会."""
    return name.removesuffix(COMMITTEE) or name


def village(name: str) -> bool:
    """Tell whether a name is that of a village or its committee."""
    return name.strip().endswith(("村民委员会", "村委会", "村"))


def numbered(number: int) -> str:
    """Return the name of a grid that has only a number, as it is kept in the register."""
    return f"第{number}网格"
