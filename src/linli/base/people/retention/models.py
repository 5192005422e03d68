"""Tables of the rules that somebody changed, and of each night's run."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class RetentionRule(models.Model):
    """How many days one kind of data is kept, where that was changed from the usual."""

    id = models.BigAutoField(primary_key=True)
    key = models.CharField(max_length=40, unique=True)
    days = models.PositiveIntegerField()
    reason = models.CharField(max_length=200)
    by_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    version = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "people_retention_rule"


class RetentionRun(models.Model):
    """One night's run: for each kind how many rows were due by then and let go.

    `counts` is key -> rows; it grows with each batch, so a run cut short shows how far it came.
    """

    id = models.BigAutoField(primary_key=True)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    counts = models.JSONField(default=dict)

    class Meta:
        db_table = "people_retention_run"
        indexes: ClassVar = [models.Index(fields=["-began_at"], name="people_retention_newest")]
