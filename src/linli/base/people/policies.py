"""Permissions of the registers, and the roles that carry them."""

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
    "people.edit": ("community_worker", "grid_worker"),
    "people.reveal": ("community_worker", "grid_worker", "window_clerk"),
    "people.decide": ("community_worker",),
    "people.rights": ("community_worker", "window_clerk"),
    "people.export": ("community_worker",),
    "people.import": ("community_worker", "system_admin"),
    "people.erasures": ("community_worker", "window_clerk", "privacy_officer"),
    "people.erase": ("privacy_officer",),
    "people.retain": ("privacy_officer",),
    "people.retention": ("audit_admin", "privacy_officer"),
    "people.looks": ("audit_admin", "privacy_officer"),
}
