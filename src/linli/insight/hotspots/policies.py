"""Permissions of hot spots, and the roles that carry them."""

from __future__ import annotations

POLICIES: dict[str, tuple[str, ...]] = {
    "hotspots.view": (
        "district_lead",
        "district_dispatcher",
        "subdistrict_dispatcher",
        "community_worker",
        "grid_worker",
    ),
    "hotspots.mark": ("district_dispatcher", "subdistrict_dispatcher", "community_worker"),
}
