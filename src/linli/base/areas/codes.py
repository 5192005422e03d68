"""Area codes: what their length says, and what is wrong with one (GB/T 2260, GB/T 10114)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from .models import CODE_LENGTH, Level

LEVEL_BY_LENGTH = {length: Level(level) for level, length in CODE_LENGTH.items()}


def level_of(code: str) -> Level | None:
    """Return the level a code's length stands for, or None."""
    return LEVEL_BY_LENGTH.get(len(code))


def parent_of(code: str) -> str:
    """Return the code of the area above; blank for a district."""
    return code[:-3] if len(code) > CODE_LENGTH[Level.DISTRICT] else ""


def fault_in(code: str, level: str = "") -> str | None:
    """Return what is wrong with a code (for a level, where given) in the user's language."""
    if not code:
        return _("缺少编码")
    if not code.isascii() or not code.isdigit():
        return _("编码只能是数字")
    if level_of(code) is None:
        return _("编码长度为%(n)d位，应为6、9、12、15或18位") % {"n": len(code)}
    if level and level not in CODE_LENGTH:
        return _("没有“%(level)s”这个层级") % {"level": level}
    if level and CODE_LENGTH[Level(level)] != len(code):
        return _("层级“%(level)s”的编码应为%(n)d位，这里是%(m)d位") % {
            "level": level,
            "n": CODE_LENGTH[Level(level)],
            "m": len(code),
        }
    return None
