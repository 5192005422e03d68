"""What each step of an emergency changes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from linli.base.accounts.models import Unit
from linli.kernel.flow import Context, Effect

from . import calling, clocks
from .models import (
    Call,
    Emergency,
    EmergencyNote,
    EmergencyReport,
    Measure,
    PlanMeasure,
    ReportKind,
)

ELEMENTS = ("told", "losses", "trend", "leaders", "measures", "needs")


def note(*fields: str) -> Effect:
    """Return the effect that keeps what was typed in `fields`, under their step."""

    def keep(context: Context) -> None:
        text = "\n".join(
            str(context.data.get(name)).strip() for name in fields if context.data.get(name)
        )
        if text:
            context.after.append(lambda late: _write(late, text))

    return keep


def _write(context: Context, text: str) -> None:
    emergency: Emergency = context.subject
    EmergencyNote.objects.create(emergency=emergency, seq=emergency.version, text=text)


def clock(context: Context) -> None:
    """Start the clock of the next report, or stop it where the emergency is over."""
    emergency: Emergency = context.subject
    if emergency.is_open:
        emergency.owes, emergency.due_at = clocks.next_report(emergency)
    else:
        emergency.owes, emergency.due_at = "", None


def start(context: Context) -> None:
    """Begin the response: the level, and the measures of the plan for the units of the place."""
    emergency: Emergency = context.subject
    plan = context.data.get("plan")
    _level(context)
    emergency.plan = plan
    if plan is not None:
        context.entry["plan"] = plan.pk
        context.after.append(_measures)


def _measures(context: Context) -> None:
    emergency: Emergency = context.subject
    here = {unit.kind: unit for unit in reversed(calling.units_told(emergency.area_code))}
    rows = []
    for row in PlanMeasure.objects.filter(plan=emergency.plan).select_related("unit"):
        unit = row.unit or here.get(row.unit_kind) or _nearest(here)
        if unit is None:
            continue
        due = context.now + timedelta(minutes=row.minutes)
        rows.append(Measure(emergency=emergency, text=row.text, unit=unit, due_at=due))
    Measure.objects.bulk_create(rows)


def _nearest(here: dict[str, Unit]) -> Unit | None:
    return max(here.values(), key=lambda unit: len(unit.area_code), default=None)


def _level(context: Context) -> None:
    emergency: Emergency = context.subject
    context.entry |= {"level": context.data["level"], "level_was": emergency.level}
    emergency.level = context.data["level"]
    context.after.append(_call)


def _call(context: Context) -> None:
    calling.call_all(context.subject, context.now)


def regrade(context: Context) -> None:
    """Change the level; units that were not told before are told now."""
    _level(context)


def report(kind: ReportKind) -> Effect:
    """Return the effect that files a report of this kind and keeps whether it was in time."""

    def file(context: Context) -> None:
        emergency: Emergency = context.subject
        if emergency.due_at is not None and emergency.owes == kind:
            context.entry["on_time"] = context.now <= emergency.due_at
        if kind == ReportKind.PHONE:
            emergency.phoned_at = context.now
        elif kind == ReportKind.WRITTEN:
            emergency.written_at = context.now
            # Who wrote within the time of the call need not ring as well.
            emergency.phoned_at = emergency.phoned_at or context.now
        emergency.reported_at = context.now
        context.after.append(lambda late: _file(late, kind))

    return file


def _file(context: Context, kind: ReportKind) -> None:
    emergency: Emergency = context.subject
    last = emergency.reports.aggregate(last=Max("number"))["last"] or 0
    typed: dict[str, Any] = {name: context.data.get(name) or "" for name in ELEMENTS}
    if kind != ReportKind.PHONE and not typed["measures"]:
        typed["measures"] = "\n".join(
            f"{row.text}（{row.unit.name}）{_('：') + row.note if row.note else ''}"
            for row in emergency.measures.exclude(done_at=None).select_related("unit")
        )
    EmergencyReport.objects.create(
        emergency=emergency, number=last + 1, kind=kind, seq=emergency.version, at=context.now,
        author_id=context.actor.account_id, **typed,
    )  # fmt: skip


def add_measure(context: Context) -> None:
    """Put one more measure on the list."""
    context.entry["unit"] = context.data["unit"].pk
    context.after.append(_add_measure)


def _add_measure(context: Context) -> None:
    data = context.data
    due = context.now + timedelta(minutes=data["minutes"])
    Measure.objects.create(
        emergency=context.subject, text=data["text"], unit=data["unit"], due_at=due
    )


def tick(context: Context) -> None:
    """Tick off one measure."""
    row = Measure.objects.get(emergency=context.subject, pk=context.data["measure"])
    row.done_at, row.done_by_id = context.now, context.actor.account_id
    row.note = context.data.get("note") or ""
    row.save(update_fields=["done_at", "done_by", "note"])
    context.entry |= {"measure": row.pk, "on_time": context.now <= row.due_at}


def answer(context: Context) -> None:
    """Keep that the person who acts has got the call."""
    Call.objects.filter(
        emergency=context.subject, account_id=context.actor.account_id or 0, answered_at=None
    ).update(answered_at=context.now)


def end(context: Context) -> None:
    """Keep when it was over."""
    context.subject.ended_at = context.now


def review(context: Context) -> None:
    """Keep when the lessons were written."""
    context.subject.reviewed_at = context.now


def guard_measure(context: Context) -> str | None:
    """The measure is one of this emergency's and not done; the actor's unit holds it."""
    row = Measure.objects.filter(emergency=context.subject, pk=context.data["measure"]).first()
    if row is None:
        return _("没有这条措施。")
    if row.done_at is not None:
        return _("这条措施已由他人标记完成。")
    actor = context.actor
    if row.unit_id in actor.unit_ids or actor.can("emergencies.command", context.subject.area_code):
        return None
    return _("这条措施由“%(unit)s”负责。") % {"unit": row.unit.name}


def guard_called(context: Context) -> str | None:
    """Only who was called and has not answered can answer."""
    waiting = Call.objects.filter(
        emergency=context.subject, account_id=context.actor.account_id or 0, answered_at=None
    )
    return None if waiting.exists() else _("没有等您确认的通知。")


def guard_no_phone(context: Context) -> str | None:
    """The first report by phone is made once."""
    return _("电话首报已经报过。") if context.subject.phoned_at else None


def guard_no_written(context: Context) -> str | None:
    """The first report in writing is made once; after it come follow-ups."""
    return _("书面首报已经报过，请用续报。") if context.subject.written_at else None


def guard_written(context: Context) -> str | None:
    """What follows needs the first report in writing."""
    return None if context.subject.written_at else _("请先完成书面首报。")
