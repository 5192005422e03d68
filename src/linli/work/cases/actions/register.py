"""Register a case: one transaction, once for each key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from linli.base.accounts.models import Unit, UnitKind
from linli.base.areas.models import Area
from linli.kernel.flow import NotAllowed, perform
from linli.kernel.ledger import actions as ledger
from linli.kernel.scope import SYSTEM, Actor
from linli.kernel.search import to_tsvector
from linli.kernel.secrets.index import blind_index

from .. import notices
from ..attachments import Cleaned
from ..dispatching import territorial
from ..flow import CASE_FLOW
from ..limits import limit_for, stamp
from ..models import Case, Category, Nature, State, new_tracking_code
from ..natures.protection import recorded_as
from ..queries import hash_tracking
from ..triage import defer_triage, is_automatic
from .files import store_files


@dataclass(frozen=True)
class Registered:
    """A registered case; `tracking_code` only for a first report without log-in."""

    case: Case
    tracking_code: str | None
    repeated: bool = False


def register_case(
    *,
    actor: Actor,
    now: datetime,
    intake_key: str,
    channel: str,
    title: str,
    text: str,
    category: Category,
    area: Area,
    address: str = "",
    lon: float | None = None,
    lat: float | None = None,
    nature: str | None = None,
    urgency: str | None = None,
    reporter_name: str = "",
    reporter_phone: str = "",
    reporter_id: int | None = None,
    protected: bool = False,
    unit: Unit | None = None,
    files: Sequence[Cleaned] = (),
    facts: Mapping[str, Any] | None = None,
) -> Registered:
    """Register what someone asks for and return it.

    The same `intake_key` again returns the first case with `repeated` set and changes nothing.
    A resident who is logged in is the reporter; staff name one with `reporter_id` or a phone.
    Praise 表扬 is thanked for and closed at once; `unit` is whom it is for, or else the
    community's centre. Reports 举报 are always `protected`, other matters where the reporter
    asks for it.
    `facts` go into the ledger with it and hold no personal text: `seen_at` (when it was seen,
    where that was before), `accuracy` of the point in metres.
    """
    case, code = draft_case(
        actor=actor,
        now=now,
        intake_key=intake_key,
        channel=channel,
        title=title,
        text=text,
        category=category,
        area=area,
        address=address,
        lon=lon,
        lat=lat,
        nature=nature,
        urgency=urgency,
        reporter_name=reporter_name,
        reporter_phone=reporter_phone,
        reporter_id=reporter_id,
        protected=protected,
        unit=unit,
    )
    try:
        with transaction.atomic():
            case.save(force_insert=True)
            _record(case, actor, now, facts or {})
            store_files(case, 1, files, now)
            if case.nature == Nature.PRAISE:
                done = perform(CASE_FLOW, "thank", case.pk, actor=SYSTEM, now=now)
                return Registered(done.subject, code)
            tail = _("查询码：%(code)s，请保存好。") % {"code": code} if code else ""
            notices.tell_reporter(case, "register", seq=1, now=now, extra={"tail": tail})
            if is_automatic(case, now):
                defer_triage(case.pk)
    except IntegrityError:
        first = Case.objects.filter(intake_key=intake_key).first()
        if first is None:
            raise
        return Registered(first, None, repeated=True)
    return Registered(case, code)


def draft_case(
    *,
    actor: Actor,
    now: datetime,
    intake_key: str,
    channel: str,
    title: str,
    text: str,
    category: Category,
    area: Area,
    address: str = "",
    lon: float | None = None,
    lat: float | None = None,
    nature: str | None = None,
    urgency: str | None = None,
    reporter_name: str = "",
    reporter_phone: str = "",
    reporter_id: int | None = None,
    protected: bool = False,
    unit: Unit | None = None,
) -> tuple[Case, str | None]:
    """Return the case as it will be registered, not yet saved, and its tracking code."""
    reporter_id = actor.account_id if actor.kind == "resident" else reporter_id
    code = new_tracking_code() if reporter_id is None else None
    praise = (nature or category.nature) == Nature.PRAISE
    case = Case(
        intake_key=intake_key,
        state=State.REGISTERED,
        version=1,
        area=area,
        area_code=area.code,
        channel=channel,
        nature=nature or category.nature,
        category=category,
        urgency=urgency or category.urgency,
        title=title,
        text=text,
        address=address,
        lon=lon,
        lat=lat,
        reporter_id=reporter_id,
        reporter_name=reporter_name,
        reporter_phone=reporter_phone,
        phone_index=blind_index(reporter_phone),
        protected=protected or (nature or category.nature) == Nature.REPORT,
        tracking_hash=hash_tracking(code) if code else "",
        created_at=now,
        deadline_at=None if praise else limit_for("accept", now).due(now, area.code),
        unit=(unit or territorial(UnitKind.COMMUNITY, area.code)) if praise else None,
        search=to_tsvector(text, named=f"{title} {address}"),
    )
    return case, code


def register_data(case: Case) -> dict[str, Any]:
    """Return what the ledger keeps of a new case."""
    parent = case.category.parent
    return {
        "to": State.REGISTERED.value,
        "category": case.category.code,
        "top": parent.code if parent else case.category.code,
        "nature": case.nature,
        "channel": case.channel,
        "urgency": case.urgency,
    } | ({"accept_due": stamp(case.deadline_at)} if case.deadline_at else {})


def _record(case: Case, actor: Actor, now: datetime, facts: Mapping[str, Any]) -> None:
    ledger.append(
        subject_type="case",
        subject_id=case.pk,
        verb="register",
        actor=recorded_as(actor, case),
        at=now,
        area_code=case.area_code,
        data=register_data(case) | dict(facts),
        seq=1,
    )


def answer_at_once(
    *, actor: Actor, now: datetime, article: str, note: str = "", **report: Any
) -> Registered:
    """Register a consultation and close it in one act with an article of the knowledge base.

    Whoever may answer where the case lies may do so, also without seeing cases later, as window
    clerks. Raises NotAllowed, and InvalidStep where the article is not in force there.
    """
    if not actor.can("cases.answer", report["area"].code):
        raise NotAllowed(_("您没有“%(step)s”的权限。") % {"step": CASE_FLOW.step("answer").label})
    with transaction.atomic():
        found = register_case(actor=actor, now=now, **(report | {"nature": Nature.CONSULTATION}))
        if found.repeated:
            return found
        data = {"article": article, "note": note}
        flow = replace(CASE_FLOW, visible=lambda _actor: Case.objects.all())
        done = perform(flow, "answer", found.case.pk, actor=actor, now=now, data=data)
    return replace(found, case=done.subject)


def settle_on_spot(
    *, actor: Actor, now: datetime, result: str, after: Sequence[Cleaned] = (), **report: Any
) -> Registered:
    """Register an event and close it in one act, as a grid worker who put it right on the spot.

    The report's `files` show how it was found and stand at the registering, those of `after` how
    it was left and stand at the closing.
    """
    from .steps import take_step

    with transaction.atomic():
        registered = register_case(actor=actor, now=now, **report)
        if not registered.repeated:
            done = take_step(
                "settle", registered.case.pk, actor=actor, now=now, data={"result": result},
                files=after,
            )  # fmt: skip
            registered = replace(registered, case=done.subject)
    return registered
