"""Keys of other systems, and how often each asks."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models

from linli.base.accounts.models import Account
from linli.base.areas.models import Area


class ApiKey(models.Model):
    """What another system shows with each request; it holds within one area.

    Only a hash of the key is kept; `shown` is its beginning, by which people know it. `may_read`
    lets it read matters of the area without texts and addresses, `may_read_texts` with them,
    `may_report` register new ones. `per_minute` is the most requests in a minute.
    """

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=60)
    shown = models.CharField(max_length=16)
    key_hash = models.CharField(max_length=64, unique=True)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    area_code = models.CharField(max_length=18, db_collation="C")
    may_read = models.BooleanField(default=False)
    may_read_texts = models.BooleanField(default=False)
    may_report = models.BooleanField(default=False)
    per_minute = models.PositiveIntegerField(default=60)
    made_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    expires_on = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "api_key"

    def __str__(self) -> str:
        return self.name

    def in_force(self, on: date) -> bool:
        """Tell whether the key is good on a day: neither taken back nor expired."""
        return self.revoked_at is None and (self.expires_on is None or on <= self.expires_on)


class Minute(models.Model):
    """How many requests one asker (a key, or a network without one) made in a minute."""

    id = models.BigAutoField(primary_key=True)
    asker = models.CharField(max_length=66)
    at = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "api_minute"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["asker", "at"], name="api_minute_once")
        ]
