"""The small life cycle of a round."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from linli.kernel.flow import Flow, Step, states
from linli.kernel.scope import Actor

from . import effects as e
from . import forms as f
from .models import Round, RoundState

if TYPE_CHECKING:
    from django.db.models import QuerySet

S = RoundState


def _visible(actor: Actor) -> QuerySet[Any]:
    from .queries import visible_rounds

    return visible_rounds(actor)


def allows(actor: Actor, permission: str, found: Round) -> bool:
    """Tell whether the actor holds the permission over the round's grid."""
    return actor.can(permission, found.area_code)


# A round walked in time may come late, from a phone that had no network: so also from `missed`.
ROUND_FLOW = Flow(
    name="patrol_round",
    model=Round,
    states=dict(S.choices),
    initial=S.DUE,
    visible=_visible,
    allows=allows,
    steps=(
        Step("hand_in", _("完成巡查"), states(S.DUE, S.MISSED), S.WALKED, "patrols.walk",
             form=f.HandInForm, effects=(e.hand_in,)),
        Step("miss", _("到期未巡"), states(S.DUE), S.MISSED, "patrols.by_clock"),
        Step("excuse", _("免巡"), states(S.DUE, S.MISSED), S.EXCUSED, "patrols.excuse",
             form=f.ExcuseForm, effects=(e.excuse,), tone="secondary"),
    ),
)  # fmt: skip
