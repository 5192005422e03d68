"""What a person can do with a case now, and the form each step asks for."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.kernel.flow import Step
from linli.kernel.scope import Actor

from .dispatching import unit_for
from .flow import CASE_FLOW
from .models import Case, State

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


def step_rows(case: Case, actor: Actor, result: Any = None) -> list[dict[str, Any]]:
    """Return what a page shows of each step open to the actor: its form, and its one-time token.

    `result` is what became of a step just posted: where it was refused, its form comes back as
    it was typed, and its row is `active`.
    """
    rows = []
    if can_accept_and_dispatch(actor, case):
        dispatch = CASE_FLOW.step("dispatch")
        rows.append(_row("accept_and_dispatch", _("受理并派遣"), dispatch, case, actor, result))
    rows += [
        _row(step.name, step.label, step, case, actor, result)
        for step in available_steps(actor, case)
    ]
    return rows


def _row(
    name: str, label: Any, step: Step, case: Case, actor: Actor, result: Any
) -> dict[str, Any]:
    active = result is not None and result.step == name
    form = result.form if active else blank_form(step, case, actor, timezone.now())
    if form is not None:
        form.auto_id = f"id_{name}_%s"
    return {
        "name": name,
        "label": label,
        "tone": step.tone,
        "form": form,
        "active": active,
        "files": wants_files(step),
        "token": uuid.uuid4().hex,
    }
