"""Turn text into what PostgreSQL's full-text search stores and asks.

A text is stored as its single characters, its pairs of neighbouring characters (so that any piece
of two characters or more is found, however words are cut), its Latin words and numbers, and the
pinyin initials of its Chinese words, so that `ld` finds 路灯 and `zs` finds 张三.
"""

from __future__ import annotations

import logging
import re
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Value

PART = re.compile(r"[a-z0-9]+|[一-鿿]", re.IGNORECASE)
CHINESE = re.compile(r"[一-鿿]{2,}")
LONGEST_INITIALS = 8


def warm() -> None:
    """Load the dictionaries now (a second or two), so that the first request need not."""
    _initials_of("路灯不亮")


def _pairs(text: str) -> list[str]:
    parts = PART.findall(text.lower())
    return parts + [a + b for a, b in pairwise(parts)]


def pairs_of(text: str) -> list[str]:
    """Return a text's Latin words, numbers and pairs of neighbouring characters, for comparing."""
    parts = PART.findall(text.lower())
    return [part for part in parts if len(part) > 1] + [a + b for a, b in pairwise(parts)]


@lru_cache(maxsize=20_000)
def initials(word: str) -> str:
    """Return the first pinyin letters of a Chinese word: `ld` for 路灯."""
    from pypinyin import Style, lazy_pinyin

    return "".join(lazy_pinyin(word, style=Style.FIRST_LETTER, errors="ignore")).lower()


@cache
def _cutter() -> Any:
    import jieba

    jieba.setLogLevel(logging.WARNING)
    folder = Path(settings.SEARCH_CACHE)
    folder.mkdir(parents=True, exist_ok=True)
    # By default the dictionary is cached where every user of the machine may write.
    jieba.dt.tmp_dir = str(folder)
    return jieba.dt


def _cut(text: str) -> list[str]:
    """Return every dictionary word in a text, and the names that no dictionary holds."""
    cut = _cutter().cut
    return [word for run in CHINESE.findall(text) for word in (*cut(run), *cut(run, cut_all=True))]


def _initials_of(text: str) -> set[str]:
    words = {word for word in _cut(text) if 2 <= len(word) <= LONGEST_INITIALS}
    words |= {run for run in CHINESE.findall(text) if len(run) <= LONGEST_INITIALS}
    return {initials(word) for word in words} - {""}


def words_of(text: str, *, named: str = "") -> str:
    """Return the words under which a text is stored, separated by blanks.

    `named` is the part people look up by initials (a title, a name, a place); the initials of a
    long text would find too much.
    """
    return " ".join([*_pairs(f"{named} {text}"), *sorted(_initials_of(named))])


def to_tsvector(text: str, *, named: str = "") -> Any:
    """Return the expression to store for a text in a SearchVectorField; see `words_of`."""
    return SearchVector(Value(words_of(text, named=named)), config="simple")


def lexemes(text: str, *, named: str = "") -> str:
    """Return a text as the plain input of a tsvector column, for COPY; see `words_of`."""
    return " ".join(sorted(set(words_of(text, named=named).split())))


def search_query(text: str) -> SearchQuery:
    """Return the query that finds texts holding every word of `text`, initials included."""
    return SearchQuery(" ".join(_pairs(text)), config="simple", search_type="plain")
