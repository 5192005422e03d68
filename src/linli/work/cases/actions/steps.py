"""Take a step of a case, with the files that come with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from linli.kernel.flow import Outcome, perform
from linli.kernel.scope import Actor

from ..attachments import Cleaned
from ..flow import CASE_FLOW
from .files import store_files


def take_step(
    step: str,
    case_id: int,
    *,
    actor: Actor,
    now: datetime,
    data: Mapping[str, Any] | None = None,
    files: Sequence[Cleaned] = (),
    key: str | None = None,
    expected: int | None = None,
) -> Outcome:
    """Take a step and store its files in one transaction; errors as `kernel.flow.perform`."""
    with transaction.atomic():
        outcome = perform(
            CASE_FLOW,
            step,
            case_id,
            actor=actor,
            now=now,
            data=data,
            extra={"has_photo": any(item.mime == "image/jpeg" for item in files)},
            key=key,
            expected=expected,
        )
        if files and not outcome.replayed:
            store_files(outcome.subject, outcome.seq, files, now)
    return outcome


def accept_and_dispatch(
    case_id: int,
    *,
    actor: Actor,
    now: datetime,
    data: Mapping[str, Any],
    key: str | None = None,
    expected: int | None = None,
) -> Outcome:
    """Accept and dispatch in one act, as a dispatcher does with an ordinary case."""
    with transaction.atomic():
        first = take_step("accept", case_id, actor=actor, now=now, key=key, expected=expected)
        if first.replayed:
            return first
        return take_step("dispatch", case_id, actor=actor, now=now, data=data)
