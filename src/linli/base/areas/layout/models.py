"""A proposed layout of a community's grids, from the request to the decision."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class PlanState(models.TextChoices):
    """Where a proposed layout stands."""

    COMPUTING = "computing", _("计算中")
    FAILED = "failed", _("未算出")
    WAITING = "waiting", _("待决定")
    REJECTED = "rejected", _("未采用")
    ADOPTED = "adopted", _("已采用")


class LayoutPlan(models.Model):
    """A layout proposed for a community, with its numbers before and after.

    `token` is the layout's when the proposal was asked for: it can be adopted only on the same
    grids. `uploaded` are dwellings from a file as [lon, lat, households, label]; None: those of the
    register. `before` and `after` are lists of grids (name, households, boundary and more) and
    `figures` what the solver measured, lengths in metres. `act` is the succession that adopted it.
    """

    id = models.BigAutoField(primary_key=True)
    area = models.ForeignKey("areas.Area", on_delete=models.PROTECT, related_name="+")
    area_code = models.CharField(max_length=18, db_collation="C", db_index=True)
    state = models.CharField(max_length=12, choices=PlanState.choices, default=PlanState.COMPUTING)
    low = models.PositiveIntegerField()
    high = models.PositiveIntegerField()
    count = models.PositiveIntegerField(null=True)
    keep_borders = models.BooleanField(default=True)
    token = models.CharField(max_length=40)
    uploaded = models.JSONField(null=True)
    left_out = models.PositiveIntegerField(default=0)
    progress = models.PositiveSmallIntegerField(default=0)
    faults = models.JSONField(default=list)
    before = models.JSONField(default=list)
    after = models.JSONField(default=list)
    figures = models.JSONField(default=dict)
    asked_at = models.DateTimeField()
    asked_by_id = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by_id = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=200, blank=True, default="")
    act = models.UUIDField(null=True)

    class Meta:
        db_table = "areas_layout_plan"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["area"], condition=Q(state="computing"), name="areas_layout_one_computing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area_code} {self.state}"
