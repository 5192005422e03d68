"""People who log in: staff with units and grants, residents with a phone."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.kernel.secrets.fields import EncryptedTextField

from ..areas.models import Area


class AccountKind(models.TextChoices):
    """A member of staff or a resident."""

    STAFF = "staff", _("工作人员")
    RESIDENT = "resident", _("居民")


class UnitKind(models.TextChoices):
    """What holds work: the district's hotline centre, a department, an office, a centre, a grid."""

    DISTRICT = "district", _("区级中心")
    DEPARTMENT = "department", _("部门")
    SUBDISTRICT = "subdistrict", _("街道办事处")
    COMMUNITY = "community", _("社区服务中心")
    GRID = "grid", _("网格")


class Unit(models.Model):
    """An organisation that holds work, standing at an area. `line` is its business line."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=12, choices=UnitKind.choices)
    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=80)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    area_code = models.CharField(max_length=18, db_collation="C")
    line = models.CharField(max_length=24, blank=True, default="")
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    phone = models.CharField(max_length=24, blank=True, default="")
    active = models.BooleanField(default=True)

    class Meta:
        db_table = "accounts_unit"
        indexes: ClassVar = [
            models.Index(fields=["kind", "area_code"], name="accounts_unit_kind_area")
        ]

    def __str__(self) -> str:
        return self.name


def resident_username(phone_index: str) -> str:
    """Return the log-in name of the resident whose phone has this blind index."""
    return f"r-{phone_index[:28]}"


class AccountManager(BaseUserManager["Account"]):
    """Django's hook for log-in by natural key."""

    def get_by_natural_key(self, username: str | None) -> Account:
        """Return the account with this log-in name."""
        return self.get(username=username)


class Account(AbstractBaseUser):
    """Someone who can log in.

    Staff log in with `username` (work number) and password; residents with their phone, which is
    stored encrypted and found through `phone_index` (keyed hash of the normalised number).
    """

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=12, choices=AccountKind.choices)
    username = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=40, blank=True, default="")
    phone = EncryptedTextField(blank=True, default="")
    phone_index = models.CharField(max_length=64, blank=True, default="")
    area = models.ForeignKey(Area, null=True, on_delete=models.SET_NULL, related_name="+")
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=40, blank=True, default="")
    is_active = models.BooleanField(default=True)
    large_type = models.BooleanField(default=False)
    failed_logins = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)
    password_set_at = models.DateTimeField(null=True)
    date_joined = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[AccountManager] = AccountManager()

    class Meta:
        db_table = "accounts_account"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["phone_index"],
                condition=Q(kind="resident") & ~Q(phone_index=""),
                name="accounts_resident_phone",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.username

    @property
    def is_staff_member(self) -> bool:
        """Tell whether this is a member of staff."""
        return self.kind == AccountKind.STAFF

    def get_full_name(self) -> str:
        """Return the name to show."""
        return str(self)


class GrantRow(models.Model):
    """A role of an account over an area, perhaps for some business lines, within dates.

    `past` are codes of areas that ended in favour of this one and whose history comes with the
    grant: those the account answered for itself, and those that went into this area whole.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=32)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    area_code = models.CharField(max_length=18, db_collation="C")
    lines = models.JSONField(default=list)
    past = models.JSONField(default=list)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        db_table = "accounts_grant"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "role", "area", "valid_from"], name="accounts_grant_once"
            )
        ]


class LoginCode(models.Model):
    """A one-time code sent to a phone. Only its keyed hash is kept.

    `sender_index` is the keyed hash of the network address that asked, for rationing.
    """

    id = models.BigAutoField(primary_key=True)
    phone_index = models.CharField(max_length=64)
    code_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)
    sender_index = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        db_table = "accounts_login_code"
        indexes: ClassVar = [
            models.Index(fields=["phone_index", "-id"], name="accounts_code_phone"),
            models.Index(fields=["sender_index", "created_at"], name="accounts_code_sender"),
        ]


class UnknownName(models.Model):
    """Failed log-ins under a name that no account has.

    They are counted and locked like those of a real one, so that nobody learns which names exist.
    """

    name_index = models.CharField(max_length=64, unique=True)
    failed_logins = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)
    last_at = models.DateTimeField()

    class Meta:
        db_table = "accounts_unknown_name"
