"""Everything that writes emergencies."""

from .plans import copy_roster, remove_shift, save_plan, save_shift
from .situation import pass_on_calls, raise_emergency, remind_of_reports, take_step

__all__ = [
    "copy_roster",
    "pass_on_calls",
    "raise_emergency",
    "remind_of_reports",
    "remove_shift",
    "save_plan",
    "save_shift",
    "take_step",
]
