"""Permissions of the register of residents, and the roles that carry them."""

from __future__ import annotations

POLICIES: dict[str, tuple[str, ...]] = {
    "people.view": (
        "community_worker",
        "grid_worker",
        "window_clerk",
        "hotline_agent",
        "subdistrict_dispatcher",
        "district_dispatcher",
    ),
}
