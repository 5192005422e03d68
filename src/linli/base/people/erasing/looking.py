"""Read requests for erasure and holds; say what would go and what would stay."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.core import signing
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from linli.kernel.scope import Actor, within

from ..erasable import Item, parts
from ..models import Resident
from .models import ErasureRequest, Hold

SALT = "people.erasure"


def visible_erasures(actor: Actor) -> QuerySet[ErasureRequest]:
    """Return the requests of areas where the actor takes them in or decides, or one's own."""
    rows = ErasureRequest.objects.all()
    if actor.kind == "system":
        return rows
    if actor.kind == "resident" and actor.account_id is not None:
        return rows.filter(account_id=actor.account_id)
    return rows.filter(within(actor.areas("people.erase")) | within(actor.areas("people.rights")))


def get_erasure(actor: Actor, pk: int) -> ErasureRequest:
    """Return a request with `is_held`; raises Http404 outside the actor's scope."""
    holds = Hold.objects.filter(resident=OuterRef("resident"), ended_at=None)
    rows = visible_erasures(actor).select_related("resident__area").annotate(is_held=Exists(holds))
    return get_object_or_404(rows, pk=pk)


def review(resident: Resident, now: datetime) -> list[Item]:
    """Return, item by item, what an erasure would take now and what would stay and why."""
    return [item for part in parts() for item in part.review(resident, now) if item.count]


def held(residents: Iterable[int]) -> set[int]:
    """Return those of the residents on whom a hold stands."""
    rows = Hold.objects.filter(resident__in=list(residents), ended_at=None)
    return set(rows.values_list("resident_id", flat=True))


def visible_holds(actor: Actor) -> QuerySet[Hold]:
    """Return the holds in the areas for whose data the actor answers."""
    rows = Hold.objects.select_related("resident__area")
    if actor.kind == "system":
        return rows
    return rows.filter(within(actor.areas("people.erase"), field="resident__area_code"))


def certificate_token(request: ErasureRequest) -> str:
    """Return what opens the certificate of a request without log-in; it names nobody."""
    return signing.dumps(request.pk, salt=SALT, compress=False)


def by_token(token: str) -> ErasureRequest:
    """Return the request of a certificate's address; raises Http404 for a forged one."""
    try:
        pk = int(signing.loads(token, salt=SALT))
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise Http404 from error
    return get_object_or_404(ErasureRequest.objects.filter(Q(pk=pk)), pk=pk)
