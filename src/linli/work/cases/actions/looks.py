"""Reading who reported a case is an act of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from linli.kernel.flow import GuardFailed, NotAllowed
from linli.kernel.ledger import actions as ledger
from linli.kernel.scope import Actor

from ..flow import allows
from ..models import Case
from ..queries import get_case

MAY_LOOK = ("cases.handle", "cases.check", "cases.dispatch", "cases.call_back")


@dataclass(frozen=True)
class Contact:
    """Who reported a case and how to reach them, unmasked."""

    name: str
    phone: str


def may_look(actor: Actor, case: Case) -> bool:
    """Tell whether the actor's work on this case needs the reporter's number."""
    return any(allows(actor, permission, case) for permission in MAY_LOOK)


def reveal_contact(case_id: int, *, actor: Actor, now: datetime, reason: str) -> Contact:
    """Return the reporter's name and phone, and record who looked and why.

    Raises Http404 outside the actor's scope, NotAllowed, GuardFailed where no reason is given.
    """
    case = get_case(actor, case_id)
    if not may_look(actor, case):
        raise NotAllowed(_("您不经办这件工单，不能查看联系方式。"))
    if not reason.strip():
        raise GuardFailed(_("请写明查看联系方式的原因。"))
    with transaction.atomic():
        Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
        ledger.append(
            subject_type="case.look",
            subject_id=case.pk,
            verb="reveal_contact",
            actor=actor,
            at=now,
            area_code=case.area_code,
            data={"reason_length": len(reason.strip())},
        )
    reporter = case.reporter
    return Contact(
        name=case.reporter_name or (reporter.name if reporter else ""),
        phone=case.reporter_phone or (reporter.phone if reporter else ""),
    )
