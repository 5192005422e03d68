"""The table of consents."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.kernel.secrets.fields import EncryptedTextField


class ConsentDoor(models.TextChoices):
    """Where a consent was given or taken back."""

    OWN = "own", _("本人网上办理")
    PAPER = "paper", _("书面材料，社区代录")


class Consent(models.Model):
    """A resident's word on one purpose: given when and where, taken back when and where.

    Without `given_at` it is a plain refusal of a use that needs no consent. The newest row of a
    purpose is what stands. `paper` is the number under which a paper is kept; `guardian` is who
    consented for a child under fourteen (Personal Information Protection Law, article 31).
    """

    id = models.BigAutoField(primary_key=True)
    resident = models.ForeignKey(
        "people.Resident", on_delete=models.PROTECT, related_name="consents"
    )
    purpose = models.CharField(max_length=24)
    basis = models.CharField(max_length=80)
    given_at = models.DateTimeField(null=True)
    given_door = models.CharField(max_length=8, choices=ConsentDoor.choices, blank=True, default="")
    given_by_id = models.BigIntegerField(null=True)
    given_paper = models.CharField(max_length=40, blank=True, default="")
    guardian = EncryptedTextField(blank=True, default="")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_door = models.CharField(
        max_length=8, choices=ConsentDoor.choices, blank=True, default=""
    )
    withdrawn_by_id = models.BigIntegerField(null=True)
    withdrawn_paper = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        db_table = "people_consent"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["resident", "purpose"], condition=Q(withdrawn_at__isnull=True),
                name="people_consent_once",
            ),
            models.CheckConstraint(
                condition=Q(given_at__isnull=False) | Q(withdrawn_at__isnull=False),
                name="people_consent_said",
            ),
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(fields=["resident", "purpose", "-id"], name="people_consent_newest")
        ]

    @property
    def stands(self) -> bool:
        """Tell whether this is a consent in force."""
        return self.withdrawn_at is None
