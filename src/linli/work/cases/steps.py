"""What a person can do with a case now, and the form each step asks for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms

from linli.kernel.flow import Step
from linli.kernel.scope import Actor

from .dispatching import unit_for
from .flow import CASE_FLOW
from .models import Case, Category, State

# Steps a return request blocks or makes possible.
ONLY_WHILE_ASKED = {"grant_return", "refuse_return"}


def available_steps(actor: Actor, case: Case) -> list[Step]:
    """Return the steps open to the actor, most likely first, without those a guard would refuse."""
    asked = case.return_requests.filter(state="asked").exists()
    return [
        step
        for step in CASE_FLOW.available(case, actor)
        if step.name == "add_note" or (step.name in ONLY_WHILE_ASKED) == asked
    ]


def blank_form(step: Step, case: Case, actor: Actor, now: datetime) -> forms.Form | None:
    """Return a step's empty form with what the system knows already filled in."""
    if step.form is None:
        return None
    initial: dict[str, Any] = {}
    if step.name == "dispatch":
        unit = unit_for(case.category, case.area_code, now)
        if unit is not None:
            initial["unit"] = unit.pk
    if step.name == "grant_return":
        request = case.return_requests.filter(state="asked").first()
        initial["unit"] = request.proposed_unit_id if request else None
    maker: Any = step.form
    if getattr(step.form, "wants_subject", False):
        form: forms.Form = maker(initial=initial, subject=case, actor=actor)
    else:
        form = maker(initial=initial)
    return form


def wants_files(step: Step) -> bool:
    """Tell whether photos may come with a step."""
    return step.name in {"report_done", "settle", "close", "add_note"}


def can_accept_and_dispatch(actor: Actor, case: Case) -> bool:
    """Tell whether the one-act "accept and dispatch" is open to the actor."""
    return case.state == State.REGISTERED and all(
        actor.can(permission, case.area_code) for permission in ("cases.accept", "cases.dispatch")
    )


def category_choices(on: datetime) -> list[tuple[str, list[tuple[int, str]]]]:
    """Return the categories in force as grouped choices for a select box."""
    day = on.date()
    groups: dict[str, list[tuple[int, str]]] = {}
    rows = Category.objects.filter(parent__isnull=False, valid_from__lte=day).select_related(
        "parent"
    )
    for row in rows:
        if row.valid_to is None or row.valid_to >= day:
            parent = row.parent
            groups.setdefault(parent.name if parent else "", []).append((row.pk, row.name))
    return list(groups.items())
