"""Residents as the register knows them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from linli.kernel.secrets.fields import EncryptedTextField

from ..accounts.models import Account
from ..areas.models import Area


class Resident(models.Model):
    """A resident: name, phone and identity number are stored encrypted.

    `phone_index` and `id_index` are keyed hashes for exact look-up.
    """

    id = models.BigAutoField(primary_key=True)
    name = EncryptedTextField()
    phone = EncryptedTextField(blank=True, default="")
    phone_index = models.CharField(max_length=64, blank=True, default="", db_index=True)
    id_number = EncryptedTextField(blank=True, default="")
    id_index = models.CharField(max_length=64, blank=True, default="", db_index=True)
    born_on = models.DateField(null=True)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    area_code = models.CharField(max_length=18, db_collation="C", db_index=True)
    account = models.OneToOneField(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    source = models.CharField(max_length=40)
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "people_resident"
        indexes: ClassVar = []
