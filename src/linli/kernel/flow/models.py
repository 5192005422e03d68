"""What a row needs to have a life cycle."""

from __future__ import annotations

from django.db import models


class FlowSubject(models.Model):
    """Base of every table with a flow: state, version (its last ledger number) and area."""

    state = models.CharField(max_length=24)
    version = models.PositiveIntegerField(default=0)
    area_code = models.CharField(max_length=18, db_collation="C", blank=True, default="")

    class Meta:
        abstract = True
