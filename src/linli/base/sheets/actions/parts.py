"""Fill in a part, hand it in, judge it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from linli.kernel.flow import InvalidStep, Outcome, perform
from linli.kernel.scope import Actor

from ..filling import FillForm
from ..flow import PART_FLOW
from ..models import Part
from ..queries import fill_form, get_part


def save_cells(
    part_id: int, *, actor: Actor, now: datetime, data: Mapping[str, Any], key: str | None = None
) -> FillForm:
    """Keep every good cell of what was typed, and return the form with the bad ones marked.

    Blanks are fine: the rest is typed later. Raises as `kernel.flow.perform`.
    """
    form: FillForm = fill_form(get_part(actor, part_id), data, strict=False)
    form.is_valid()
    perform(
        PART_FLOW, "save", part_id, actor=actor, now=now, data={"values": form.values()}, key=key
    )
    return form


def hand_in_part(
    part_id: int, *, actor: Actor, now: datetime, data: Mapping[str, Any], key: str | None = None
) -> Outcome:
    """Keep what was typed and hand the part in.

    Raises InvalidStep with the form where a cell is bad or a required one blank, and then the
    good ones are kept all the same; otherwise as `kernel.flow.perform`.
    """
    part: Part = get_part(actor, part_id)
    form = fill_form(part, data, strict=True)
    good = form.is_valid()
    with transaction.atomic():
        values = form.values()
        if not good:
            loose = fill_form(part, data, strict=False)
            loose.is_valid()
            values = loose.values()
        keep = f"{key}-save" if key else None
        if part.state in PART_FLOW.step("save").sources:
            perform(
                PART_FLOW, "save", part_id, actor=actor, now=now, data={"values": values}, key=keep
            )
        if good:
            return perform(PART_FLOW, "hand_in", part_id, actor=actor, now=now, key=key)
    raise InvalidStep(form)


def judge_part(
    name: str,
    part_id: int,
    *,
    actor: Actor,
    now: datetime,
    data: Mapping[str, Any] | None = None,
    key: str | None = None,
) -> Outcome:
    """Accept a part (`accept`) or send it back (`send_back`); errors as `kernel.flow.perform`."""
    if name not in {"accept", "send_back"}:
        raise ValueError(name)
    return perform(PART_FLOW, name, part_id, actor=actor, now=now, data=data, key=key)
