"""How far the values at rest have been taken over to a new key."""

from __future__ import annotations

from django.db import models


class IndexKey(models.Model):
    """Which key the blind indexes were made with: one row, with a fingerprint and never the key."""

    fingerprint = models.CharField(max_length=32)
    since = models.DateTimeField()

    class Meta:
        db_table = "secrets_index_key"


class KeyRotation(models.Model):
    """One change of the key in use: how many rows had to be sealed anew, and how many are.

    It holds the key's name, never the key.
    """

    id = models.BigAutoField(primary_key=True)
    key_name = models.CharField(max_length=24)
    started_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    total = models.BigIntegerField(default=0)
    done = models.BigIntegerField(default=0)
    place = models.CharField(max_length=80, blank=True, default="")

    class Meta:
        db_table = "secrets_rotation"

    @property
    def percent(self) -> int:
        """Return the share of rows that are done, in whole percent."""
        return 100 if self.ended_at else min(99, self.done * 100 // max(self.total, 1))
