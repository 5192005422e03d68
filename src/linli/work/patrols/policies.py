"""Permissions of patrols, and the roles that carry them."""

from __future__ import annotations

DISPATCHERS = ("district_dispatcher", "subdistrict_dispatcher")

POLICIES: dict[str, tuple[str, ...]] = {
    "patrols.view": ("district_lead", *DISPATCHERS, "community_worker"),
    "patrols.walk": ("grid_worker", "community_worker"),
    "patrols.plan": ("community_worker",),
    "patrols.excuse": ("community_worker",),
    "patrols.export": ("district_lead", *DISPATCHERS, "community_worker"),
    # Taken by the clock alone; see `flow.allows`.
    "patrols.by_clock": (),
}
