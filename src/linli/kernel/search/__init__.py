"""Search: Chinese words, names and pinyin in a tsvector('simple')."""

from .vector import search_query, to_tsvector

__all__ = ["search_query", "to_tsvector"]
