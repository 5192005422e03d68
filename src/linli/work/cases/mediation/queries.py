"""Read mediations: who may see which, who mediates where, what the page of one needs."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone

from linli.base.accounts.models import Account, GrantRow
from linli.kernel.scope import Actor, within

from ..models import Case
from ..policies import POLICIES
from .models import Mediation

SEALED = ("facts", "matter", "terms")


def visible_mediations(actor: Actor) -> QuerySet[Mediation]:
    """Return the mediations the actor may see: of the areas of their role; fails closed.

    Residents and departments see none: what is said in mediation stays there.
    """
    if actor.kind == "system":
        return Mediation.objects.all()
    if actor.kind != "staff":
        return Mediation.objects.none()
    return Mediation.objects.filter(within(actor.areas("cases.mediation")))


def get_mediation(actor: Actor, mediation_id: int) -> Mediation:
    """Return one mediation the actor may see; raises Http404 otherwise."""
    rows = visible_mediations(actor).select_related("case__area", "committee", "mediator", "second")
    return get_object_or_404(rows, pk=mediation_id)


def listed_mediations(actor: Actor, which: str) -> QuerySet[Mediation]:
    """Return what the list shows: "mine" the actor mediates, "open" go on, "all" of the areas."""
    rows = visible_mediations(actor).select_related("committee", "mediator").defer(*SEALED)
    rows = rows.prefetch_related("parties")
    if which == "mine":
        me = actor.account_id or 0
        return rows.filter(Q(mediator_id=me) | Q(second_id=me), ended_at=None)
    return rows.filter(ended_at=None) if which == "open" else rows


def mediations_of(actor: Actor, case: Case) -> list[Mediation]:
    """Return the mediations of a case that the actor may see, the latest first."""
    rows = visible_mediations(actor).filter(case=case).select_related("mediator")
    return list(rows.defer(*SEALED).order_by("-id"))


def mediators(area_code: str) -> QuerySet[Account]:
    """Return who may mediate at a place: staff whose role carries it there; none without place."""
    if not area_code:
        return Account.objects.none()
    above = [area_code[:length] for length in (6, 9, 12, 15, 18) if length <= len(area_code)]
    today = timezone.localdate()
    held = GrantRow.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=today), role__in=POLICIES["cases.mediate"],
        area_code__in=above, valid_from__lte=today,
    )  # fmt: skip
    return Account.objects.filter(
        pk__in=held.values("account_id"), is_active=True, kind="staff"
    ).order_by("name", "pk")


def barred(mediation: Mediation, actor: Actor) -> bool:
    """Tell whether a party objected to the actor."""
    return mediation.recusals.filter(account_id=actor.account_id or 0).exists()


def facts_of_page(mediation: Mediation) -> dict[str, Any]:
    """Return what hangs on a mediation, each part in one query."""
    return {
        "parties": list(mediation.parties.all()),
        "meetings": list(
            mediation.meetings.select_related("written_by").prefetch_related("present")
        ),
        "obligations": list(mediation.obligations.select_related("debtor")),
    }
