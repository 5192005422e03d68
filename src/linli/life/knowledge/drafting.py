"""A draft from a closed case: what was asked and answered, without who asked."""

from __future__ import annotations

from typing import Any

from linli.work.cases.models import Case
from linli.work.cases.queries import story_of

from .rules import scrub

CLOSING = ("close", "settle", "answer")


def draft_from(case: Case) -> dict[str, Any]:
    """Return what a form begins with; personal data is left out as far as rules find it."""
    names = [case.reporter_name, case.reporter.name if case.reporter else "", case.address]
    replies = [
        entry.note for entry in story_of(case, public=True) if entry.verb in CLOSING and entry.note
    ]
    return {
        "title": scrub(case.title, names)[:80],
        "questions": scrub(case.text, names)[:1000],
        "answer": scrub("\n".join(replies), names)[:4000],
        "category": case.category.code,
        "area_code": case.area_code[:12],
    }
