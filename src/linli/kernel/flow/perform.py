"""Take a step: lock, check, apply, record, all in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import Http404

from ..ledger import actions as ledger
from ..ledger.models import Entry
from ..scope import Actor
from .errors import GuardFailed, InvalidStep, NotAllowed, SomeoneFaster
from .names import actor_name
from .table import Context, Flow, Step


@dataclass(frozen=True)
class Outcome:
    """What became of a step: the subject now, its ledger number, whether it was a repeat."""

    subject: Any
    seq: int
    replayed: bool = False


def perform(
    flow: Flow,
    step_name: str,
    subject_id: int,
    *,
    actor: Actor,
    now: datetime,
    data: Mapping[str, Any] | None = None,
    files: Any = None,
    extra: Mapping[str, Any] | None = None,
    key: str | None = None,
    expected: int | None = None,
) -> Outcome:
    """Take `step_name` on the subject and return the outcome.

    `data` and `files` go through the step's form; `extra` are facts from the caller, not the user.
    `expected` is the version the actor saw; a subject that has moved on raises SomeoneFaster.
    `key` makes a retry harmless: the second call answers like the first and changes nothing.
    Raises Http404 outside the actor's scope, NotAllowed, InvalidStep (bad form), GuardFailed.
    """
    step = flow.step(step_name)
    with transaction.atomic():
        subject = _locked(flow, subject_id, actor)
        done = _already(flow, subject_id, key, step)
        if done is not None:
            return Outcome(subject, done.seq, replayed=True)
        _check_turn(flow, step, subject, expected)
        if not flow.allows(actor, step.permission, subject):
            raise NotAllowed(_not_allowed(step))
        cleaned = _clean(step, data, files, subject, actor) | dict(extra or {})
        context = Context(subject, actor, now, cleaned, subject.state, step)
        for guard in step.guards:
            reason = guard(context)
            if reason:
                raise GuardFailed(reason)
        _apply(flow, context, key)
    return Outcome(subject, subject.version)


def _locked(flow: Flow, subject_id: int, actor: Actor) -> Any:
    if not flow.visible(actor).filter(pk=subject_id).exists():
        raise Http404
    return flow.model.objects.select_for_update(of=("self",)).get(pk=subject_id)


def _already(flow: Flow, subject_id: int, key: str | None, step: Step) -> Entry | None:
    if key is None:
        return None
    return Entry.objects.filter(
        subject_type=flow.name, subject_id=subject_id, key=key, verb=step.name
    ).first()


def _check_turn(flow: Flow, step: Step, subject: Any, expected: int | None) -> None:
    stale = expected is not None and expected != subject.version
    if subject.state in step.sources and not stale:
        return
    last = Entry.objects.filter(
        subject_type=flow.name, subject_id=subject.pk, seq=subject.version
    ).first()
    labels = {known.name: str(known.label) for known in flow.steps}
    raise SomeoneFaster(
        state=subject.state,
        label=str(flow.states[subject.state]),
        who=actor_name(last.actor_kind, last.actor_id) if last else "",
        verb=labels.get(last.verb, last.verb) if last else "",
        at=last.at if last else None,
    )


def _not_allowed(step: Step) -> str:
    from django.utils.translation import gettext as _

    return _("您没有“%(step)s”的权限。") % {"step": step.label}


def _clean(
    step: Step, data: Mapping[str, Any] | None, files: Any, subject: Any, actor: Actor
) -> dict[str, Any]:
    if step.form is None:
        return dict(data or {})
    maker: Any = step.form
    form = (
        maker(data or {}, files, subject=subject, actor=actor)
        if getattr(step.form, "wants_subject", False)
        else maker(data or {}, files)
    )
    if not form.is_valid():
        raise InvalidStep(form)
    return dict(form.cleaned_data)


def _apply(flow: Flow, context: Context, key: str | None) -> None:
    subject, step = context.subject, context.step
    if step.target is not None:
        subject.state = step.target
    for effect in step.effects:
        effect(context)
    subject.version += 1
    subject.save()
    if subject.state != context.was:
        context.entry.setdefault("from", context.was)
        context.entry.setdefault("to", subject.state)
    ledger.append(
        subject_type=flow.name,
        subject_id=subject.pk,
        verb=step.name,
        actor=flow.recorded_as(context.actor, subject),
        at=context.now,
        area_code=subject.area_code,
        data=context.entry,
        key=key,
        seq=subject.version,
    )
    for late in context.after:
        late(context)
