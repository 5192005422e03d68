"""What each step of a mediation changes."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Max
from django.utils import timezone

from linli.kernel.flow import Context, Effect

from ..limits import stamp
from . import clocks
from .forms import ADVICE
from .models import (
    Form,
    Mediation,
    MediationNote,
    Meeting,
    Obligation,
    Party,
    Recusal,
    Result,
)

PARTY_FIELDS = ("organisation", "name", "phone", "id_number", "address", "representative")


def note(*fields: str) -> Effect:
    """Return the effect that keeps what was typed in `fields`, sealed, under their step."""

    def keep(context: Context) -> None:
        words = "\n".join(str(context.data[name]) for name in fields if context.data.get(name))
        if words:
            context.after.append(lambda late: _write(late, words))

    return keep


def _write(context: Context, words: str) -> None:
    mediation: Mediation = context.subject
    MediationNote.objects.create(mediation=mediation, seq=mediation.version, text=words)


def new_party(mediation: Mediation, data: dict[str, object]) -> Party:
    """Write one more party of a mediation."""
    last = mediation.parties.aggregate(last=Max("order"))["last"] or 0
    return Party.objects.create(
        mediation=mediation, order=last + 1, applicant=bool(data.get("applicant")),
        **{name: data.get(name) or ("" if name != "organisation" else False)
           for name in PARTY_FIELDS},
    )  # fmt: skip


def add_party(context: Context) -> None:
    """Write the party; who joins later agrees by joining only once that is registered."""
    context.entry["party"] = new_party(context.subject, context.data).order


def consent(context: Context) -> None:
    """Keep that a party agreed."""
    party: Party = context.data["party"]
    party.consented_on = context.data["on"]
    party.save(update_fields=["consented_on"])
    context.entry["party"] = party.order


def of_party(context: Context) -> None:
    """Keep which party a step is about."""
    context.entry["party"] = context.data["party"].order


def advise(context: Context) -> None:
    """Keep which other ways the parties were told of."""
    context.entry["advice"] = [key for key, _label in ADVICE if key in context.data["advice"]]


def accept(context: Context) -> None:
    """Start the clock, which the mediator answers for."""
    mediation: Mediation = context.subject
    seat(context)
    mediation.due_at = clocks.mediation_due(context.now)
    context.entry["clock"] = stamp(mediation.due_at)


def seat(context: Context) -> None:
    """Say who mediates."""
    mediation: Mediation = context.subject
    if mediation.mediator_id != context.data["mediator"].pk:
        context.entry["from_person"] = mediation.mediator_id
    mediation.mediator, mediation.second = context.data["mediator"], context.data.get("second")
    context.entry["to_person"] = mediation.mediator_id


def change(context: Context) -> None:
    """Put another mediator in place; whom a party objected to is out for good."""
    was = context.subject.mediator_id
    party = context.data.get("objector")
    seat(context)
    if party is not None:
        context.entry["party"] = party.order
        context.after.append(lambda late: _recuse(late, was, party))


def _recuse(context: Context, account_id: int, party: Party) -> None:
    Recusal.objects.create(
        mediation=context.subject, account_id=account_id, party=party, seq=context.subject.version
    )


def hold(context: Context) -> None:
    """Write the record of a meeting."""
    data = context.data
    meeting = Meeting.objects.create(
        mediation=context.subject, held_at=data["held_at"], place=data["place"],
        others=data.get("others") or "", record=data["record"],
        written_by_id=context.actor.account_id,
    )  # fmt: skip
    meeting.present.set(data["present"])
    context.entry["present"] = len(data["present"])


def extend(context: Context) -> None:
    """Move the clock."""
    mediation: Mediation = context.subject
    was = mediation.due_at
    if was is not None:
        start = max(timezone.localdate(was), timezone.localdate(context.now))
        mediation.due_at = clocks.end_of(start + timedelta(days=context.data["days"]))
    context.entry |= {"days": context.data["days"], "clock": stamp(mediation.due_at)}


def draft(context: Context) -> None:
    """Keep the words of the agreement."""
    mediation: Mediation = context.subject
    for name in ("form", "matter", "terms"):
        setattr(mediation, name, context.data[name])
    context.entry["form"] = mediation.form


def oblige(context: Context) -> None:
    """Write an obligation."""
    data = context.data
    row = Obligation.objects.create(
        mediation=context.subject, debtor=data["debtor"], what=data["what"], due_on=data["due_on"]
    )
    context.entry |= {"obligation": row.pk, "party": data["debtor"].order,
                      "due": data["due_on"].isoformat()}  # fmt: skip


def drop(context: Context) -> None:
    """Take an obligation out."""
    context.entry["obligation"] = context.data["obligation"].pk
    context.data["obligation"].delete()


def sign(context: Context) -> None:
    """Keep that a party signed."""
    party: Party = context.data["party"]
    party.signed_on = context.data["on"]
    party.save(update_fields=["signed_on"])
    context.entry["party"] = party.order


def unsign(context: Context) -> None:
    """Take all signatures back: what is drafted anew is signed anew."""
    context.entry["signatures"] = context.subject.parties.exclude(signed_on=None).update(
        signed_on=None
    )


def conclude(context: Context) -> None:
    """Let the agreement take effect: the clock of mediation ends, the court's begins."""
    mediation: Mediation = context.subject
    stop(context)
    mediation.effective_on = context.data["on"]
    mediation.confirm_until = clocks.confirm_until(context.data["on"], mediation.area_code)
    context.entry |= {"form": mediation.form or Form.WRITTEN,
                      "obligations": mediation.obligations.count(),
                      "effective": mediation.effective_on.isoformat()}  # fmt: skip


def stop(context: Context) -> None:
    """End the clock of mediation and keep whether it was in time."""
    mediation: Mediation = context.subject
    if mediation.due_at is not None:
        context.entry["on_time"] = context.now <= mediation.due_at
    mediation.due_at = None


def end(context: Context) -> None:
    """Keep when the file was closed."""
    context.subject.ended_at = context.now


def perform_one(context: Context) -> None:
    """Keep what became of one obligation."""
    row: Obligation = context.data["obligation"]
    was, row.result = row.result, context.data["result"]
    row.performed_on = context.data["on"] if row.result == Result.PERFORMED else None
    row.save(update_fields=["result", "performed_on"])
    context.entry |= {"obligation": row.pk, "result": row.result, "result_was": was}
    if row.performed_on is not None:
        context.entry["on_time"] = row.performed_on <= row.due_on


def ask_court(context: Context) -> None:
    """Keep the application."""
    mediation: Mediation = context.subject
    mediation.confirmation, mediation.court = "applied", context.data["court"]
    context.entry["on"] = context.data["on"].isoformat()


def ruling(context: Context) -> None:
    """Keep what the court decided."""
    mediation: Mediation = context.subject
    mediation.confirmation = context.data["result"]
    mediation.ruling = context.data["ruling"]
    context.entry["result"] = mediation.confirmation
