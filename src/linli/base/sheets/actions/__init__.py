"""Everything that writes sheets, their columns, parts and cells."""

from .parts import hand_in_part, judge_part, save_cells
from .rows import hand_in_rows, save_rows
from .sheets import remove_column, save_column, save_sheet, take_step
from .templates import drop_template, export_part, export_sheet, save_template

__all__ = [
    "drop_template",
    "export_part",
    "export_sheet",
    "hand_in_part",
    "hand_in_rows",
    "judge_part",
    "remove_column",
    "save_cells",
    "save_column",
    "save_rows",
    "save_sheet",
    "save_template",
    "take_step",
]
