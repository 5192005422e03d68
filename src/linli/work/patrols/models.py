"""Patrols 巡查: routes with points and checklists, and the rounds walked by them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from linli.base.accounts.models import Account
from linli.base.areas.models import Area
from linli.kernel.flow.models import FlowSubject


class Rhythm(models.TextChoices):
    """How often a route is walked; each has a window within which once is enough."""

    DAILY = "daily", _("每天")
    WORKDAYS = "workdays", _("每个工作日")
    WEEKLY = "weekly", _("每周一次")
    MONTHLY = "monthly", _("每月一次")


class RoundState(models.TextChoices):
    """The states of a round."""

    DUE = "due", _("待巡查")
    WALKED = "walked", _("已巡查")
    MISSED = "missed", _("漏巡")
    EXCUSED = "excused", _("免巡")


class CheckResult(models.TextChoices):
    """What was found at one item."""

    OK = "ok", pgettext_lazy("check", "正常")
    PROBLEM = "problem", pgettext_lazy("check", "有问题")
    SKIPPED = "skipped", _("没法查")


class Route(models.Model):
    """A route of a grid. `version` is the number of its plan in force; an inactive one rests."""

    id = models.BigAutoField(primary_key=True)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    area_code = models.CharField(max_length=18, db_collation="C")
    name = models.CharField(max_length=60)
    rhythm = models.CharField(max_length=12, choices=Rhythm.choices)
    active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "patrols_route"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["area", "name"], name="patrols_route_name")
        ]
        indexes: ClassVar = [models.Index(fields=["area_code"], name="patrols_route_area")]

    def __str__(self) -> str:
        return self.name


class RoutePlan(models.Model):
    """The points of a route as they stood from a moment; never changed, so old rounds keep theirs.

    `points` is a list of {"name", "lon", "lat", "category", "items": [text, ...]} in the order
    they are walked; `category` is the code that a problem there begins with.
    """

    route = models.ForeignKey(Route, on_delete=models.PROTECT, related_name="plans")
    number = models.PositiveIntegerField()
    points = models.JSONField()
    saved_at = models.DateTimeField()

    class Meta:
        db_table = "patrols_plan"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["route", "number"], name="patrols_plan_once")
        ]


class Round(FlowSubject):
    """One walk of a route, to be done from `day` to `until`.

    `started_at` and `ended_at` are what the phone said, `received_at` when it reached us: a round
    walked without network comes later. `area_code` is as recorded.
    """

    id = models.BigAutoField(primary_key=True)
    state = models.CharField(max_length=24, choices=RoundState.choices)
    route = models.ForeignKey(Route, on_delete=models.PROTECT, related_name="rounds")
    plan = models.ForeignKey(RoutePlan, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    until = models.DateField()
    worker = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    items = models.PositiveSmallIntegerField(default=0)
    problems = models.PositiveSmallIntegerField(default=0)
    skipped = models.PositiveSmallIntegerField(default=0)
    reason = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        db_table = "patrols_round"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["route", "day"], name="patrols_round_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["area_code", "day", "id"], name="patrols_round_area_day"),
            models.Index(fields=["day", "id"], name="patrols_round_day"),
            models.Index(
                fields=["until"], condition=models.Q(state="due"), name="patrols_round_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.route_id} {self.day}"

    @property
    def minutes(self) -> int | None:
        """Return how long it took."""
        if self.started_at is None or self.ended_at is None:
            return None
        return int((self.ended_at - self.started_at).total_seconds() // 60)


class RoundCheck(models.Model):
    """What was found at one item of a round; `report_key` is that of the event reported for it."""

    id = models.BigAutoField(primary_key=True)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="checks")
    point = models.PositiveSmallIntegerField()
    item = models.PositiveSmallIntegerField()
    result = models.CharField(max_length=8, choices=CheckResult.choices)
    note = models.CharField(max_length=300, blank=True, default="")
    report_key = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        db_table = "patrols_check"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "point", "item"], name="patrols_check_once")
        ]
