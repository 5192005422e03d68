"""Search: Chinese words, names and pinyin initials in a tsvector('simple')."""

from .vector import search_query, to_tsvector, warm, words_of

__all__ = ["search_query", "to_tsvector", "warm", "words_of"]
