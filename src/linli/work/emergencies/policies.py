"""Permissions of emergencies, and the roles that carry them."""

from __future__ import annotations

DISPATCHERS = ("district_dispatcher", "subdistrict_dispatcher")

POLICIES: dict[str, tuple[str, ...]] = {
    "emergencies.view": (
        "district_lead",
        *DISPATCHERS,
        "community_worker",
        "grid_worker",
        "hotline_agent",
    ),
    # Nobody who learns of an emergency has to ask whether they may say so.
    "emergencies.raise": (*DISPATCHERS, "community_worker", "grid_worker", "hotline_agent"),
    "emergencies.report": (*DISPATCHERS, "community_worker", "hotline_agent"),
    "emergencies.command": ("district_lead", *DISPATCHERS),
    "emergencies.plan": DISPATCHERS,
    "emergencies.roster": (*DISPATCHERS, "community_worker"),
    # Belongs to those who were called and to the units that hold a measure; see `flow.allows`.
    "emergencies.answer": (),
    "emergencies.tick": (),
}
