"""Who owns or rents a dwelling."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from linli.kernel.scope import Actor

from ..changes.recording import lock, note
from ..models import Dwelling, Organisation, Resident, Tenure
from ..queries import get_dwelling
from .residents import require


@transaction.atomic
def set_tenure(
    dwelling_id: int,
    *,
    actor: Actor,
    now: datetime,
    kind: str,
    on: date,
    resident: Resident | None = None,
    organisation: Organisation | None = None,
) -> Tenure:
    """Record an owner or tenant from a day on; several may hold together.

    Raises Http404 outside the scope, NotAllowed, ValidationError where the holder stands already
    or not exactly one is given.
    """
    if (resident is None) == (organisation is None):
        raise ValidationError(_("请选择一位居民，或者一个单位。"))
    seen = get_dwelling(actor, dwelling_id)
    require(actor, "people.edit", seen.area_code)
    row = lock(Dwelling, dwelling_id, None, "dwelling")
    holder = {"resident": resident, "organisation": organisation}
    if Tenure.objects.filter(dwelling=row, kind=kind, to_on=None, **holder).exists():
        raise ValidationError(_("已经登记过了。"))
    tenure = Tenure.objects.create(dwelling=row, kind=kind, from_on=on, **holder)
    note(row, "dwelling", "set_tenure", actor=actor, now=now, data={"tenure": tenure.pk})
    return tenure


@transaction.atomic
def end_tenure(tenure_id: int, *, actor: Actor, now: datetime, on: date) -> None:
    """End an ownership or tenancy; raises Http404 outside the scope, ValidationError."""
    tenure = Tenure.objects.select_related("dwelling").get(pk=tenure_id)
    seen = get_dwelling(actor, tenure.dwelling_id)
    require(actor, "people.edit", seen.area_code)
    row = lock(Dwelling, seen.pk, None, "dwelling")
    tenure.refresh_from_db()
    if tenure.to_on is not None:
        return
    if on < tenure.from_on:
        raise ValidationError({"on": _("日期不能早于开始日期。")})
    tenure.to_on = on
    tenure.save()
    note(row, "dwelling", "end_tenure", actor=actor, now=now, data={"tenure": tenure.pk})
