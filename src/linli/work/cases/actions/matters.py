"""The same matter again: join it, say that two cases are one, look at a person's earlier cases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from linli.kernel.flow import GuardFailed, NotAllowed
from linli.kernel.ledger import actions as ledger
from linli.kernel.scope import Actor
from linli.kernel.secrets.index import blind_index

from ..indexing import KEY_LENGTH, phone_key
from ..models import Case, Claim, Joiner
from ..queries import get_case, visible_cases, with_names
from ..same.queries import followers, lead_of
from ..same.telling import tell_joined
from .looks import may_look

MOST_EARLIER = 50


@dataclass(frozen=True)
class Joined:
    """Who joined; `repeated` where they had joined (or reported it) before."""

    joiner: Joiner
    repeated: bool = False


def join_matter(case_id: int, *, actor: Actor, now: datetime, key: str, phone: str = "") -> Joined:
    """Let a resident (or a caller with this phone) follow a matter instead of reporting it again.

    They are told of each further step, and count among the people behind it, once. `key` names
    the form sent by someone without log-in and phone. Raises Http404 for an unknown case and
    GuardFailed where the matter has ended.
    """
    with transaction.atomic():
        rows = Case.objects.select_for_update(of=("self",)).select_related("category")
        case = rows.filter(pk=case_id).first()
        if case is None or not case.is_open:
            raise GuardFailed(_("这件事已经办结，请直接登记您的问题。"))
        account = actor.account_id if actor.kind == "resident" else None
        index = blind_index(phone)
        name = f"a{account}" if account else phone_key(index) if index else f"k{key}"[:KEY_LENGTH]
        joiner, fresh = Joiner.objects.get_or_create(
            case=case,
            key=name,
            defaults={
                "account_id": account, "phone": phone, "phone_index": index, "joined_at": now,
            },
        )  # fmt: skip
        if not fresh:
            return Joined(joiner, repeated=True)
        ledger.append(
            subject_type="case.join", subject_id=joiner.pk, verb="join", actor=actor, at=now,
            area_code=case.area_code, data={"case": case.pk}, seq=1,
        )  # fmt: skip
        behind = len(followers(case))
        Case.objects.filter(pk=case.pk).update(behind=behind)
        tell_joined(case, joiner, now=now)
    return Joined(joiner)


def claim_same(case_id: int, into_id: int, *, actor: Actor, now: datetime) -> bool:
    """Keep a reporter's word that their case is the same matter as another; once for a case.

    Nothing is merged by it: the dispatcher sees it and decides. The caller answers for the case
    being the reporter's own.
    """
    case = Case.objects.get(pk=case_id)
    into = lead_of(Case.objects.get(pk=into_id))
    if case.pk == into.pk or not case.is_open:
        return False
    try:
        with transaction.atomic():
            claim = Claim.objects.create(case=case, into=into, claimed_at=now)
            ledger.append(
                subject_type="case.claim", subject_id=claim.pk, verb="claim", actor=actor, at=now,
                area_code=case.area_code, data={"case": case.pk, "into": into.pk}, seq=1,
            )  # fmt: skip
    except IntegrityError:
        return False
    return True


def look_history(case_id: int, *, actor: Actor, now: datetime) -> list[Case]:
    """Return what the case's reporter asked for besides, newest first, and record the look.

    The same person is the same account or phone. Only cases the actor may see are named. Raises
    Http404 outside the actor's scope, NotAllowed for those who do not work on the case.
    """
    case = get_case(actor, case_id)
    if not may_look(actor, case):
        raise NotAllowed(_("您不经办这件工单，不能查看反映人的其他事项。"))
    if case.protected:
        # What else someone reported tells who they are.
        raise NotAllowed(_("反映人身份受保护，不能查看其他事项。"))
    same = Q(pk__in=[])
    if case.reporter_id:
        same |= Q(reporter_id=case.reporter_id)
    if case.phone_index:
        same |= Q(phone_index=case.phone_index)
    ids = (
        Case.objects.filter(same, protected=False)
        .exclude(pk=case.pk)
        .order_by("-id")
        .values("pk")[:500]
    )
    rows = with_names(visible_cases(actor).filter(pk__in=ids)).order_by("-id")
    with transaction.atomic():
        Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
        found = list(rows[:MOST_EARLIER])
        ledger.append(
            subject_type="case.look", subject_id=case.pk, verb="look_history", actor=actor, at=now,
            area_code=case.area_code, data={"cases": len(found)},
        )  # fmt: skip
    return found
