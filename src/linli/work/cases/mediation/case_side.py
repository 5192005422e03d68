"""What a mediation does to its case: registers it, and brings it on when mediation ends."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from linli.base.accounts.models import Account
from linli.kernel.flow import GuardFailed, StepRefused, perform
from linli.kernel.scope import SYSTEM, Actor

from ..actions.register import register_case
from ..actions.steps import take_step
from ..dispatching import objection, territorial
from ..flow import CASE_FLOW
from ..models import Case, Category, Nature, State
from .models import DisputeKind, Mediation, MediationState
from .notices import tell

CATEGORIES = {
    DisputeKind.NEIGHBOURS: "0601", DisputeKind.FAMILY: "0603", DisputeKind.PROPERTY: "0604",
    DisputeKind.LABOUR: "0605", DisputeKind.CONSUMER: "0606",
}  # fmt: skip
TOLD = 5  # colleagues of the unit, where the case has no handler of its own


def category_of(kind: str) -> Category:
    """Return the category of a dispute's kind; raises GuardFailed where there is none in force."""
    rows = Category.objects.filter(parent__isnull=False, valid_to=None).select_related("parent")
    code = CATEGORIES.get(DisputeKind(kind), "0601")
    found = rows.filter(code=code).first() or rows.filter(nature=Nature.DISPUTE).first()
    if found is None:
        raise GuardFailed(_("类别表里没有矛盾纠纷一类，请联系系统管理员。"))
    return found


def register_dispute(*, actor: Actor, now: datetime, key: str, data: Mapping[str, Any]) -> Case:
    """Register the case of a dispute that came straight to the mediators, and let them hold it.

    Where the category does not belong to a community, the case waits for a dispatcher as others
    do; mediation goes on all the same.
    """
    category = category_of(data["kind"])
    case = register_case(
        actor=actor, now=now, intake_key=f"mediation:{key}"[:64], channel=data["channel"],
        title=data["title"], text=data["title"], category=category, area=data["area"],
        address=data.get("address") or "", nature=Nature.DISPUTE,
    ).case  # fmt: skip
    unit = territorial("community", case.area_code) or territorial("subdistrict", case.area_code)
    if case.state == State.REGISTERED and unit and not objection(case, category, unit):
        try:
            with transaction.atomic():
                take_step("accept", case.pk, actor=SYSTEM, now=now)
                take_step("dispatch", case.pk, actor=SYSTEM, now=now, data={"unit": unit.pk})
                take_step("sign_in", case.pk, actor=actor, now=now)
        except StepRefused:
            pass
    case.refresh_from_db()
    return case


def hold_clock(mediation: Mediation, actor: Actor, now: datetime) -> None:
    """Stop the clock of the case while mediation runs under its own, to the end of mediation.

    A case that is suspended already, or that nobody handles yet, keeps the clock it has.
    """
    case = Case.objects.get(pk=mediation.case_id)
    if not mediation.holds_case:
        if case.paused_at or case.state not in {State.DISPATCHED, State.IN_HAND}:
            return
        mediation.holds_case = True
        Mediation.objects.filter(pk=mediation.pk).update(holds_case=True)
    _by_system(case, "suspend", actor, now, {"until": mediation.due_at})


def free_clock(mediation: Mediation, actor: Actor, now: datetime) -> None:
    """Let the clock of the case go on where this mediation stopped it."""
    if not mediation.holds_case:
        return
    mediation.holds_case = False
    Mediation.objects.filter(pk=mediation.pk).update(holds_case=False)
    case = Case.objects.get(pk=mediation.case_id)
    if case.paused_at and case.state in {State.DISPATCHED, State.IN_HAND}:
        _by_system(case, "resume", actor, now, {})


def _by_system(
    case: Case, step: str, actor: Actor, now: datetime, extra: Mapping[str, Any]
) -> None:
    """Take a step of the case that only what belongs to it takes, in the same person's name."""
    who = Actor(kind="system", account_id=actor.account_id, name=actor.name)
    perform(CASE_FLOW, step, case.pk, actor=who, now=now, extra=extra)


def follow(mediation: Mediation, actor: Actor, now: datetime) -> None:
    """Report the case done where an agreement was reached, else note it and tell who holds it."""
    case = Case.objects.select_related("unit", "handler").get(pk=mediation.case_id)
    if not case.is_open:
        return
    state = str(MediationState(mediation.state).label)
    words = _("人民调解%(number)s：%(state)s。") % {"number": mediation.number, "state": state}
    if mediation.state == MediationState.AGREED and _report(case, words, actor, now):
        return
    try:
        with transaction.atomic():
            take_step("add_note", case.pk, actor=actor, now=now, data={"note": words})
    except StepRefused:
        pass
    for who in _holders(case):
        tell(who, "cases.mediation_ended", mediation, "ended", now, case=case.number, state=state)


def _report(case: Case, words: str, actor: Actor, now: datetime) -> bool:
    step = {State.IN_HAND: "report_done", State.REGISTERED: "settle", State.ACCEPTED: "settle"}
    name = step.get(State(case.state))
    if name is None:
        return False
    try:
        with transaction.atomic():
            take_step(name, case.pk, actor=actor, now=now, data={"result": words})
    except StepRefused:
        return False
    return True


def _holders(case: Case) -> list[Account]:
    if case.handler is not None:
        return [case.handler]
    if case.unit is None:
        return []
    rows = Account.objects.filter(unit=case.unit, is_active=True, kind="staff")
    return list(rows.order_by("pk")[:TOLD])
