"""The columns of the sites: made, renamed, ordered, closed; never deleted."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from linli.base.areas.queries import district
from linli.kernel.flow import NotAllowed
from linli.kernel.ledger import actions as ledger
from linli.kernel.scope import Actor

from .models import Section


def keeps_columns(actor: Actor) -> bool:
    """Tell whether the actor keeps the columns: over the whole district, not a part of it."""
    top = district()
    return top is not None and actor.can("publishing.sections", top.code)


@transaction.atomic
def save_section(
    *,
    actor: Actor,
    now: datetime,
    name: str,
    order: int,
    is_open: bool,
    section_id: int | None = None,
) -> Section:
    """Make a column, or change one. Closed, it takes no more stories and keeps those it has.

    Raises NotAllowed without the right; Section.DoesNotExist for an unknown one.
    """
    if not keeps_columns(actor):
        raise NotAllowed(_("栏目由区里统一管理。"))
    row = Section(code="")
    if section_id is not None:
        row = Section.objects.select_for_update().get(pk=section_id)
    row.name, row.order, row.open = name, order, is_open
    verb = "change" if row.pk else "make"
    if not row.pk:
        row.code = f"s{Section.objects.count() + 1}-{now:%y%m%d%H%M%S%f}"[:24]
    row.save()
    ledger.append(
        subject_type="section", subject_id=row.pk, verb=verb, actor=actor, at=now,
        data={"order": order, "open": is_open},
    )  # fmt: skip
    return row
