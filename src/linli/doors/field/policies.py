"""Permissions of the field, and the roles that carry them."""

from __future__ import annotations

POLICIES: dict[str, tuple[str, ...]] = {
    # What one's workers did on a day: results, never a ranking of people.
    "field.days": ("community_worker", "subdistrict_dispatcher"),
}
