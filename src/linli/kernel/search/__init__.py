"""Search: Chinese words, names and pinyin initials in a tsvector('simple')."""

from .vector import lexemes, pairs_of, search_query, to_tsvector, warm, words_of

__all__ = ["lexemes", "pairs_of", "search_query", "to_tsvector", "warm", "words_of"]
