"""Fill in the lines of a part, hand it in; on the spot, or at the desk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from linli.kernel.flow import InvalidStep, Outcome, perform
from linli.kernel.scope import Actor

from ..flow import PART_FLOW
from ..models import Part
from ..queries import get_part
from ..rosters.cells import RowsForm, Typed, input_name, was_name
from ..rosters.models import Row
from ..rosters.reading import in_grids, rows_of_part, screen_of


def save_rows(
    part_id: int,
    rows: Sequence[Row],
    *,
    actor: Actor,
    now: datetime,
    data: Mapping[str, Any],
    key: str | None = None,
    on_the_spot: bool = False,
) -> RowsForm:
    """Keep every good cell of what was typed into these lines; return the form, bad ones marked.

    Registers take over what they did not know, at once. `on_the_spot` is the grid worker, who is
    asked some columns only, of what lies in the own grids. Raises as `kernel.flow.perform`.
    """
    part: Part = get_part(actor, part_id)
    if on_the_spot:
        near = in_grids(rows_of_part(part), part, actor.areas("sheets.look"))
        rows = list(near.filter(pk__in=[row.pk for row in rows]))
    form = screen_of(part, rows).form(data, by_grid=on_the_spot)
    form.is_valid()
    typed = _typed(form, data)
    step = "look" if on_the_spot else "save"
    perform(PART_FLOW, step, part_id, actor=actor, now=now, data={"typed": typed}, key=key)
    for place, words in typed.faults.items():
        form.add_error(input_name(*place), words)
    return form


def _typed(form: RowsForm, data: Mapping[str, Any]) -> Typed:
    values = form.values()
    seen = {place: data[was_name(*place)] for place in values if was_name(*place) in data}
    return Typed(values, seen)


def hand_in_rows(
    part_id: int,
    rows: Sequence[Row],
    *,
    actor: Actor,
    now: datetime,
    data: Mapping[str, Any],
    key: str | None = None,
) -> Outcome:
    """Keep what was typed into these lines and hand the whole part in.

    Raises InvalidStep with the form where a cell is bad (the others are kept all the same);
    otherwise as `kernel.flow.perform`: a required cell left blank in any line stands in the way.
    """
    part: Part = get_part(actor, part_id)
    if part.state in PART_FLOW.step("save").sources:
        keep = f"{key}-save" if key else None
        form = save_rows(part_id, rows, actor=actor, now=now, data=data, key=keep)
        if form.errors:
            raise InvalidStep(form)
    with transaction.atomic():
        return perform(PART_FLOW, "hand_in", part_id, actor=actor, now=now, key=key)
