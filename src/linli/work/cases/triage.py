"""Automatic dispatch: where a rule says so, the system accepts and dispatches at once."""

from __future__ import annotations

from datetime import datetime

from .dispatching import rule_for
from .models import Case


def is_automatic(case: Case, now: datetime) -> bool:
    """Tell whether the rule for this case dispatches without a dispatcher."""
    rule = rule_for(case.category, case.area_code, now)
    return rule is not None and rule.automatic


def defer_triage(case_id: int) -> None:
    """Queue the automatic dispatch of a case; it commits with the case."""
    from .jobs import triage_case

    triage_case.defer(case_id=case_id)
