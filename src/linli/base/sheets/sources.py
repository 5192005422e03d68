"""What is known already: figures by community that modules plug in, and that no sheet may ask."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

# (codes of communities, day) -> code -> figure. A community left out is one it knows nothing of.
Read = Callable[[Sequence[str], date], Mapping[str, int]]


@dataclass(frozen=True)
class Source:
    """One known figure: what people call it, other words for it, and how it is read."""

    key: str
    title: Any
    synonyms: tuple[str, ...]
    read: Read
    of_people: bool = False


_SOURCES: dict[str, Source] = {}


def register_source(
    key: str, title: Any, synonyms: Iterable[str], read: Read, *, of_people: bool = False
) -> None:
    """Plug in a known figure; call it from AppConfig.ready(). A duplicate key raises.

    `synonyms` are the Chinese titles under which sheets ask for it, the usual one among them;
    `of_people` says that it counts people.
    """
    if key in _SOURCES:
        raise RuntimeError(f"the source {key} stands twice")
    _SOURCES[key] = Source(key, title, tuple(synonyms), read, of_people)


def all_sources() -> list[Source]:
    """Return every source in the order in which they were plugged in."""
    return list(_SOURCES.values())


def get_source(key: str) -> Source | None:
    """Return the source, or None where its module is gone."""
    return _SOURCES.get(key)


SAME = (("周岁", "岁"), ("及以上", "以上"), ("老年人", "老人"))
COUNTS = ("总数", "数量", "个数", "数")
PEOPLE = ("总人数", "人数", "人口数")


def plain(title: str) -> str:
    """Return a title as it is compared: half width, without blanks, brackets and words of count."""
    text = unicodedata.normalize("NFKC", title).lower()
    text = text.partition("(")[0] or text
    for word, usual in SAME:
        text = text.replace(word, usual)
    return _without("".join(mark for mark in text if mark.isalnum()), COUNTS)


def _without(text: str, tails: Iterable[str]) -> str:
    for tail in tails:
        if text.endswith(tail) and len(text) > len(tail) + 1:
            return text.removesuffix(tail)
    return text


def source_for(title: str) -> Source | None:
    """Return the source that knows what a column with this title asks for, or None.

    "低保人数" asks for the 低保; but "出租房屋人数" does not ask for the 出租房屋.
    """
    asked = plain(title)
    bare = _without(_without(f"{asked}数" if asked.endswith("人") else asked, PEOPLE), COUNTS)
    for source in _SOURCES.values():
        words = {plain(word) for word in (str(source.title), *source.synonyms)}
        if asked in words or (source.of_people and bare in words):
            return source
    return None
