"""The registers: who lives where, and what is known of them, typed once and used everywhere."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex, HashIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.kernel.secrets.fields import EncryptedTextField

from ..accounts.models import Account
from ..areas.models import Area


class ResidentState(models.TextChoices):
    """Whether a resident of the register is here."""

    HERE = "here", _("在住")
    AWAY = "away", _("人户分离")
    MOVED = "moved", _("已迁出")
    DEAD = "dead", _("已去世")


# Those a community counts and serves.
PRESENT = (ResidentState.HERE, ResidentState.AWAY)


class ResidentKind(models.TextChoices):
    """By what right a resident is in the register (实有人口 as the police registers divide it)."""

    LOCAL = "local", _("户籍人口")
    FLOATING = "floating", _("流动人口")
    FOREIGN = "foreign", _("境外人员")


class Gender(models.TextChoices):
    """Sex as registered (GB/T 2261.1 has 1 and 2)."""

    MALE = "1", _("男")
    FEMALE = "2", _("女")


class Resident(models.Model):
    """A resident: name, phone and identity number are stored encrypted.

    `phone_index` and `id_index` are keyed hashes for exact look-up; `words` are keyed hashes of the
    pieces of the name and its pinyin, so that a name is found and not stored in the clear.
    `twin_index` is one of name and birth date, by which the same person is found again. `area`
    is the grid (or building group) of the dwelling where there is one. `sources` says for single
    fields who supplied them and when, where that differs from `source` and `recorded_at`. Once
    `erased_at`, nothing of the person is left but where the record stood.
    """

    id = models.BigAutoField(primary_key=True)
    name = EncryptedTextField()
    phone = EncryptedTextField(blank=True, default="")
    phone_index = models.CharField(max_length=64, blank=True, default="")
    id_number = EncryptedTextField(blank=True, default="")
    id_index = models.CharField(max_length=64, blank=True, default="")
    twin_index = models.CharField(max_length=16, blank=True, default="", db_default="")
    born_on = models.DateField(null=True)
    gender = models.CharField(
        max_length=1, choices=Gender.choices, blank=True, default="", db_default=""
    )
    kind = models.CharField(
        max_length=12, choices=ResidentKind.choices,
        default=ResidentKind.LOCAL, db_default=ResidentKind.LOCAL,
    )  # fmt: skip
    state = models.CharField(
        max_length=8, choices=ResidentState.choices,
        default=ResidentState.HERE, db_default=ResidentState.HERE,
    )  # fmt: skip
    state_on = models.DateField(null=True)
    dwelling = models.ForeignKey(
        "people.Dwelling", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    # Asked for by its code alone, which has the index.
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", db_index=False)
    area_code = models.CharField(max_length=18, db_collation="C")
    account = models.OneToOneField(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    words = SearchVectorField(null=True)
    sources = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))
    source = models.CharField(max_length=40)
    recorded_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1, db_default=1)
    # Imports are never deleted; a constraint would look each of a million rows up again.
    taken_over = models.ForeignKey(
        "people.LedgerImport", null=True, on_delete=models.PROTECT, related_name="+",
        db_index=False, db_constraint=False,
    )  # fmt: skip

    class Meta:
        db_table = "people_resident"
        # Written out: an index made by db_index has a second one beside it for LIKE, never asked.
        indexes: ClassVar = [
            # Random values that are only ever asked for exactly: a hash is smaller than a
            # tree and cheaper to keep. Blanks stay out, or all of them would lie in one bucket.
            HashIndex(
                fields=["phone_index"], name="people_resident_phone", condition=~Q(phone_index="")
            ),
            HashIndex(
                fields=["id_index"], name="people_resident_number", condition=~Q(id_index="")
            ),
            HashIndex(
                fields=["twin_index"], name="people_resident_twin", condition=~Q(twin_index="")
            ),
            models.Index(fields=["area_code"], name="people_resident_code"),
            models.Index(
                fields=["taken_over"], name="people_resident_taken_over",
                condition=Q(taken_over__isnull=False),
            ),
            GinIndex(fields=["words"], name="people_resident_words"),
            models.Index(
                fields=["dwelling"], name="people_resident_dwelling",
                condition=Q(dwelling__isnull=False),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"resident {self.pk}"


# Parts with files of their own; their tables are those of this module.
from .bodies.models import Organisation  # noqa: E402
from .care.models import CareKind, CareTag  # noqa: E402
from .changes.models import Change, ChangeRequest, RecordLook, RequestState  # noqa: E402
from .consents.models import Consent, ConsentDoor  # noqa: E402
from .erasing.models import ErasureRequest, Hold  # noqa: E402
from .homes.models import (  # noqa: E402
    Building,
    BuildingKind,
    Dwelling,
    DwellingUse,
    Household,
    HouseholdKind,
    Member,
    Relation,
    Tenure,
    TenureKind,
)
from .ledgers.models import (  # noqa: E402
    ImportFault,
    ImportState,
    LedgerColumns,
    LedgerImport,
    LikelySame,
)
from .retention.models import RetentionRule, RetentionRun  # noqa: E402

__all__ = [
    "PRESENT",
    "Building",
    "BuildingKind",
    "CareKind",
    "CareTag",
    "Change",
    "ChangeRequest",
    "Consent",
    "ConsentDoor",
    "Dwelling",
    "DwellingUse",
    "ErasureRequest",
    "Gender",
    "Hold",
    "Household",
    "HouseholdKind",
    "ImportFault",
    "ImportState",
    "LedgerColumns",
    "LedgerImport",
    "LikelySame",
    "Member",
    "Organisation",
    "RecordLook",
    "Relation",
    "RequestState",
    "Resident",
    "ResidentKind",
    "ResidentState",
    "RetentionRule",
    "RetentionRun",
    "Tenure",
    "TenureKind",
]
