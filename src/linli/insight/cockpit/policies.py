"""Permissions of the cockpit, and the roles that carry them."""

from __future__ import annotations

POLICIES: dict[str, tuple[str, ...]] = {
    "cockpit.view": ("district_lead", "district_dispatcher", "subdistrict_dispatcher"),
}
