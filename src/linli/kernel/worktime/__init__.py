"""Worktime: deadlines in working minutes or working days of an area.

Import from `linli.kernel.worktime.reckon`; this package is an app and holds tables.
"""
