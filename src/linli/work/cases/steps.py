"""What a person can do with a case now, and the form each step asks for."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.base.accounts.models import Unit, UnitKind
from linli.kernel.flow import Step
from linli.kernel.scope import Actor

from .dispatching import unit_for
from .flow import CASE_FLOW
from .models import Case, Category, Nature, State
from .setup import current

# Steps a return request blocks or makes possible.
ONLY_WHILE_ASKED = {"grant_return", "refuse_return"}
# Steps that would ask handlers or agents to call the reporter.
NOT_WITH_INFORMANT = {"contact", "call_back"}
# Steps that ask how it was handled, which nobody handles where it is praise.
NOT_WITH_PRAISE = {"rate", "call_back"}


def available_steps(actor: Actor, case: Case) -> list[Step]:
    """Return the steps open to the actor, most likely first, without those a guard would refuse."""
    asked, _unit = _asked(case)
    return [
        step
        for step in CASE_FLOW.available(case, actor)
        if (step.name == "add_note" or (step.name in ONLY_WHILE_ASKED) == asked)
        and not (step.name in NOT_WITH_INFORMANT and case.protected)
        and not (step.name in NOT_WITH_PRAISE and case.nature == Nature.PRAISE)
        and not (step.name == "answer" and case.nature != Nature.CONSULTATION)
    ]


def _asked(case: Case) -> tuple[bool, int | None]:
    """Tell whether a request to return the case is open, and which unit it proposes."""
    known = vars(case)
    if "asked" in known:  # fetched with the case by `queries.get_case`
        return known["asked"], known["asked_unit"]
    units = list(case.return_requests.filter(state="asked").values_list("proposed_unit", flat=True))
    return bool(units), units[0] if units else None


def blank_form(step: Step, case: Case, actor: Actor, now: datetime) -> forms.Form | None:
    """Return a step's empty form with what the system knows already filled in."""
    if step.form is None:
        return None
    initial: dict[str, Any] = {}
    if step.name == "dispatch":
        initial["unit"] = case.unit_id
        if case.unit_id is None and (unit := unit_for(case.category, case.area_code, now)):
            initial["unit"] = unit.pk
    if step.name == "grant_return":
        initial["unit"] = _asked(case)[1]
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
    units = cache(_unit_choices)
    if can_accept_and_dispatch(actor, case):
        dispatch = CASE_FLOW.step("dispatch")
        rows.append(
            _row("accept_and_dispatch", _("受理并派遣"), dispatch, case, actor, result, units)
        )
    rows += [
        _row(step.name, step.label, step, case, actor, result, units)
        for step in available_steps(actor, case)
    ]
    return rows


def _unit_choices() -> list[tuple[Any, Any]]:
    """Return the units by kind, departments first: who has no script scrolls less."""
    groups: dict[str, list[tuple[int, str]]] = {
        kind: [] for kind in (UnitKind.DEPARTMENT, UnitKind.DISTRICT, UnitKind.SUBDISTRICT,
                              UnitKind.COMMUNITY, UnitKind.GRID)
    }  # fmt: skip
    active = Unit.objects.filter(active=True).order_by("area_code", "pk")
    for pk, name, kind in active.values_list("pk", "name", "kind"):
        groups[kind].append((pk, name))
    found = [(UnitKind(kind).label, rows) for kind, rows in groups.items() if rows]
    return [("", "---------"), *found]


def _category_choices() -> list[tuple[Any, str]]:
    leaves = [row for row in current().categories.values() if row.parent_id and not row.valid_to]
    return [("", "---------"), *((row.pk, row.name) for row in leaves)]


def _row(
    name: str,
    label: Any,
    step: Step,
    case: Case,
    actor: Actor,
    result: Any,
    units: Callable[[], list[tuple[Any, Any]]],
) -> dict[str, Any]:
    active = result is not None and result.step == name
    form = result.form if active else blank_form(step, case, actor, timezone.now())
    if form is not None:
        form.auto_id = f"id_{name}_%s"
        # Forms of one page share their choices, so that each list is read once.
        choices = {Unit: units, Category: _category_choices}
        for field in form.fields.values():
            if isinstance(field, forms.ModelChoiceField) and field.queryset is not None:
                field.choices = choices[field.queryset.model]
                if field.queryset.model is Unit:
                    field.widget.attrs |= {
                        "data-search": _("输入单位名称查找"), "data-found": _("找到{n}个单位"),
                    }  # fmt: skip
    return {
        "name": name,
        "label": label,
        "tone": step.tone,
        "form": form,
        "active": active,
        "files": wants_files(step),
        "token": uuid.uuid4().hex,
    }
