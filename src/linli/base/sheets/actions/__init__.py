"""Everything that writes sheets, their columns, parts and cells."""

from .parts import hand_in_part, judge_part, save_cells
from .sheets import remove_column, save_column, save_sheet, take_step

__all__ = [
    "hand_in_part",
    "judge_part",
    "remove_column",
    "save_cells",
    "save_column",
    "save_sheet",
    "take_step",
]
