"""Turn text into what PostgreSQL's full-text search stores and asks."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Value

WORD = re.compile(r"[a-z0-9]+|[一-鿿]", re.IGNORECASE)


def _pairs(text: str) -> list[str]:
    parts = WORD.findall(text.lower())
    return parts + [a + b for a, b in pairwise(parts)]


def to_tsvector(text: str) -> Any:
    """Return the expression to store for a text in a SearchVectorField."""
    return SearchVector(Value(" ".join(_pairs(text))), config="simple")


def search_query(text: str) -> SearchQuery:
    """Return the query that finds texts holding every word of `text`."""
    return SearchQuery(" ".join(_pairs(text)), config="simple", search_type="plain")
