"""Addresses as keys: the same place written in several ways is one place."""

from __future__ import annotations

import re
import unicodedata

_BLANK = re.compile(r"[\s,，、.。_]+")
_UNIT = re.compile(r"(\d+|[A-Z])单元")
_DIGITS = str.maketrans("零一二三四五六七八九", "0123456789")
_CHINESE_NUMBER = re.compile(r"([零一二三四五六七八九十]+)(?=号|单元|栋|幢|座|楼|室|层)")


def number_of(text: str) -> str:
    """Return a Chinese number below a hundred in digits: 十二 as 12, 二十 as 20."""
    if "十" not in text:
        return text.translate(_DIGITS)
    tens, _ten, ones = text.partition("十")
    return f"{tens.translate(_DIGITS) or '1'}{ones.translate(_DIGITS) or '0'}"


def address_key(text: str) -> str:
    """Return an address without blanks, half-width, numbers in digits, one word for a building."""
    plain = _BLANK.sub("", unicodedata.normalize("NFKC", text)).upper()
    plain = _CHINESE_NUMBER.sub(lambda match: number_of(match[1]), plain)
    return re.sub(r"(?<=\d)(栋|幢|座|号楼)", "号楼", plain)[:160]


def room_key(unit: str, room: str) -> str:
    """Return unit and room as `2-301`; without a unit only the room."""
    unit = re.sub(r"单元$", "", address_key(unit))
    room = re.sub(r"[室号]$", "", address_key(room))
    return f"{unit}-{room}"[:24] if unit else room[:24]


def split_rooms(rest: str) -> tuple[str, str]:
    """Return unit and room of what follows a building in an address: `2单元301室`, `2-301`."""
    plain = address_key(rest).lstrip("-")
    match = _UNIT.match(plain)
    if match:
        return match[1], re.sub(r"[室号]$", "", plain[match.end() :])
    unit, dash, room = plain.partition("-")
    return (unit, re.sub(r"[室号]$", "", room)) if dash else ("", re.sub(r"[室号]$", "", unit))
