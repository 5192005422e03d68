"""What merging two cases changes, and what stands in its way."""

from __future__ import annotations

from datetime import datetime

from django.db import OperationalError, transaction
from django.utils.translation import gettext as _

from linli.kernel.flow import Context, perform
from linli.kernel.ledger.models import Entry
from linli.kernel.scope import SYSTEM

from ..limits import limit_for, stamp
from ..models import Case, State
from .queries import followers, lead_of


def guard_into(context: Context) -> str | None:
    """Only an open case leads. It is locked without waiting, so that two merges cross nowhere."""
    into: Case = context.data["into"]
    try:
        with transaction.atomic():
            locked = Case.objects.select_for_update(of=("self",), nowait=True).get(pk=into.pk)
    except OperationalError:
        return _("要并入的工单正由他人处理，请稍后再试。")
    if not locked.is_open:
        return _("要并入的工单已结束，不能再并入。")
    return None


def guard_lead_closed(context: Context) -> str | None:
    """Whose case was merged rates the matter once the leading case is closed."""
    if context.was == State.MERGED and lead_of(context.subject).state != State.CLOSED:
        return _("这件事还没有办结，办结后再来评价。")
    return None


def merge(context: Context) -> None:
    """End the case as part of another; it no longer falls due by itself."""
    case, into = context.subject, context.data["into"]
    context.entry["into"] = into.pk
    if case.due_at:
        context.entry["was_due"] = stamp(case.due_at)
    if contact_due := _contact_waits(case):
        context.entry["was_contact_due"] = contact_due
    case.merged_into = into
    case.due_at = case.deadline_at = None
    context.after.append(_tell_lead)


def _contact_waits(case: Case) -> str | None:
    """Return until when the reporter was still to be contacted."""
    entries = Entry.objects.filter(subject_type="case", subject_id=case.pk)
    told = dict(entries.filter(verb__in=("dispatch", "contact")).values_list("verb", "data"))
    if "contact" in told or not told:
        return None
    first = entries.filter(verb="dispatch", data__has_key="contact_due").first()
    return str(first.data["contact_due"]) if first else None


def _tell_lead(context: Context) -> None:
    _record("take_in", context.subject.merged_into_id, context)


def _record(step: str, lead_id: int, context: Context) -> None:
    from ..flow import CASE_FLOW

    data = {"case": context.subject.pk}
    perform(CASE_FLOW, step, lead_id, actor=SYSTEM, now=context.now, data=data)


def unmerge(context: Context) -> None:
    """Let the case stand by itself again, with the limits it had; it waits to be dispatched."""
    case = context.subject
    lead, direct = lead_of(case), case.merged_into_id
    entries = Entry.objects.filter(subject_type="case", subject_id=case.pk, verb="merge")
    was = entries.order_by("-seq")[0].data
    if was.get("was_due"):
        case.due_at = datetime.fromisoformat(was["was_due"])
        context.entry["due"] = was["was_due"]
    if was.get("was_contact_due"):
        context.entry["contact_due"] = was["was_contact_due"]
    context.entry |= {"unit": None, "from_case": lead.pk}
    case.merged_into = case.unit = case.handler = None
    case.accepted_at = case.accepted_at or context.now
    case.deadline_at = limit_for("dispatch", context.now).due(context.now, case.area_code)
    case.behind = len(followers(case))
    context.after.append(lambda late: _let_go(late, lead.pk, direct))


def _let_go(late: Context, lead_id: int, direct: int | None) -> None:
    """Count anew those in between, then the lead, which keeps it in its ledger."""
    while direct is not None and direct != lead_id:
        between = Case.objects.get(pk=direct)
        Case.objects.filter(pk=direct).update(behind=len(followers(between)))
        direct = between.merged_into_id
    _record("let_go", lead_id, late)


def take_in(context: Context) -> None:
    """Count anew who stands behind the matter."""
    context.entry["case"] = context.data["case"]
    context.subject.behind = len(followers(context.subject))


let_go = take_in
