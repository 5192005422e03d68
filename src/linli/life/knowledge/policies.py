"""Permissions of the knowledge base, and the roles that carry them."""

from __future__ import annotations

DISPATCHERS = ("district_dispatcher", "subdistrict_dispatcher")

POLICIES: dict[str, tuple[str, ...]] = {
    "knowledge.view": (
        "district_lead",
        *DISPATCHERS,
        "community_worker",
        "grid_worker",
        "department_handler",
        "hotline_agent",
        "window_clerk",
    ),
    "knowledge.write": (
        *DISPATCHERS,
        "community_worker",
        "department_handler",
        "hotline_agent",
    ),
    # Never for one's own text; see `flow.guard_other_person`.
    "knowledge.approve": ("district_lead", *DISPATCHERS),
    # Taken by the system alone, when a newer version is published.
    "knowledge.replace": (),
}
