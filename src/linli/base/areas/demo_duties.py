"""The demonstration's postings; they come after the accounts."""

from __future__ import annotations

from datetime import datetime

from .duties.demo import post_people


def load_demo(now: datetime) -> None:
    """Fill most posts of the areas that stand."""
    post_people(now)
