"""The life cycles of a sheet and of each community's part of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from linli.kernel.flow import Flow, Step, states
from linli.kernel.scope import Actor

from . import effects as e
from . import forms as f
from . import guards as g
from .models import Part, PartState, Sheet, SheetState
from .queries import is_asker, visible_parts, visible_sheets

if TYPE_CHECKING:
    from django.db.models import QuerySet

S, P = SheetState, PartState


def _sheets(actor: Actor) -> QuerySet[Any]:
    return visible_sheets(actor)


def _parts(actor: Actor) -> QuerySet[Any]:
    return visible_parts(actor)


def allows_sheet(actor: Actor, permission: str, sheet: Sheet) -> bool:
    """Tell whether the actor may: asking is for the asker, admitting for anybody but them."""
    if not actor.can(permission, sheet.area_code):
        return False
    if permission == "sheets.ask":
        return is_asker(actor, sheet)
    return actor.account_id != sheet.asker_id


def allows_part(actor: Actor, permission: str, part: Part) -> bool:
    """Tell whether the actor may: filling is for the community, judging for the asker."""
    if permission == "sheets.ask":
        return allows_sheet(actor, permission, part.sheet)
    if permission == "sheets.look":
        return any(code.startswith(part.area_code) for code in actor.areas(permission))
    return actor.can(permission, part.area_code)


SHEET_FLOW = Flow(
    name="sheet",
    model=Sheet,
    states=dict(S.choices),
    initial=S.DRAFT,
    visible=_sheets,
    allows=allows_sheet,
    steps=(
        Step("submit", _("提交准入"), states(S.DRAFT), S.SUBMITTED, "sheets.ask",
             guards=(g.has_cells, g.due_ahead, g.not_too_long, g.asks_nothing_known),
             effects=(e.submit,)),
        Step("admit", _("准予下发"), states(S.SUBMITTED), S.ADMITTED, "sheets.admit",
             guards=(g.due_ahead, g.has_communities, g.not_too_long, g.asks_nothing_known),
             effects=(e.admit,)),
        Step("refuse", _("不予准入"), states(S.SUBMITTED), S.REFUSED, "sheets.admit",
             form=f.RefuseForm, effects=(e.refuse,), tone="secondary"),
        Step("revise", _("修改后再报"), states(S.REFUSED), S.DRAFT, "sheets.ask"),
        Step("close", _("收齐结束"), states(S.ADMITTED), S.CLOSED, "sheets.ask",
             effects=(e.end,)),
        Step("withdraw", _("撤回"), states(S.DRAFT, S.SUBMITTED, S.REFUSED, S.ADMITTED),
             S.WITHDRAWN, "sheets.ask", effects=(e.end,), tone="secondary"),
    ),
)  # fmt: skip

# The cells themselves are checked and handed along by `actions.parts`.
PART_FLOW = Flow(
    name="sheet_part",
    model=Part,
    states=dict(P.choices),
    initial=P.OPEN,
    visible=_parts,
    allows=allows_part,
    steps=(
        Step("save", _("保存"), states(P.OPEN, P.SENT_BACK), None, "sheets.fill",
             guards=(g.in_force,), effects=(e.keep_cells,), tone="secondary"),
        Step("look", _("现场填写"), states(P.OPEN, P.SENT_BACK), None, "sheets.look",
             guards=(g.in_force, g.has_rows), effects=(e.keep_cells,), tone="secondary"),
        Step("hand_in", _("上报"), states(P.OPEN, P.SENT_BACK), P.HANDED_IN, "sheets.fill",
             guards=(g.in_force, g.prepared, g.nothing_missing), effects=(e.hand_in,)),
        Step("accept", _("收下"), states(P.HANDED_IN), P.ACCEPTED, "sheets.ask",
             guards=(g.in_force,), effects=(e.accept,)),
        Step("send_back", _("退回修改"), states(P.HANDED_IN, P.ACCEPTED), P.SENT_BACK,
             "sheets.ask", form=f.SendBackForm, guards=(g.in_force,), effects=(e.send_back,),
             tone="secondary"),
    ),
)  # fmt: skip
