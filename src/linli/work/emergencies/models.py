"""Emergencies: what happened, who was told, what is being done, what was reported when.

Four kinds and four levels follow the Emergency Response Law (突发事件应对法, 2024, arts. 2, 3, 63).
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.base.accounts.models import Account, Unit, UnitKind
from linli.base.areas.models import Area
from linli.kernel.flow.models import FlowSubject


class Kind(models.TextChoices):
    """The law's four kinds of emergencies."""

    NATURAL = "natural", _("自然灾害")
    ACCIDENT = "accident", _("事故灾难")
    HEALTH = "health", _("公共卫生事件")
    SECURITY = "security", _("社会安全事件")


class Level(models.IntegerChoices):
    """Four levels, the gravest first. Social security events may stand without a level (0)."""

    NONE = 0, _("未定级")
    RED = 1, _("I级（特别重大）红色")
    ORANGE = 2, _("II级（重大）橙色")
    YELLOW = 3, _("III级（较大）黄色")
    BLUE = 4, _("IV级（一般）蓝色")


class EmergencyState(models.TextChoices):
    """From the alarm to the lessons."""

    RAISED = "raised", _("已接报")
    RESPONDING = "responding", _("响应中")
    ENDED = "ended", _("已解除，待总结")
    REVIEWED = "reviewed", _("已总结")
    WITHDRAWN = "withdrawn", _("误报撤销")


OPEN_STATES = ("raised", "responding")


class EmergencyPlan(models.Model):
    """What is to be done in one kind of emergency, prepared beforehand for an area."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    name = models.CharField(max_length=60)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    area_code = models.CharField(max_length=18, db_collation="C")
    active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "emergencies_plan"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["area", "name"], name="emergencies_plan_name")
        ]

    def __str__(self) -> str:
        return self.name


class PlanMeasure(models.Model):
    """One measure of a plan: who does it (a level of the place, or one unit), within how long."""

    plan = models.ForeignKey(EmergencyPlan, on_delete=models.CASCADE, related_name="measures")
    order = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=200)
    minutes = models.PositiveSmallIntegerField()
    unit_kind = models.CharField(max_length=12, choices=UnitKind.choices, blank=True, default="")
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "emergencies_plan_measure"
        ordering: ClassVar = ["order"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "order"], name="emergencies_measure_order")
        ]


class Emergency(FlowSubject):
    """One emergency. `due_at` is the next report that is owed, `owes` which one.

    `learned_at` is when the first person in office learned of it: all report clocks run from it.
    `reported_at` is the last report of any kind. `case_number` names the case it was
    seen from, where there was one.
    """

    id = models.BigAutoField(primary_key=True)
    state = models.CharField(max_length=24, choices=EmergencyState.choices)
    key = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    level = models.PositiveSmallIntegerField(choices=Level.choices)
    title = models.CharField(max_length=80)
    text = models.TextField()
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    address = models.CharField(max_length=160, blank=True, default="")
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    source = models.CharField(max_length=60, blank=True, default="")
    case_number = models.CharField(max_length=24, blank=True, default="")
    plan = models.ForeignKey(EmergencyPlan, null=True, on_delete=models.PROTECT, related_name="+")
    raised_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    happened_at = models.DateTimeField()
    learned_at = models.DateTimeField()
    phoned_at = models.DateTimeField(null=True)
    written_at = models.DateTimeField(null=True)
    reported_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    reviewed_at = models.DateTimeField(null=True)
    owes = models.CharField(max_length=12, blank=True, default="")
    due_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "emergencies_emergency"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=OPEN_STATES, due_at__isnull=False)
                | (~Q(state__in=OPEN_STATES) & Q(due_at__isnull=True)),
                name="emergencies_clock_while_open",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["area_code", "-id"], name="emergencies_area"),
            models.Index(
                fields=["due_at"], condition=Q(due_at__isnull=False), name="emergencies_due"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """Tell whether it still goes on."""
        return self.state in OPEN_STATES

    @property
    def colour(self) -> str:
        """Return the warning colour of the level in the page's terms."""
        return {1: "red", 2: "orange", 3: "yellow", 4: "blue"}.get(self.level, "secondary")


class Measure(models.Model):
    """One thing to be done now, by one unit, by a time; ticked off by who did it."""

    id = models.BigAutoField(primary_key=True)
    emergency = models.ForeignKey(Emergency, on_delete=models.PROTECT, related_name="measures")
    text = models.CharField(max_length=200)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        db_table = "emergencies_measure"


class ReportKind(models.TextChoices):
    """The reports upwards, in their order."""

    PHONE = "phone", _("电话首报")
    WRITTEN = "written", _("书面首报")
    FOLLOW_UP = "follow_up", _("续报")
    FINAL = "final", _("终报")


class EmergencyReport(models.Model):
    """One report upwards, numbered within its emergency. Time, place and kind are not typed again.

    `seq` is the ledger's number of the step that made it.
    """

    id = models.BigAutoField(primary_key=True)
    emergency = models.ForeignKey(Emergency, on_delete=models.PROTECT, related_name="reports")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=ReportKind.choices)
    seq = models.PositiveIntegerField()
    at = models.DateTimeField()
    author = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    told = models.CharField(max_length=80, blank=True, default="")
    losses = models.TextField(blank=True, default="")
    trend = models.TextField(blank=True, default="")
    leaders = models.TextField(blank=True, default="")
    measures = models.TextField(blank=True, default="")
    needs = models.TextField(blank=True, default="")

    class Meta:
        db_table = "emergencies_report"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["emergency", "number"], name="emergencies_report_once")
        ]


class EmergencyNote(models.Model):
    """What was written at a step (ledger number `seq`)."""

    emergency = models.ForeignKey(Emergency, on_delete=models.PROTECT, related_name="notes")
    seq = models.PositiveIntegerField()
    text = models.TextField()

    class Meta:
        db_table = "emergencies_note"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["emergency", "seq"], name="emergencies_note_once")
        ]


class Call(models.Model):
    """One person told through the call tree; a deputy follows who does not answer in time."""

    id = models.BigAutoField(primary_key=True)
    emergency = models.ForeignKey(Emergency, on_delete=models.PROTECT, related_name="calls")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    passed_on_at = models.DateTimeField(null=True)
    stands_for = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "emergencies_call"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["emergency", "account"], name="emergencies_call_once")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"],
                condition=Q(answered_at__isnull=True, passed_on_at__isnull=True),
                name="emergencies_call_waiting",
            )
        ]


class DutyRole(models.TextChoices):
    """What a person is on duty as."""

    LEADER = "leader", _("带班领导")
    ON_DUTY = "on_duty", _("值班员")


class Duty(models.Model):
    """One person's shift for one unit."""

    id = models.BigAutoField(primary_key=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    area_code = models.CharField(max_length=18, db_collation="C")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=8, choices=DutyRole.choices)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        db_table = "emergencies_duty"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["unit", "account", "starts_at"], name="emergencies_duty_once"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=models.F("starts_at")), name="emergencies_duty_forward"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["unit", "starts_at"], name="emergencies_duty_unit"),
            models.Index(fields=["area_code", "starts_at"], name="emergencies_duty_area"),
        ]

    def covers(self, at: datetime) -> bool:
        """Tell whether the shift runs at this moment."""
        return self.starts_at <= at < self.ends_at
