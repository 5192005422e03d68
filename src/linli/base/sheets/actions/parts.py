"""Fill in a part, hand it in, judge it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from linli.kernel.flow import InvalidStep, Outcome, perform
from linli.kernel.scope import Actor

from ..filling import FillForm
from ..flow import PART_FLOW
from ..models import Cell, Part
from ..queries import fill_form, get_part


def save_cells(
    part_id: int, *, actor: Actor, now: datetime, data: Mapping[str, Any], key: str | None = None
) -> FillForm:
    """Keep every good cell of what was typed, and return the form with the bad ones marked.

    Blanks are fine: the rest is typed later. `data` may hold `was-COLUMN`, the value that stood
    there when the page was opened: what a colleague typed since is not overwritten, and both
    values are told at the cell. Raises as `kernel.flow.perform`.
    """
    form: FillForm = fill_form(get_part(actor, part_id), data, strict=False)
    form.is_valid()
    given = _given(form.values(), data)
    perform(PART_FLOW, "save", part_id, actor=actor, now=now, data=given, key=key)
    _tell(form, given["clashes"])
    return form


def _given(values: Mapping[int, str], data: Mapping[str, Any]) -> dict[str, Any]:
    seen = {column: data[f"was-{column}"] for column in values if f"was-{column}" in data}
    return {"values": values, "seen": seen, "clashes": {}}


def _tell(form: FillForm, clashes: Mapping[int, Cell | None]) -> None:
    """Put what a colleague typed beside what was typed here, at the cell."""
    for column, cell in clashes.items():
        name = f"c-{column}"
        if cell is None:
            form.add_error(name, _("同事刚清空了这一格。要以您填的为准，请再保存一次。"))
            continue
        choices: Any = getattr(form.fields[name], "choices", ())
        theirs = str(dict(choices).get(cell.value, cell.value))
        words = _("%(who)s刚填了“%(theirs)s”，您填的还没有保存。要以您填的为准，请再保存一次。")
        form.add_error(name, words % {"who": cell.by, "theirs": theirs})


def hand_in_part(
    part_id: int, *, actor: Actor, now: datetime, data: Mapping[str, Any], key: str | None = None
) -> Outcome:
    """Keep what was typed and hand the part in.

    Raises InvalidStep with the form where a cell is bad, a required one blank or one that a
    colleague typed into meanwhile, and then the others are kept all the same; otherwise as
    `kernel.flow.perform`. `data` as in `save_cells`.
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
        given = _given(values, data)
        keep = f"{key}-save" if key else None
        if part.state in PART_FLOW.step("save").sources:
            perform(PART_FLOW, "save", part_id, actor=actor, now=now, data=given, key=keep)
        if good and not given["clashes"]:
            return perform(PART_FLOW, "hand_in", part_id, actor=actor, now=now, key=key)
    _tell(form, given["clashes"])
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
