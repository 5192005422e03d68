"""Sheets 一表通: what a higher level asks of communities, and what each of them answered."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.kernel.flow.models import FlowSubject
from linli.kernel.secrets.fields import EncryptedTextField

from ..accounts.models import Account, Unit
from ..areas.models import Area
from .rosters.models import ROW_NAMES, Row, RowCell, RowKind

__all__ = [
    "SUMMED",
    "WRITABLE",
    "Cell",
    "Column",
    "Kind",
    "Part",
    "PartState",
    "Row",
    "RowCell",
    "RowKind",
    "Sheet",
    "SheetState",
    "Template",
]


class SheetState(models.TextChoices):
    """The states of a sheet; only an admitted one is in force."""

    DRAFT = "draft", _("草稿")
    SUBMITTED = "submitted", _("待准入")
    ADMITTED = "admitted", _("填报中")
    REFUSED = "refused", _("未准入")
    CLOSED = "closed", _("已收齐")
    WITHDRAWN = "withdrawn", _("已撤回")


class PartState(models.TextChoices):
    """The states of one community's part of a sheet."""

    OPEN = "open", _("待填报")
    HANDED_IN = "handed_in", _("已上报")
    SENT_BACK = "sent_back", _("已退回")
    ACCEPTED = "accepted", _("已收下")


# States in which a community can still write.
WRITABLE = (PartState.OPEN, PartState.SENT_BACK)


class Kind(models.TextChoices):
    """What a cell of a column holds; a note is words to read and has no cells."""

    TEXT = "text", _("文字")
    LONG = "long", _("长文字")
    INTEGER = "integer", _("整数")
    DECIMAL = "decimal", _("小数")
    DATE = "date", _("日期")
    CHOICE = "choice", _("单选")
    YES_NO = "yes_no", _("是或否")
    PHONE = "phone", _("电话")
    IDENTITY = "identity", _("身份证号")
    AREA = "area", _("网格")
    NOTE = "note", _("填表说明")


# Kinds whose cells are added up.
SUMMED = (Kind.INTEGER, Kind.DECIMAL)


class Sheet(FlowSubject):
    """A table asked of every community of an area by a day; written while it is a draft.

    `basis` is the law or document by which it may be asked at all. `reason` is why it was refused.
    `rows` is what a line of it is about, `only` which of those (see `rosters.rows.ONLY`).
    """

    id = models.BigAutoField(primary_key=True)
    state = models.CharField(max_length=24, choices=SheetState.choices, default=SheetState.DRAFT)
    title = models.CharField(max_length=80)
    purpose = models.CharField(max_length=400)
    basis = models.CharField(max_length=200)
    asker = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    due = models.DateField()
    rows = models.CharField(max_length=12, choices=RowKind.choices, default=RowKind.AREA)
    only = models.CharField(max_length=24, blank=True, default="")
    reason = models.CharField(max_length=400, blank=True, default="")
    decided_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "sheets_sheet"
        indexes: ClassVar = [
            models.Index(fields=["area_code", "due", "id"], name="sheets_sheet_area"),
            models.Index(fields=["asker", "due", "id"], name="sheets_sheet_asker"),
            models.Index(
                fields=["due"], condition=Q(state="admitted"), name="sheets_sheet_in_force"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def row_name(self) -> Any:
        """What stands above the names of its lines."""
        return ROW_NAMES[RowKind(self.rows)]

    @property
    def has_rows(self) -> bool:
        """Tell whether a community answers with a line for each person, home, and so on."""
        return self.rows != RowKind.AREA


class Column(models.Model):
    """One column. With a `source` its cells come from there.

    A community's own figure from a source is never typed; of a person or a home what the register
    does not know is typed once, and goes back into it. `by_grid` asks the grid worker on the spot.
    """

    id = models.BigAutoField(primary_key=True)
    sheet = models.ForeignKey(Sheet, on_delete=models.CASCADE, related_name="columns")
    order = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=60)
    key = models.CharField(max_length=60)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    help = models.CharField(max_length=200, blank=True, default="")
    choices = models.JSONField(default=list)
    required = models.BooleanField(default=True)
    source = models.CharField(max_length=40, blank=True, default="")
    by_grid = models.BooleanField(default=False)

    class Meta:
        db_table = "sheets_column"
        ordering: ClassVar = ["order", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sheet", "key"], name="sheets_column_once")
        ]
        indexes: ClassVar = [models.Index(fields=["key"], name="sheets_column_key")]

    def __str__(self) -> str:
        return self.title

    @property
    def field(self) -> str:
        """The name of its input on the filling page."""
        return f"c-{self.pk}"


class Template(models.Model):
    """The asker's own workbook with placeholders; answers leave in its layout."""

    sheet = models.OneToOneField(
        Sheet, primary_key=True, on_delete=models.CASCADE, related_name="template"
    )
    file_name = models.CharField(max_length=120)
    body = models.BinaryField()
    by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "sheets_template"


class Part(FlowSubject):
    """What one community owes to a sheet; `asked_code` is the community's code when it was asked.

    `cells` is how many cells it has, `prefilled` how many of them came from a source, `typed` how
    many were typed until now; `required` how many of those to type must be. Until it is `ready` its
    rows are still being filled in from the registers.
    """

    id = models.BigAutoField(primary_key=True)
    state = models.CharField(max_length=24, choices=PartState.choices, default=PartState.OPEN)
    sheet = models.ForeignKey(Sheet, on_delete=models.PROTECT, related_name="parts")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    asked_code = models.CharField(max_length=18, db_collation="C")
    cells = models.PositiveIntegerField(default=0)
    prefilled = models.PositiveIntegerField(default=0)
    typed = models.PositiveIntegerField(default=0)
    required = models.PositiveIntegerField(default=0)
    ready = models.BooleanField(default=True)
    worker = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    handed_in_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=400, blank=True, default="")

    class Meta:
        db_table = "sheets_part"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sheet", "asked_code"], name="sheets_part_once")
        ]
        indexes: ClassVar = [models.Index(fields=["area_code", "state"], name="sheets_part_area")]

    def __str__(self) -> str:
        return f"{self.sheet_id} {self.asked_code}"

    @property
    def share(self) -> int:
        """How much of it is filled, in whole percent."""
        return 100 * (self.prefilled + self.typed) // self.cells if self.cells else 100

    @property
    def blank(self) -> int:
        """How many of its cells are blank."""
        return self.cells - self.prefilled - self.typed

    def late(self, today: date) -> bool:
        """Tell whether the day has passed while the community still has it."""
        return self.state in WRITABLE and self.sheet.due < today


class Cell(models.Model):
    """One value as plain text: a number with a point, a day as 2026-03-16, 1 or 0 for yes or no.

    It was either typed (`by`) or came from a `source` at the moment `at`.
    """

    id = models.BigAutoField(primary_key=True)
    part = models.ForeignKey(Part, on_delete=models.CASCADE, related_name="values")
    column = models.ForeignKey(Column, on_delete=models.PROTECT, related_name="+")
    value = EncryptedTextField()
    source = models.CharField(max_length=40, blank=True, default="")
    by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "sheets_cell"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["part", "column"], name="sheets_cell_once"),
            models.CheckConstraint(
                condition=Q(source="", by__isnull=False) | (~Q(source="") & Q(by__isnull=True)),
                name="sheets_cell_one_origin",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["at"], name="sheets_cell_at")]
