"""Tables of "same matter": who joined one, and who said that theirs is the same."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from linli.base.accounts.models import Account
from linli.kernel.secrets.fields import EncryptedTextField

from ..models import Case


class Joiner(models.Model):
    """Someone who said "me too" instead of reporting the same matter again.

    `key` tells people of one case apart (account, phone or the form that was sent), so that
    nobody counts twice.
    """

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="joiners")
    key = models.CharField(max_length=80)
    account = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    phone = EncryptedTextField(blank=True, default="")
    phone_index = models.CharField(max_length=64, blank=True, default="")
    joined_at = models.DateTimeField()

    class Meta:
        db_table = "cases_joiner"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "key"], name="cases_joiner_once")
        ]


class Claim(models.Model):
    """A reporter says that their case is the same matter as another; the dispatcher decides."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="claim")
    into = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    claimed_at = models.DateTimeField()

    class Meta:
        db_table = "cases_claim"
