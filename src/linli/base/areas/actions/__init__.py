"""Every write to areas; each is an entry of the ledger."""

from .areas import (
    Imported,
    create_area,
    end_area,
    import_boundaries,
    import_divisions,
    load_areas,
    rename_area,
    set_boundary,
    touch_boundaries,
)

__all__ = [
    "Imported",
    "create_area",
    "end_area",
    "import_boundaries",
    "import_divisions",
    "load_areas",
    "rename_area",
    "set_boundary",
    "touch_boundaries",
]
