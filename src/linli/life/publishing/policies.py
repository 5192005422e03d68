"""Permissions of publishing, and the roles that carry them."""

from __future__ import annotations

DISPATCHERS = ("district_dispatcher", "subdistrict_dispatcher")

POLICIES: dict[str, tuple[str, ...]] = {
    "publishing.write": (*DISPATCHERS, "community_worker", "department_handler"),
    # Never for one's own text; see `flow.guard_other_person`.
    "publishing.approve": ("district_lead", *DISPATCHERS),
    # The columns are the same on all sites, so the district keeps them.
    "publishing.sections": ("district_dispatcher",),
    # Taken by the system alone, when a newer edition is published.
    "publishing.replace": (),
}
