"""The rating a reporter gives, as a form."""

from __future__ import annotations

from typing import Any

from django import forms

from linli.work.cases.models import Case, Nature, State
from linli.work.cases.queries import rating_form


def rate_form(case: Case, data: Any = None) -> forms.Form | None:
    """Return the rating form of a closed case, with the earlier answer filled in."""
    rated = case.state == State.CLOSED and case.nature != Nature.PRAISE
    return rating_form(case, data) if rated else None
