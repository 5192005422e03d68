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
from .communities import (
    NewCommunity,
    merge_communities,
    recode_area,
    rename,
    split_community,
    urbanise_village,
)
from .grids import draw_grid, merge_grids, move_border, split_grid
from .layouts import Overtaken, Refused, adopt_layout
from .plans import adopt_plan, ask_for_layout, reject_plan
from .succession import Act, Heir

__all__ = [
    "Act",
    "Heir",
    "Imported",
    "NewCommunity",
    "Overtaken",
    "Refused",
    "adopt_layout",
    "adopt_plan",
    "ask_for_layout",
    "create_area",
    "draw_grid",
    "end_area",
    "import_boundaries",
    "import_divisions",
    "load_areas",
    "merge_communities",
    "merge_grids",
    "move_border",
    "recode_area",
    "reject_plan",
    "rename",
    "rename_area",
    "set_boundary",
    "split_community",
    "split_grid",
    "touch_boundaries",
    "urbanise_village",
]
