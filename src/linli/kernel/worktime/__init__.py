"""Worktime: deadlines in working minutes or working days of an area."""

from .reckon import add_working_days, add_working_minutes, working_minutes_between

__all__ = ["add_working_days", "add_working_minutes", "working_minutes_between"]
