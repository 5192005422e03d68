"""Dated configuration of working time: local exceptions to the calendar, and service hours."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class CalendarOverride(models.Model):
    """A day that is worked, or not, other than the statutory calendar says, in an area.

    `area_prefix` is an area code or blank for everywhere; the longest prefix that fits wins.
    """

    day = models.DateField()
    area_prefix = models.CharField(max_length=18, blank=True, default="", db_collation="C")
    is_workday = models.BooleanField()
    note = models.CharField(max_length=80, blank=True, default="")

    class Meta:
        db_table = "worktime_override"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["day", "area_prefix"], name="worktime_override_once")
        ]


class ServiceHours(models.Model):
    """The service hours of an area from a date: [["08:30", "12:00"], ["13:30", "17:30"]]."""

    area_prefix = models.CharField(max_length=18, blank=True, default="", db_collation="C")
    periods = models.JSONField()
    valid_from = models.DateField()

    class Meta:
        db_table = "worktime_hours"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["area_prefix", "valid_from"], name="worktime_hours_once"
            )
        ]
