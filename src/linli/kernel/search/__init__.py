"""Search: Chinese words, names and pinyin initials in a tsvector('simple')."""

from .vector import pairs_of, search_query, to_tsvector, warm, words_of

__all__ = ["pairs_of", "search_query", "to_tsvector", "warm", "words_of"]
