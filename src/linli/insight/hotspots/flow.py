"""The small life cycle of a hot spot: someone of the place looks into it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.kernel.flow import Context, Flow, Step, states
from linli.kernel.scope import Actor

from .forms import SeenForm
from .models import HotSpot, HotSpotState
from .queries import visible_spots


def allows(actor: Actor, permission: str, spot: HotSpot) -> bool:
    """Tell whether the actor holds the permission over the hot spot's place."""
    return actor.can(permission, spot.area_code)


def keep_note(context: Context) -> None:
    """Keep who looked into it, when, and what they wrote."""
    spot = context.subject
    spot.note = context.data["note"].strip()
    spot.seen_at, spot.seen_by_id = context.now, context.actor.account_id


HOT_SPOT_FLOW = Flow(
    name="hot_spot",
    model=HotSpot,
    states=dict(HotSpotState.choices),
    initial=HotSpotState.NEW,
    visible=visible_spots,
    allows=allows,
    steps=(
        Step(
            "mark_seen",
            _("标记已查看"),
            states(HotSpotState.NEW),
            HotSpotState.SEEN,
            "hotspots.mark",
            form=SeenForm,
            effects=(keep_note,),
        ),
    ),
)
