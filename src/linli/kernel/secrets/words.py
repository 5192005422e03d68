"""Find an encrypted name by a piece of it, its pinyin or initials; none is stored in the clear.

Each piece becomes a keyed hash of forty bits, kept as a lexeme of a tsvector. Who reads the table
without the key sees which names share pieces, and how often, but not which pieces they are.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import lru_cache
from typing import Any

from django.contrib.postgres.search import SearchQuery

from .index_keys import index_key

CHINESE = re.compile(r"[㐀-鿿·]+")
LATIN = re.compile(r"[a-z]+")
SHORTEST = 2  # characters: one alone finds too much to be of use


# Base 32 by ten bits at a time: the hashes of a district's names are made by the million.
_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
_PAIRS = [first + second for first in _LETTERS for second in _LETTERS]


@lru_cache(maxsize=8)
def _keyed(key: str) -> Any:
    return hashlib.blake2b(digest_size=5, key=key.encode()[:64], person=b"linli.words")


@lru_cache(maxsize=100_000)
def _hash(piece: str, key: str) -> str:
    digest = _keyed(key).copy()
    digest.update(piece.encode())
    bits = int.from_bytes(digest.digest(), "big")
    return (
        _PAIRS[bits >> 30] + _PAIRS[bits >> 20 & 1023] + _PAIRS[bits >> 10 & 1023]
        + _PAIRS[bits & 1023]
    )  # fmt: skip


@lru_cache(maxsize=4096)
def _syllables(char: str) -> str:
    from pypinyin import Style, lazy_pinyin

    return "".join(lazy_pinyin(char, style=Style.NORMAL, errors="ignore")).lower()


@lru_cache(maxsize=1024)
def _surname(char: str) -> str:
    """Return how a character reads as a surname: 单 is shan, 曾 is zeng."""
    return SURNAMES.get(char) or _syllables(char)


# Characters that read otherwise as a surname than the dictionary's first reading.
SURNAMES = {
    "单": "shan", "曾": "zeng", "解": "xie", "仇": "qiu", "朴": "piao", "查": "zha", "盖": "ge",
    "任": "ren", "区": "ou", "尉": "wei", "乐": "yue", "冼": "xian", "缪": "miao", "翟": "zhai",
    "员": "yun", "召": "shao", "繁": "po", "华": "hua", "宁": "ning", "纪": "ji", "葛": "ge",
    "重": "chong", "秘": "bi", "折": "she", "黑": "he", "么": "yao", "燕": "yan", "褚": "chu",
}  # fmt: skip


@lru_cache(maxsize=16)
def _runs(count: int) -> list[tuple[int, int]]:
    """Return where each run of at least two neighbours among so many begins and ends."""
    return [(a, b) for a in range(count) for b in range(a + SHORTEST, count + 1)]


def pieces_of(name: str) -> set[str]:
    """Return the pieces under which a name is found: of 张三丰 also 三丰, zhangsan, zs."""
    text = unicodedata.normalize("NFKC", name).lower()
    found: set[str] = set()
    for run in CHINESE.findall(text):
        chars = [char for char in run if char != "·"]
        sounds = [_surname(chars[0]), *map(_syllables, chars[1:])] if chars else []
        if len(chars) > 6:  # a foreign name in characters: no more pieces than a long Chinese one
            chars, sounds = chars[:6], sounds[:6]
        sounds = [sound for sound in sounds if sound]  # a rare character may have none
        for run_of in ("".join(chars), "".join([sound[0] for sound in sounds])):
            found.update(run_of[a:b] for a, b in _runs(len(run_of)))
        found.update("".join(sounds[a:b]) for a, b in _runs(len(sounds)))
        found.update(sounds[:1], sounds[-1:])  # the surname, and how the name ends
    words = LATIN.findall(text)
    found |= {word for word in words if len(word) >= SHORTEST}
    return {piece for piece in found if piece}


@lru_cache(maxsize=200_000)
def _hashed(name: str, key: str) -> str:
    return " ".join(sorted({_hash(piece, key) for piece in pieces_of(name)}))


def blind_words(name: str) -> str:
    """Return the hashed pieces of a name, parted by blanks: what a tsvector column takes."""
    return _hashed(name.strip(), index_key())


class HashQuery(SearchQuery):
    """A tsquery of hashes as they stand: `to_tsquery` would read `3e3of2h6` as a number first."""

    template = "(%(expressions)s)::tsquery"

    def __init__(self, hashes: str) -> None:
        super().__init__(hashes, config=None, search_type="raw")


def blind_query(text: str) -> str:
    """Return the tsquery for what somebody typed, or blank where it is too short to ask.

    Characters and Latin letters may be mixed; each run must be a piece of the name.
    """
    plain = unicodedata.normalize("NFKC", text).lower()
    asked = ["".join(run.split("·")) for run in CHINESE.findall(plain)] + LATIN.findall(plain)
    if not asked or any(len(run) < SHORTEST for run in asked):
        return ""
    # Seven characters and more are kept as their first six.
    asked = [run[:6] if CHINESE.fullmatch(run) else run for run in asked]
    key = index_key()
    return " & ".join(_hash(run, key) for run in asked)
