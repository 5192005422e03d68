"""Write mediations: open one, take its steps, show whom it is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.base.areas.models import Area
from linli.kernel.flow import GuardFailed, NotAllowed, Outcome, perform
from linli.kernel.ledger import actions as ledger
from linli.kernel.scope import Actor

from ..models import Case, Look, Nature
from ..queries import visible_cases
from .case_side import follow, free_clock, hold_clock, register_dispute
from .effects import new_party
from .flow import MEDIATE, MEDIATION_FLOW, allows
from .models import Mediation, MediationSerial, MediationState, Obligation, Party, Result
from .queries import barred, get_mediation, visible_mediations

# States at which the case has to hear of it.
FOLLOWED = ("agreed", "failed", "withdrawn", "declined")


def open_mediation(
    *,
    actor: Actor,
    now: datetime,
    key: str,
    data: Mapping[str, Any],
    parties: Sequence[Mapping[str, Any]],
    case: Case | None = None,
) -> Mediation:
    """Open the file of a mediation and give it its number; `key` makes a repeat harmless.

    With a `case` (of nature dispute, open) it belongs to that; else one is registered from the
    same words: `data` then holds `title`, `area`, `address`. Always `kind`, `origin`, `facts`.
    Raises NotAllowed where the actor does not mediate, GuardFailed where the case is no open
    dispute or is in mediation already, or where the place belongs to no community or subdistrict.
    """
    earlier = visible_mediations(actor).filter(key=key).first()
    if earlier is not None:
        return earlier
    area_code = case.area_code if case else data["area"].code
    if not actor.can(MEDIATE, area_code):
        raise NotAllowed(_("该区域不在您的权限范围内。"))
    try:
        with transaction.atomic():
            if case is None:
                case = register_dispute(actor=actor, now=now, key=key, data=data)
            _demand_dispute(case)
            made = _insert(case, actor, now, key, data)
            for party in parties:
                new_party(made, dict(party))
            ledger.append(
                subject_type="mediation", subject_id=made.pk, verb="open", actor=actor, at=now,
                area_code=made.area_code, seq=1,
                data={"to": made.state, "case": made.case_id, "kind": made.kind,
                      "origin": made.origin, "parties": len(parties)},
            )  # fmt: skip
    except IntegrityError:
        first = visible_mediations(actor).filter(key=key).first()
        if first is None:
            raise
        return first
    return made


def _demand_dispute(case: Case) -> None:
    Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    if case.nature != Nature.DISPUTE:
        raise GuardFailed(_("只有性质为矛盾纠纷的工单可以转人民调解。"))
    if not case.is_open:
        raise GuardFailed(_("工单已办结，不能再转人民调解。"))
    if Mediation.objects.filter(case=case, ended_at=None).exists():
        raise GuardFailed(_("这件工单已在调解中。"))


def _insert(
    case: Case, actor: Actor, now: datetime, key: str, data: Mapping[str, Any]
) -> Mediation:
    committee = committee_of(case.area_code)
    year = timezone.localdate(now).year
    serial = _next(committee.code, year)
    return Mediation.objects.create(
        key=key, state=MediationState.REGISTERED, version=1, area_code=case.area_code, case=case,
        committee=committee, committee_code=committee.code, year=year, serial=serial,
        number=f"（{year}）{committee.short_name}民调字第{serial}号",
        kind=data["kind"], origin=data["origin"], facts=data["facts"], opened_at=now,
        mediator_id=actor.account_id or 0,
    )  # fmt: skip


def committee_of(area_code: str) -> Area:
    """Return whose committee mediates at a place: its community's, else its subdistrict's.

    Raises GuardFailed where the place lies above both.
    """
    codes = [area_code[:length] for length in (12, 9) if len(area_code) >= length]
    rows = Area.objects.filter(code__in=codes, valid_to=None).order_by("-code")
    found = max(rows, key=lambda area: len(area.code), default=None)
    if found is None:
        raise GuardFailed(_("请把地点选到社区或街道，调解要由那里的人民调解委员会进行。"))
    return found


def _next(area_code: str, year: int) -> int:
    """Return the next number; whoever asks at the same time waits, so that none is left out."""
    MediationSerial.objects.bulk_create(
        [MediationSerial(area_code=area_code, year=year)], ignore_conflicts=True
    )
    row = MediationSerial.objects.select_for_update().get(area_code=area_code, year=year)
    row.last += 1
    row.save(update_fields=["last"])
    return row.last


def take_mediation_step(
    step: str,
    mediation_id: int,
    *,
    actor: Actor,
    now: datetime,
    data: Mapping[str, Any] | None = None,
    key: str | None = None,
    expected: int | None = None,
) -> Outcome:
    """Take a step; errors as `kernel.flow.perform`.

    The case is locked first, as whoever acts on the case does. Once all obligations are
    performed the file is closed by itself; when mediation ends, the case is brought on.
    """
    found = get_mediation(actor, mediation_id)
    with transaction.atomic():
        Case.objects.select_for_update(of=("self",)).get(pk=found.case_id)
        outcome = perform(
            MEDIATION_FLOW, step, mediation_id, actor=actor, now=now, data=data, key=key,
            expected=expected,
        )  # fmt: skip
        if outcome.replayed:
            return outcome
        made: Mediation = outcome.subject
        if made.due_at is None:
            free_clock(made, actor, now)
        elif made.due_at != found.due_at:
            hold_clock(made, actor, now)
        if made.state in FOLLOWED and made.state != found.state:
            follow(made, actor, now)
        if step == "perform" and _all_done(made):
            return perform(MEDIATION_FLOW, "finish", mediation_id, actor=actor, now=now)
    return outcome


def _all_done(mediation: Mediation) -> bool:
    rows = Obligation.objects.filter(mediation=mediation)
    return not rows.exclude(result=Result.PERFORMED).exists()


def may_know(actor: Actor, mediation: Mediation) -> bool:
    """Tell whether the actor may read what was said and learn who the parties are."""
    return allows(actor, MEDIATE, mediation) and not barred(mediation, actor)


def reveal_parties(
    mediation_id: int, *, actor: Actor, now: datetime, reason: str
) -> tuple[Mediation, list[Party]]:
    """Return the parties with names and numbers in full, and record who looked and why.

    The look stands among the looks of the case. Raises Http404 outside the actor's scope,
    NotAllowed, GuardFailed where no reason is given.
    """
    mediation = get_mediation(actor, mediation_id)
    if not may_know(actor, mediation):
        raise NotAllowed(_("只有本辖区的调解员可以查看当事人信息。"))
    if not reason.strip():
        raise GuardFailed(_("请写明查看的原因。"))
    with transaction.atomic():
        case = Case.objects.select_for_update(of=("self",)).get(pk=mediation.case_id)
        entry = ledger.append(
            subject_type="case.look", subject_id=case.pk, verb="reveal_parties", actor=actor,
            at=now, area_code=mediation.area_code,
            data={"mediation": mediation.pk, "reason_length": len(reason.strip())},
        )  # fmt: skip
        Look.objects.create(
            case=case, seq=entry.seq, actor_id=actor.account_id, at=now, reason=reason.strip(),
            area_code=mediation.area_code, protected=False,
        )  # fmt: skip
    return mediation, list(mediation.parties.all())


def case_for(actor: Actor, number: str) -> Case | None:
    """Return the case with this number where the actor may see it; None otherwise."""
    digits = "".join(number.split())
    if not digits.isascii() or not digits.isdigit() or not 7 < len(digits) <= 24:
        return None
    case = visible_cases(actor).select_related("area").filter(pk=int(digits[6:])).first()
    return case if case is not None and case.number == digits else None
