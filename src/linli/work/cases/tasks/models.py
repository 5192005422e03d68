"""Sub-tasks of a case: what others have to do or decide while its unit goes on holding it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.base.accounts.models import Account, Unit
from linli.kernel.flow.models import FlowSubject


class TaskKind(models.TextChoices):
    """What a sub-task is about; each kind has a small flow of its own."""

    CO_HANDLING = "co_handling", _("协办")
    EXTENSION = "extension", _("延期")
    SUSPENSION = "suspension", _("挂账")
    SUPERVISION = "supervision", _("督办")
    ESCALATION = "escalation", _("上报上级")
    WHISTLE = "whistle", _("吹哨报到")
    MEND = "mend", _("低分整改")
    CALL_BACK = "call_back", _("回访任务")


TASK_KINDS: frozenset[str] = frozenset(TaskKind.values)


class TaskState(models.TextChoices):
    """The states of all sub-tasks; each kind uses a few."""

    ASKED = "asked", _("待审批")
    OPEN = "open", _("待签收")
    SIGNED = "signed", _("办理中")
    ARRIVED = "arrived", _("已到场")
    DONE = "done", _("待确认")
    PAUSED = "paused", _("挂账中")
    ENDED = "ended", _("已完成")
    GRANTED = "granted", _("已同意")
    REFUSED = "refused", _("未同意")
    CANCELLED = "cancelled", _("已撤销")


ENDED_STATES = ("ended", "granted", "refused", "cancelled")
# Kinds of which a case can have only one at a time.
SINGLE_KINDS = ("extension", "suspension", "escalation", "mend", "call_back")


class SubTask(FlowSubject):
    """One thing to be done or decided beside a case, with a holder and a clock of its own.

    `unit` is who has to act now; `from_unit` and `opened_by` asked for it. `level` says who
    decides ("community", "subdistrict" or "district"). `until` is what an extension or a
    suspension asks for, `days` an extension's working days. A sub-task that has ended keeps its
    last holder and has no clock.
    """

    id = models.BigAutoField(primary_key=True)
    state = models.CharField(max_length=24, choices=TaskState.choices)
    kind = models.CharField(max_length=16, choices=TaskKind.choices)
    open_key = models.CharField(max_length=80, unique=True)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="subtasks")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    from_unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    opened_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    handler = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    level = models.CharField(max_length=12, blank=True, default="")
    days = models.PositiveSmallIntegerField(null=True)
    until = models.DateTimeField(null=True)
    misses = models.PositiveSmallIntegerField(default=0)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    opened_at = models.DateTimeField()
    arrived_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "cases_subtask"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=ENDED_STATES, ended_at__isnull=False, due_at__isnull=True)
                | (~Q(state__in=ENDED_STATES) & Q(ended_at__isnull=True, due_at__isnull=False)),
                name="cases_subtask_clock_while_open",
            ),
            models.UniqueConstraint(
                fields=["case", "kind"],
                condition=Q(kind__in=SINGLE_KINDS, ended_at__isnull=True),
                name="cases_subtask_one_open",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["case", "id"], name="cases_subtask_case"),
            models.Index(
                fields=["unit", "due_at", "id"],
                condition=Q(ended_at__isnull=True),
                name="cases_subtask_unit_open",
            ),
            models.Index(
                fields=["area_code", "due_at", "id"],
                condition=Q(ended_at__isnull=True),
                name="cases_subtask_area_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"

    @property
    def is_open(self) -> bool:
        """Tell whether someone still has to act."""
        return self.ended_at is None


class CallHold(models.Model):
    """Who has a call-back open, until when; after that another may take it."""

    task = models.OneToOneField(
        SubTask, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    account_id = models.BigIntegerField()
    until = models.DateTimeField()

    class Meta:
        db_table = "cases_call_hold"


class SubTaskNote(models.Model):
    """What was written at a step of a sub-task (ledger number `seq`)."""

    task = models.ForeignKey(SubTask, on_delete=models.PROTECT, related_name="notes")
    seq = models.PositiveIntegerField()
    text = models.TextField()

    class Meta:
        db_table = "cases_subtask_note"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["task", "seq"], name="cases_subtask_note_once")
        ]
