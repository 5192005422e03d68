"""Tables of imports: what was uploaded, what is wrong in it, what somebody has to decide."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.base.areas.models import Area
from linli.kernel.secrets.fields import EncryptedTextField


class ImportState(models.TextChoices):
    """Where an import stands."""

    UPLOADED = "uploaded", _("待对应列")
    CHECKING = "checking", _("检查中")
    CHECKED = "checked", _("待确认")
    IMPORTING = "importing", _("导入中")
    DONE = "done", _("已导入")
    FAILED = "failed", _("未完成")
    UNDONE = "undone", _("已撤销")


class LedgerImport(models.Model):
    """One workbook on its way into the registers.

    `body` is the file, sealed; it is emptied when the import is done and after some days. `mapping`
    is field -> column. Lines are counted as the spreadsheet does, from 1. `counts` are what the
    check or the import found: total, new, same, changed, bad, likely.
    """

    id = models.BigAutoField(primary_key=True)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    area_code = models.CharField(max_length=18, db_collation="C", db_index=True)
    file_name = models.CharField(max_length=120)
    source = models.CharField(max_length=40)
    body = models.BinaryField()
    sheet = models.CharField(max_length=80, blank=True, default="")
    head_row = models.PositiveIntegerField(default=0)
    mapping = models.JSONField(default=dict)
    state = models.CharField(max_length=12, choices=ImportState.choices)
    progress = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    fault = models.CharField(max_length=200, blank=True, default="")
    by_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_ledger_import"

    def __str__(self) -> str:
        return self.file_name


class ImportFault(models.Model):
    """One cell that cannot be taken, and why. `column` is counted from 0; -1 is the whole row."""

    id = models.BigAutoField(primary_key=True)
    ledger = models.ForeignKey(LedgerImport, on_delete=models.CASCADE, related_name="faults")
    line = models.PositiveIntegerField()
    column = models.IntegerField()
    reason = models.CharField(max_length=120)

    class Meta:
        db_table = "people_import_fault"
        indexes: ClassVar = [models.Index(fields=["ledger", "line"], name="people_fault_line")]


class LikelySame(models.Model):
    """A line that may be someone who stands in the register; somebody decides.

    `same` is None until decided. `shown` is the line's name, birth date and address, sealed.
    """

    id = models.BigAutoField(primary_key=True)
    ledger = models.ForeignKey(LedgerImport, on_delete=models.CASCADE, related_name="likely")
    line = models.PositiveIntegerField()
    resident = models.ForeignKey("people.Resident", on_delete=models.CASCADE, related_name="+")
    shown = EncryptedTextField()
    same = models.BooleanField(null=True)

    class Meta:
        db_table = "people_likely_same"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["ledger", "line"], name="people_likely_once")
        ]


class LedgerColumns(models.Model):
    """Which column held what in a ledger with this head, the last time."""

    signature = models.CharField(max_length=64, primary_key=True)
    mapping = models.JSONField()
    used_at = models.DateTimeField()

    class Meta:
        db_table = "people_ledger_columns"
