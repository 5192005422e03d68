"""Rows of a part, and their cells, for sheets that ask about more than a figure a community."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.kernel.secrets.fields import EncryptedTextField

from ...accounts.models import Account


class RowKind(models.TextChoices):
    """What a line of a sheet is about."""

    AREA = "area", _("每个社区一行")
    PERSON = "person", _("每位居民一行")
    DWELLING = "dwelling", _("每套住房一行")
    BUILDING = "building", _("每栋楼一行")
    ORGANISATION = "organisation", _("每个单位一行")
    GRID = "grid", _("每个网格一行")


# What stands above the names of lines.
ROW_NAMES = {
    RowKind.AREA: _("社区"),
    RowKind.PERSON: _("居民"),
    RowKind.DWELLING: _("房屋"),
    RowKind.BUILDING: _("楼栋"),
    RowKind.ORGANISATION: _("单位"),
    RowKind.GRID: _("网格"),
}


class Row(models.Model):
    """One line of a part. `ref` is the key of its resident, dwelling, building, organisation, grid.

    Where it lies is what the register says today. Rows are made when a sheet goes out; who comes
    later is taken in when the community reads the registers again.
    """

    id = models.BigAutoField(primary_key=True)
    part = models.ForeignKey("sheets.Part", on_delete=models.CASCADE, related_name="rows")
    ref = models.BigIntegerField()
    order = models.PositiveIntegerField()

    class Meta:
        db_table = "sheets_row"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["part", "ref"], name="sheets_row_once")
        ]
        indexes: ClassVar = [models.Index(fields=["ref"], name="sheets_row_ref")]


class RowCell(models.Model):
    """One value of a row, as `Cell` is one of a part.

    It was either typed (`by`) or known by a register (`source`, since `known_on`). `flowed` tells
    that the register took over what was typed; `fault` why it did not.
    """

    id = models.BigAutoField(primary_key=True)
    row = models.ForeignKey(Row, on_delete=models.CASCADE, related_name="cells", db_index=False)
    column = models.ForeignKey("sheets.Column", on_delete=models.PROTECT, related_name="+")
    value = EncryptedTextField()
    source = models.CharField(max_length=60, blank=True, default="")
    known_on = models.DateField(null=True)
    by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    flowed = models.BooleanField(default=False)
    fault = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        db_table = "sheets_row_cell"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["row", "column"], name="sheets_row_cell_once"),
            models.CheckConstraint(
                condition=Q(source="", by__isnull=False) | (~Q(source="") & Q(by__isnull=True)),
                name="sheets_row_cell_one_origin",
            ),
        ]
