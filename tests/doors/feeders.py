"""What each wing says of its addresses, gathered for the tests that visit every address."""

from __future__ import annotations

from typing import Any

from doors import interfaces, records, sheets, stories

OBJECTS: dict[str, Any] = (
    records.RECORDS | sheets.SHEETS | stories.STORIES | interfaces.INTERFACES
)  # fmt: skip
PUBLIC: dict[str, Any] = stories.PUBLIC | interfaces.OPEN
KEYED = interfaces.KEYED
PAGES = [
    *records.RECORD_PAGES, *sheets.SHEET_PAGES, *stories.STORY_PAGES, *interfaces.INTERFACE_PAGES,
]  # fmt: skip
NO_PAGE = (
    {*records.NO_RECORD_PAGE} | sheets.NO_SHEET_PAGE | stories.NO_STORY_PAGE
    | interfaces.NO_INTERFACE_PAGE
)  # fmt: skip


def load(world: Any, now: Any, rows: int) -> dict[str, Any]:
    """Make many of everything; return what the addresses of `PAGES` need."""
    return (
        interfaces.load_keys(world)
        | records.load_records(world, now, rows)
        | sheets.load_sheets(world, now)
        | stories.load_stories(world)
    )
