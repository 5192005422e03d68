"""What each step of a case changes, and what stands in its way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from linli.kernel.flow import Context
from linli.kernel.ledger.models import Entry
from linli.kernel.worktime.reckon import working_minutes_between

from . import notices
from .dispatching import objection
from .limits import limit_for, stamp
from .models import Case, CaseNote, State
from .natures.adoption import in_words
from .own_work import handled, matter_of


@dataclass(frozen=True)
class Note:
    """Keep what was typed in `field`, shown to the reporter where `public`."""

    field: str
    public: bool

    def text(self, data: Mapping[str, Any]) -> str:
        """Return what was typed, without blanks around it."""
        return str(data.get(self.field) or "").strip()

    def __call__(self, context: Context) -> None:
        """Write the note once the ledger entry stands."""
        text = self.text(context.data)
        if text:
            context.after.append(
                lambda late: _write_note(late.subject, late.subject.version, text, self.public)
            )


def _write_note(case: Case, seq: int, text: str, public: bool) -> None:
    CaseNote.objects.create(case=case, seq=seq, text=text, public=public)


def note(field: str, *, public: bool) -> Note:
    """Return the effect that keeps what was typed in `field`."""
    return Note(field, public)


@dataclass(frozen=True)
class Tell:
    """Tell the reporter; `fields` are pairs of message parameter and form field."""

    verb: str
    fields: tuple[tuple[str, str], ...] = ()

    def params(self, data: Mapping[str, Any]) -> dict[str, str]:
        """Return the message parameters that come from the form."""
        params = {name: str(data.get(field) or "") for name, field in self.fields}
        if params.get("result"):
            params["result"] = in_words(data) + params["result"]
        return params

    def __call__(self, context: Context) -> None:
        """Queue the messages once the ledger entry stands."""
        extra = self.params(context.data)
        context.after.append(
            lambda late: notices.tell_reporter(
                late.subject, self.verb, seq=late.subject.version, now=late.now, extra=extra
            )
        )


def tell(verb: str, **fields: str) -> Tell:
    """Return the effect that tells the reporter; `fields`: message parameter to form field."""
    return Tell(verb, tuple(fields.items()))


def clock_before(context: Context) -> None:
    """Remember the running clock before a step."""
    deadline = context.subject.deadline_at
    context.entry["was_clock"] = stamp(deadline)


def clock_after(context: Context) -> None:
    """Keep old and new clock in the ledger where the step moved it."""
    deadline = context.subject.deadline_at
    new = stamp(deadline)
    if new == context.entry["was_clock"]:
        del context.entry["was_clock"]
    else:
        context.entry["clock"] = new


def accept(context: Context) -> None:
    """Stop the clock of acceptance and start that of dispatching."""
    case = context.subject
    context.entry["on_time"] = case.deadline_at is None or context.now <= case.deadline_at
    case.accepted_at = context.now
    case.deadline_at = limit_for("dispatch", context.now).due(context.now, case.area_code)


def decline(context: Context) -> None:
    """End the case without anyone taking it on."""
    context.entry["reason"] = context.data["reason"]
    context.subject.deadline_at = None


def dispatch(context: Context) -> None:
    """Give the case to a unit. The clock starts at the first dispatch and never starts again."""
    case, unit = context.subject, context.data["unit"]
    category = context.data.get("category") or case.category
    case.category = category
    case.urgency = context.data.get("urgency") or case.urgency
    context.entry |= {"redispatch": case.due_at is not None, "unit": unit.pk}
    if case.due_at is None:
        case.dispatched_at = context.now
        limit = limit_for(case.urgency, context.now, category.pk)
        case.due_at = limit.due(context.now, case.area_code)
        context.entry["due"] = stamp(case.due_at)
        if (case.reporter_id or case.phone_index) and not case.protected:
            contact_due = limit_for("contact", context.now).due(context.now, case.area_code)
            context.entry["contact_due"] = stamp(contact_due)
    context.entry |= {"category": category.code, "urgency": case.urgency}
    case.unit, case.handler = unit, None
    case.deadline_at = case.due_at


def guard_unit(context: Context) -> str | None:
    """Stop a dispatch that the rules forbid."""
    case, unit = context.subject, context.data["unit"]
    if context.was == State.DISPATCHED and unit.pk == case.unit_id:
        return _("该工单已在“%(unit)s”，无需重复派遣。") % {"unit": unit.name}
    return objection(case, context.data.get("category") or case.category, unit)


def sign_in(context: Context) -> None:
    """Note who handles the case; its clock has been running since dispatch."""
    case = context.subject
    case.handler_id = context.actor.account_id
    context.entry["unit"] = case.unit_id


def contact(context: Context) -> None:
    """Record the first contact with the reporter."""
    case = context.subject
    due = limit_for("contact", context.now).due(case.dispatched_at, case.area_code)
    context.entry["on_time"] = context.now <= due
    if case.reporter_id or case.phone_index:  # others are not among those to be contacted
        context.entry["due"] = stamp(due)


def guard_contact(context: Context) -> str | None:
    """Only the first contact counts; nobody who handles a case contacts a protected informant."""
    if context.subject.protected:
        return _("反映人身份受保护，由区级中心联系，承办单位不得自行联系。")
    done = Entry.objects.filter(
        subject_type="case", subject_id=context.subject.pk, verb="contact"
    ).exists()
    return _("已记录过首次联系。") if done else None


def report_done(context: Context) -> None:
    """Hand over to the check."""
    case = context.subject
    case.done_at = context.now
    context.entry["on_time"] = case.due_at is None or context.now <= case.due_at
    case.deadline_at = limit_for("check", context.now).due(context.now, case.area_code)


def guard_evidence(context: Context) -> str | None:
    """Ask for a photo only where the category needs evidence."""
    if context.subject.category.needs_photo and not context.data.get("has_photo"):
        return _("“%(category)s”需要一张处理后的照片作为依据。") % {
            "category": context.subject.category.name
        }
    return None


def guard_no_open_return(context: Context) -> str | None:
    """Nothing moves while a return waits for its ruling."""
    if context.subject.return_requests.filter(state="asked").exists():
        return _("有一份退单申请等待裁定，请先裁定。")
    return None


def send_back(context: Context) -> None:
    """Give the case back to its unit; the first clock goes on."""
    case = context.subject
    case.rework += 1
    case.done_at = None
    case.deadline_at = case.due_at


def guard_not_own_work(context: Context) -> str | None:
    """Nobody checks or calls back what they handled themselves."""
    if context.actor.account_id is not None and (
        context.subject.handler_id == context.actor.account_id
    ):
        return _("经办人不能核查或回访自己办理的工单。")
    return None


def close(context: Context) -> None:
    """End the case and settle whether it ended in time."""
    case = context.subject
    context.entry["on_time"] = case.due_at is None or context.now <= case.due_at
    context.entry["due"] = stamp(case.due_at)
    context.entry["settled_on_spot"] = context.step.name == "settle"
    if case.dispatched_at:
        end = case.done_at or context.now
        context.entry["minutes"] = working_minutes_between(case.dispatched_at, end, case.area_code)
    case.closed_at = context.now
    case.deadline_at = None
    if context.step.name == "settle":
        case.handler_id = context.actor.account_id


def guard_was_handler(context: Context) -> str | None:
    """Nobody who ever handled the case rates it or asks the reporter about it."""
    if context.subject.protected and context.step.name == "call_back":
        return _("反映人身份受保护，不作电话回访。")
    if any(handled(pk, context.actor.account_id) for pk in matter_of(context.subject)):
        return _("经办或核查过本工单的人不能评价或回访。")
    return None


def rate(context: Context) -> None:
    """Keep the reporter's rating; an earlier one is replaced, and the ledger says so."""
    case = context.subject
    _replace(context, context.data["rating"], context.data["solved"] == "yes")
    case.rated_at = context.now


def call_back(context: Context) -> None:
    """Keep what the call-back learned."""
    reached = context.data["reached"] == "yes"
    solved = {"yes": True, "no": False}.get(context.data.get("solved") or "")
    context.entry["reached"] = reached
    context.subject.called_back_at = context.now
    _replace(context, context.data.get("rating"), solved)
    if context.data.get("rating") is not None:
        context.subject.rated_at = context.now


def _replace(context: Context, rating: int | None, solved: bool | None) -> None:
    case = context.subject
    context.entry |= {"rating": rating, "solved": solved}
    if rating is not None:
        if case.rating is not None:
            context.entry["was_rating"] = case.rating
        case.rating = rating
    if solved is not None:
        if case.solved is not None:
            context.entry["was_solved"] = case.solved
        case.solved = solved
