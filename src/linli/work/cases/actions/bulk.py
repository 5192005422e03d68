"""Write many cases with their whole story at once: the demonstration, or an earlier system's.

The effects of the life cycle run on each case in memory, exactly as a step would run them, and the
rows go to the database by COPY. Permissions, guards and forms are not asked: a plan must hold what
the forms would have cleaned. `tests/work/cases/test_bulk.py` proves both ways equal.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Value
from psycopg import sql

from linli.kernel.bulk import concrete_fields, copy_rows, take_ids
from linli.kernel.flow import Context
from linli.kernel.ledger import actions as ledger
from linli.kernel.ledger.models import Entry
from linli.kernel.scope import Actor

from .. import notices, returns
from ..attachments import Cleaned
from ..effects import Note, Tell
from ..flow import CASE_FLOW
from ..models import Attachment, Case, CaseNote, ReturnRequest
from ..natures.protection import recorded_as
from ..queries import hash_tracking
from .files import name_of
from .register import draft_case, register_data


@dataclass(frozen=True)
class Stored:
    """A file that stands in the storage already, so that many rows may show it."""

    file: str
    thumbnail: str
    cleaned: Cleaned


@dataclass
class Act:
    """One step of a plan: by whom, when, with what (as the step's form would clean it)."""

    step: str
    actor: Actor
    at: datetime
    data: dict[str, Any] = field(default_factory=dict)
    photos: Sequence[Stored] = ()
    key: str | None = None


@dataclass
class Plan:
    """One case: how it is registered (`report`: arguments of register_case) and what follows."""

    actor: Actor
    at: datetime
    report: dict[str, Any]
    acts: list[Act] = field(default_factory=list)
    photos: Sequence[Stored] = ()
    code: str | None = None


@dataclass
class _Rows:
    entries: list[Entry] = field(default_factory=list)
    notes: list[CaseNote] = field(default_factory=list)
    requests: list[ReturnRequest] = field(default_factory=list)
    files: list[Attachment] = field(default_factory=list)


@transaction.atomic
def write_plans(plans: Iterable[Plan], *, tell_since: datetime | None = None) -> list[Case]:
    """Write the cases of the plans, ordered by time, and return them.

    Reporters find messages of steps since `tell_since` in their in-site inbox; nothing is sent
    by SMS, and automatic dispatch is not queued: what it would do belongs to the plan.
    """
    ordered = sorted(plans, key=lambda plan: plan.at)
    rows, cases = _Rows(), []
    for plan, pk in zip(ordered, take_ids(Case, len(ordered)), strict=True):
        case = _register(plan, pk, rows, tell_since)
        for act in plan.acts:
            _act(case, act, rows, tell_since)
        cases.append(case)
    _write_cases(cases)
    copy_rows(CaseNote, rows.notes, leave_out=("id",))
    copy_rows(ReturnRequest, rows.requests, leave_out=("id",))
    copy_rows(Attachment, rows.files, leave_out=("id",))
    ledger.append_many(sorted(rows.entries, key=lambda entry: (entry.at, entry.subject_id)))
    return cases


def _write_cases(cases: list[Case]) -> None:
    """Copy the cases to a table of this transaction, and from there with their search vectors."""
    columns = sql.SQL(", ").join(
        sql.Identifier(field.column) for field in concrete_fields(Case, ("search",))
    )
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL(
                "CREATE TEMP TABLE cases_incoming ON COMMIT DROP AS"
                " SELECT {}, ''::text AS words FROM cases_case WHERE false"
            ).format(columns)
        )
        copy_rows(
            Case,
            cases,
            leave_out=("search",),
            table="cases_incoming",
            extra={"words": lambda case: _words(case.search)},
        )
        cursor.execute(
            sql.SQL(
                "INSERT INTO cases_case ({0}, search)"
                " SELECT {0}, to_tsvector('simple', words) FROM cases_incoming ORDER BY id"
            ).format(columns)
        )
        cursor.execute("DROP TABLE cases_incoming")


def _words(search: Any) -> str:
    """Return the text under the expression that `kernel.search` makes of a case."""
    return " ".join(str(part.value) for part in search.flatten() if isinstance(part, Value))


def _register(plan: Plan, pk: int, rows: _Rows, tell_since: datetime | None) -> Case:
    case, code = draft_case(actor=plan.actor, now=plan.at, **plan.report)
    case.pk = pk
    if code and plan.code:
        case.tracking_hash = hash_tracking(plan.code)
    rows.entries.append(_entry(case, "register", plan.actor, plan.at, register_data(case), None))
    _attach(case, plan.photos, plan.at, rows)
    if tell_since and plan.at >= tell_since:
        _tell(case, "register", plan.at, {})
    return case


def _act(case: Case, act: Act, rows: _Rows, tell_since: datetime | None) -> None:
    step = CASE_FLOW.step(act.step)
    context = Context(case, act.actor, act.at, act.data, case.state, step)
    if case.state not in step.sources:
        raise ValueError(f"{act.step} cannot follow {case.state}")
    if step.target is not None:
        case.state = step.target
    late = [effect for effect in step.effects if isinstance(effect, Note | Tell)]
    for effect in step.effects:
        if not isinstance(effect, Note | Tell):
            _apply(effect, context, rows)
    case.version += 1
    if case.state != context.was:
        context.entry.setdefault("from", context.was)
        context.entry.setdefault("to", str(case.state))
    rows.entries.append(_entry(case, act.step, act.actor, act.at, context.entry, act.key))
    for effect in late:
        if isinstance(effect, Tell):
            if tell_since and act.at >= tell_since:
                _tell(case, effect.verb, act.at, effect.params(act.data))
        elif text := effect.text(act.data):
            rows.notes.append(
                CaseNote(case_id=case.pk, seq=case.version, text=text, public=effect.public)
            )
    _attach(case, act.photos, act.at, rows)


def _apply(effect: Any, context: Context, rows: _Rows) -> None:
    """Run an effect; those of returns read and write a table, so their plain halves run here."""
    if effect is returns.ask:
        rows.requests.append(returns.draft(context))
    elif effect in {returns.grant, returns.refuse}:
        waiting = next(r for r in reversed(rows.requests) if r.case_id == context.subject.pk)
        returns.settle(context, waiting)
        (returns.move if effect is returns.grant else returns.stay)(context)
    else:
        effect(context)


def _entry(
    case: Case, verb: str, actor: Actor, at: datetime, data: dict[str, Any], key: str | None
) -> Entry:
    return Entry(
        subject_type="case",
        subject_id=case.pk,
        seq=case.version,
        verb=verb,
        actor_kind=actor.kind,
        actor_id=recorded_as(actor, case).account_id,
        area_code=case.area_code,
        at=at,
        data=data,
        key=key,
    )


def _attach(case: Case, photos: Sequence[Stored], at: datetime, rows: _Rows) -> None:
    rows.files += [
        Attachment(
            case_id=case.pk,
            seq=case.version,
            file=photo.file,
            thumbnail=photo.thumbnail,
            name=name_of(photo.cleaned, case, case.version, number),
            mime=photo.cleaned.mime,
            size=len(photo.cleaned.body),
            sha256=photo.cleaned.sha256,
            added_at=at,
        )
        for number, photo in enumerate(photos, start=1)
    ]


def _tell(case: Case, verb: str, at: datetime, extra: dict[str, str]) -> None:
    if case.reporter_id:
        phone, case.reporter_phone = case.reporter_phone, ""
        notices.tell_reporter(case, verb, seq=case.version, now=at, extra=extra)
        case.reporter_phone = phone
