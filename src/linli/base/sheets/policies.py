"""Permissions of sheets, and the roles that carry them."""

from __future__ import annotations

ASKERS = ("district_dispatcher", "subdistrict_dispatcher", "department_handler")

POLICIES: dict[str, tuple[str, ...]] = {
    "sheets.ask": ASKERS,
    # Who admits a sheet must be somebody else than who asks it; see `flow.allows_sheet`.
    "sheets.admit": ("district_dispatcher", "district_lead"),
    "sheets.fill": ("community_worker",),
    # What can only be seen on the spot, in the worker's own grids.
    "sheets.look": ("grid_worker",),
    "sheets.view": ("district_lead", "district_dispatcher", "subdistrict_dispatcher"),
    "sheets.burden": ("district_lead", *ASKERS, "community_worker"),
    "sheets.export": ("district_lead", *ASKERS),
}
