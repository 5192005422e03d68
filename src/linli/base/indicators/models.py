"""Tallies: how many facts of a name fell on a day in an area, and how far the ledger is folded."""

from __future__ import annotations

from datetime import date

from django.db import models

# Levels that have no day of their own (cases open now) stand on this one.
STOCK = date(1970, 1, 1)


class Tally(models.Model):
    """The sum `n` of one measure on one day in one district, subdistrict or community.

    Rows with `n` = 0 are not kept. `day` is a local day, or STOCK. The key's order serves the
    usual question: a few measures, the areas of one page, a range of days.
    """

    pk = models.CompositePrimaryKey("name", "area_code", "day")
    name = models.CharField(max_length=48, db_collation="C")
    area_code = models.CharField(max_length=12, db_collation="C")
    day = models.DateField()
    n = models.BigIntegerField()

    class Meta:
        db_table = "indicators_tally"


class FoldCursor(models.Model):
    """How far the ledger of one subject type is folded, by which version of its rules, and when.

    Entries of transactions below `upto_tx` are in the tallies, each exactly once.
    """

    name = models.CharField(max_length=32, primary_key=True)
    version = models.PositiveIntegerField()
    upto_tx = models.BigIntegerField(default=0)
    folded_at = models.DateTimeField()

    class Meta:
        db_table = "indicators_fold_cursor"
