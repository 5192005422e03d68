"""Hot spots 热点: categories at places with more cases than their own history predicts."""

from __future__ import annotations

from datetime import date, timedelta
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.base.accounts.models import Account
from linli.base.areas.models import Area
from linli.kernel.flow.models import FlowSubject
from linli.work.cases.models import Category


class HotSpotState(models.TextChoices):
    """Whether someone of the place has looked into it."""

    NEW = "new", _("待查看")
    SEEN = "seen", _("已查看")


class HotSpotRun(models.Model):
    """One day's search: how it was done, over how much, and how many it found.

    `day` is the last day counted; `windows` the length of the history in windows, 0 where there
    is not enough of it; `tested` the cells compared, `method` the parameters.
    """

    day = models.DateField(unique=True)
    ran_at = models.DateTimeField()
    windows = models.PositiveSmallIntegerField()
    tested = models.PositiveIntegerField()
    found = models.PositiveIntegerField()
    method = models.JSONField()

    class Meta:
        db_table = "hotspots_run"

    @property
    def share(self) -> str:
        """Return the largest share of days with a false alarm, in percent."""
        return f"{100 * self.method['false_share']:g}"


class HotSpot(FlowSubject):
    """One category at one grid or community, hot from `first_day` to `last_day`.

    Days that follow one another within a window belong to the same hot spot. `note` is what the
    worker who looked into it wrote.
    """

    id = models.BigAutoField(primary_key=True)
    state = models.CharField(max_length=24, choices=HotSpotState.choices, default=HotSpotState.NEW)
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="+")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    first_day = models.DateField()
    last_day = models.DateField()
    seen_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    seen_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True, default="")

    class Meta:
        db_table = "hotspots_spot"
        indexes: ClassVar = [
            models.Index(fields=["category", "area", "-last_day"], name="hotspots_spot_cell"),
            models.Index(fields=["area_code", "-last_day"], name="hotspots_spot_area"),
        ]

    def __str__(self) -> str:
        return f"{self.category.name} {self.area_code}"


class HotSpotDay(models.Model):
    """A hot spot as one day's search found it.

    `count` cases in the window that ends with `day`, `expected` the mean of the windows before,
    `p` the chance of so many without a change, `q` the same adjusted over all cells. `history`
    holds the counts of the windows before, the earliest first.
    """

    id = models.BigAutoField(primary_key=True)
    spot = models.ForeignKey(HotSpot, on_delete=models.CASCADE, related_name="days")
    day = models.DateField()
    window_days = models.PositiveSmallIntegerField()
    count = models.PositiveIntegerField()
    expected = models.FloatField()
    p = models.FloatField()
    q = models.FloatField()
    history = models.JSONField()

    class Meta:
        db_table = "hotspots_day"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["spot", "day"], name="hotspots_day_once")
        ]
        indexes: ClassVar = [models.Index(fields=["day", "p"], name="hotspots_day_day")]

    @property
    def since(self) -> date:
        """Return the first day of the window."""
        return self.day - timedelta(days=self.window_days - 1)
