"""Pinyin of names, so that an area is found by its initials."""

from __future__ import annotations

from functools import lru_cache

from pypinyin import Style, lazy_pinyin


@lru_cache(maxsize=8192)
def keywords_for(name: str) -> str:
    """Return "initials fullpinyin" of a name in small letters."""
    initials = "".join(lazy_pinyin(name, style=Style.FIRST_LETTER, errors="default"))
    full = "".join(lazy_pinyin(name, errors="default"))
    return f"{initials} {full}".lower()[:240]
