"""Places: the five-level tree of areas, and what became of those that ended."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .naming import short_name


class Level(models.TextChoices):
    """Levels of the tree; the code has 6, 9, 12, 15 or 18 digits."""

    DISTRICT = "district", _("区")
    SUBDISTRICT = "subdistrict", _("街道")
    COMMUNITY = "community", _("社区")
    GRID = "grid", _("网格")
    BUILDING = "building", _("楼组")


CODE_LENGTH = {
    Level.DISTRICT: 6,
    Level.SUBDISTRICT: 9,
    Level.COMMUNITY: 12,
    Level.GRID: 15,
    Level.BUILDING: 18,
}


class GridKind(models.TextChoices):
    """An ordinary grid, or a special one for a market, campus, park or the like."""

    ORDINARY = "ordinary", _("基础网格")
    SPECIAL = "special", _("专属网格")


class Area(models.Model):
    """An area at one level. Its id is its identity; its code may change over the years.

    `boundary` is a GeoJSON Polygon or MultiPolygon in WGS 84; `boundary_generated` marks one
    that was made for a demonstration and surveyed by nobody. `lon` and `lat` are a point inside.
    `keywords` hold the pinyin and initials of the name for look-up.
    """

    id = models.BigAutoField(primary_key=True)
    level = models.CharField(max_length=12, choices=Level.choices)
    code = models.CharField(max_length=18, db_collation="C")
    name = models.CharField(max_length=80)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    grid_kind = models.CharField(max_length=12, choices=GridKind.choices, blank=True, default="")
    keywords = models.CharField(max_length=240, blank=True, default="", db_collation="C")
    address = models.CharField(max_length=160, blank=True, default="")
    households = models.PositiveIntegerField(null=True)
    boundary = models.JSONField(null=True)
    boundary_generated = models.BooleanField(default=False)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        db_table = "areas_area"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["code"], condition=Q(valid_to__isnull=True), name="areas_area_code_in_force"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["level", "code"], name="areas_area_level_code"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"

    @property
    def short_name(self) -> str:
        """The name as people say it: 中学街社区 for 中学街社区居民委员会."""
        return short_name(self.name)

    @property
    def full_name(self) -> str:
        """The name with the community's before it where it says nothing alone, as a grid's."""
        if self.level in {Level.GRID, Level.BUILDING} and self.parent is not None:
            return f"{self.parent.short_name}{self.name}"
        return self.short_name


class Succession(models.Model):
    """Which area took over (part of) which, when, and by which act."""

    old = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    new = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12)
    on = models.DateField()

    class Meta:
        db_table = "areas_succession"


class BoundaryRevision(models.Model):
    """One row that counts boundary changes, so that each process knows when to reload."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    revision = models.BigIntegerField(default=1)

    class Meta:
        db_table = "areas_boundary_revision"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(id=1), name="areas_boundary_revision_one_row")
        ]
