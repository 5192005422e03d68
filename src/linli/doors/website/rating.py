"""The rating a reporter gives, as a form."""

from __future__ import annotations

from typing import Any

from django import forms

from linli.work.cases.models import Case
from linli.work.cases.queries import may_be_rated, rating_form


def rate_form(case: Case, data: Any = None) -> forms.Form | None:
    """Return the rating form of a case that may be rated, with the earlier answer filled in."""
    return rating_form(case, data) if may_be_rated(case) else None
