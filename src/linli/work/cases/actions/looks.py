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
from ..models import Case, Look
from ..natures.protection import may_know_informant
from ..queries import get_case

SHORTEST_REASON = 6  # characters, for a protected reporter
MAY_LOOK = ("cases.handle", "cases.check", "cases.dispatch", "cases.call_back")


@dataclass(frozen=True)
class Contact:
    """Who reported a case and how to reach them, unmasked."""

    name: str
    phone: str


def may_look(actor: Actor, case: Case) -> bool:
    """Tell whether the actor's work on this case needs the reporter's number.

    Who reported a protected case is for the named roles alone, whoever handles it.
    """
    if case.protected:
        return may_know_informant(actor, case)
    return any(allows(actor, permission, case) for permission in MAY_LOOK)


def reveal_contact(case_id: int, *, actor: Actor, now: datetime, reason: str) -> Contact:
    """Return the reporter's name and phone, and record who looked and why.

    Raises Http404 outside the actor's scope, NotAllowed, GuardFailed where no reason is given.
    """
    case = get_case(actor, case_id)
    reason = reason.strip()
    if not may_look(actor, case):
        if case.protected:
            raise NotAllowed(_("反映人身份受保护，您的岗位不能查看。"))
        raise NotAllowed(_("您不经办这件工单，不能查看联系方式。"))
    if not reason:
        raise GuardFailed(_("请写明查看联系方式的原因。"))
    if case.protected and len(reason) < SHORTEST_REASON:
        raise GuardFailed(_("反映人身份受保护，请把原因写具体（不少于6个字）。"))
    with transaction.atomic():
        Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
        entry = ledger.append(
            subject_type="case.look",
            subject_id=case.pk,
            verb="reveal_contact",
            actor=actor,
            at=now,
            area_code=case.area_code,
            data={"reason_length": len(reason), "protected": case.protected},
        )
        Look.objects.create(
            case=case, seq=entry.seq, actor_id=actor.account_id, at=now, reason=reason,
            area_code=case.area_code, protected=case.protected,
        )  # fmt: skip
    reporter = case.reporter
    return Contact(
        name=case.reporter_name or (reporter.name if reporter else ""),
        phone=case.reporter_phone or (reporter.phone if reporter else ""),
    )
