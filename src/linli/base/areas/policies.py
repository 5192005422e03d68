"""Permissions of areas, and the roles that carry them."""

from __future__ import annotations

POLICIES: dict[str, tuple[str, ...]] = {
    # The tree and the map of the whole district help everyone who works in it.
    "areas.view": (
        "district_lead",
        "district_dispatcher",
        "subdistrict_dispatcher",
        "community_worker",
        "grid_worker",
        "department_handler",
        "hotline_agent",
        "window_clerk",
        "system_admin",
    ),
    "areas.manage": ("system_admin",),
    # Grids are laid out by the subdistrict; communities are set up above it.
    "areas.edit": ("district_dispatcher", "subdistrict_dispatcher", "system_admin"),
    "areas.succeed": ("district_dispatcher", "system_admin"),
    "areas.post": (
        "district_dispatcher",
        "subdistrict_dispatcher",
        "community_worker",
        "system_admin",
    ),
    "areas.phones": (
        "district_lead",
        "district_dispatcher",
        "subdistrict_dispatcher",
        "community_worker",
        "grid_worker",
        "hotline_agent",
    ),
}
